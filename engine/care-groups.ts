/** Conditions and medication in the groups that move the measures of chronic care; fixed, so that every shard has the same columns. */

export interface CarePrefix {
  readonly table: 'condition' | 'medication'
  readonly name: string
  /** a code belongs to the group if it starts with one of these */
  readonly prefixes: readonly string[]
}

const condition = (name: string, ...prefixes: string[]): CarePrefix => ({ table: 'condition', name, prefixes })
const medication = (name: string, ...prefixes: string[]): CarePrefix => ({ table: 'medication', name, prefixes })

/** ICPC-1, ICD-10 and (where it is one concept) SNOMED CT for conditions; ATC for medication. */
export const carePrefixes: readonly CarePrefix[] = [
  condition('diabetes', 'T90', 'E10', 'E11', 'E14', '44054006', '73211009'),
  condition('hypertension', 'K86', 'K87', 'I10', 'I11', 'I12', 'I13', '38341003', '59621000'),
  condition('ischaemic_heart', 'K74', 'K75', 'K76', 'I20', 'I21', 'I22', 'I24', 'I25', '53741008', '22298006'),
  condition('heart_failure', 'K77', 'I50', '84114007', '42343007'),
  condition('atrial_fibrillation', 'K78', 'I48', '49436004'),
  condition('stroke', 'K89', 'K90', 'I60', 'I61', 'I63', 'I64', 'G45', '230690007'),
  condition('peripheral_arterial', 'K92', 'I70', 'I73', '399957001'),
  condition('kidney', 'U99', 'U88', 'N18', 'N19', '709044004'),
  condition('copd', 'R95', 'J44', '13645005'),
  condition('asthma', 'R96', 'J45', '195967001'),
  condition('obesity', 'T82', 'T83', 'E66', '414916001', '162864005'),
  condition('lipids', 'T93', 'E78', '55822004'),
  condition('thyroid', 'T85', 'T86', 'E03', 'E05'),
  condition('depression', 'P76', 'P03', 'F32', 'F33', '35489007', '370143000'),
  condition('anxiety', 'P74', 'P01', 'F40', 'F41'),
  condition('psychosis', 'P72', 'P73', 'P98', 'F20', 'F31'),
  condition('alcohol', 'P15', 'P16', 'F10'),
  condition('drugs', 'P18', 'P19', 'F11', 'F12', 'F13', 'F14', 'F15', 'F19'),
  condition('tobacco', 'P17', 'F17'),
  condition('dementia', 'P70', 'F00', 'F01', 'F03', 'G30'),
  condition('cancer', 'A79', 'D75', 'R84', 'X76', 'Y77', 'C'),
  condition('frailty', 'A05', 'A49.01'),
  medication('insulin', 'A10A'),
  medication('metformin', 'A10BA'),
  medication('sulfonylurea', 'A10BB'),
  medication('incretin', 'A10BH', 'A10BJ'),
  medication('sglt2', 'A10BK'),
  medication('diuretic', 'C03'),
  medication('beta_blocker', 'C07'),
  medication('calcium_blocker', 'C08'),
  medication('ras_blocker', 'C09'),
  medication('lipid_lowering', 'C10'),
  medication('antithrombotic', 'B01'),
  medication('inhaled_short', 'R03AC', 'R03BB01'),
  medication('inhaled_long', 'R03AK', 'R03AL', 'R03BA', 'R03BB'),
  medication('corticosteroid', 'H02'),
  medication('antipsychotic', 'N05A'),
  medication('sedative', 'N05B', 'N05C'),
  medication('antidepressant', 'N06A'),
  medication('addiction', 'N07B'),
]
