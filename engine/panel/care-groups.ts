/** Conditions and medication in the groups that move the measures of chronic care; fixed, so that every shard has the same columns. */

export interface CarePrefix {
  readonly table: 'condition' | 'medication'
  readonly name: string
  /** a code belongs to the group if it starts with one of these; of a condition with its system in front, since K86 is hypertension in
   *  ICPC-1 and a pancreas in ICD-10 */
  readonly prefixes: readonly string[]
}

const condition = (name: string, ...prefixes: string[]): CarePrefix => ({ table: 'condition', name, prefixes })
const medication = (name: string, ...prefixes: string[]): CarePrefix => ({ table: 'medication', name, prefixes })

/** ICPC-1, ICD-10 and (where it is one concept) SNOMED CT for conditions; ATC for medication. */
export const carePrefixes: readonly CarePrefix[] = [
  condition('diabetes', 'ICPC-1:T90', 'ICD-10:E10', 'ICD-10:E11', 'ICD-10:E14', 'SNOMED:44054006', 'SNOMED:73211009'),
  condition(
    'hypertension',
    'ICPC-1:K86',
    'ICPC-1:K87',
    'ICD-10:I10',
    'ICD-10:I11',
    'ICD-10:I12',
    'ICD-10:I13',
    'SNOMED:38341003',
    'SNOMED:59621000',
  ),
  condition(
    'ischaemic_heart',
    'ICPC-1:K74',
    'ICPC-1:K75',
    'ICPC-1:K76',
    'ICD-10:I20',
    'ICD-10:I21',
    'ICD-10:I22',
    'ICD-10:I24',
    'ICD-10:I25',
    'SNOMED:53741008',
    'SNOMED:22298006',
  ),
  condition('heart_failure', 'ICPC-1:K77', 'ICD-10:I50', 'SNOMED:84114007', 'SNOMED:42343007'),
  condition('atrial_fibrillation', 'ICPC-1:K78', 'ICD-10:I48', 'SNOMED:49436004'),
  condition(
    'stroke',
    'ICPC-1:K89',
    'ICPC-1:K90',
    'ICD-10:I60',
    'ICD-10:I61',
    'ICD-10:I63',
    'ICD-10:I64',
    'ICD-10:G45',
    'SNOMED:230690007',
  ),
  condition('peripheral_arterial', 'ICPC-1:K92', 'ICD-10:I70', 'ICD-10:I73', 'SNOMED:399957001'),
  condition('kidney', 'ICPC-1:U99', 'ICPC-1:U88', 'ICD-10:N18', 'ICD-10:N19', 'SNOMED:709044004'),
  condition('copd', 'ICPC-1:R95', 'ICD-10:J44', 'SNOMED:13645005'),
  condition('asthma', 'ICPC-1:R96', 'ICD-10:J45', 'SNOMED:195967001'),
  condition('obesity', 'ICPC-1:T82', 'ICPC-1:T83', 'ICD-10:E66', 'SNOMED:414916001', 'SNOMED:162864005'),
  condition('lipids', 'ICPC-1:T93', 'ICD-10:E78', 'SNOMED:55822004'),
  condition('thyroid', 'ICPC-1:T85', 'ICPC-1:T86', 'ICD-10:E03', 'ICD-10:E05'),
  condition(
    'depression',
    'ICPC-1:P76',
    'ICPC-1:P03',
    'ICD-10:F32',
    'ICD-10:F33',
    'SNOMED:35489007',
    'SNOMED:370143000',
  ),
  condition('anxiety', 'ICPC-1:P74', 'ICPC-1:P01', 'ICD-10:F40', 'ICD-10:F41'),
  condition('psychosis', 'ICPC-1:P72', 'ICPC-1:P73', 'ICPC-1:P98', 'ICD-10:F20', 'ICD-10:F31'),
  condition('alcohol', 'ICPC-1:P15', 'ICPC-1:P16', 'ICD-10:F10'),
  condition(
    'drugs',
    'ICPC-1:P18',
    'ICPC-1:P19',
    'ICD-10:F11',
    'ICD-10:F12',
    'ICD-10:F13',
    'ICD-10:F14',
    'ICD-10:F15',
    'ICD-10:F19',
  ),
  condition('tobacco', 'ICPC-1:P17', 'ICD-10:F17'),
  condition('dementia', 'ICPC-1:P70', 'ICD-10:F00', 'ICD-10:F01', 'ICD-10:F03', 'ICD-10:G30'),
  condition('cancer', 'ICPC-1:A79', 'ICPC-1:D75', 'ICPC-1:R84', 'ICPC-1:X76', 'ICPC-1:Y77', 'ICD-10:C'),
  condition('frailty', 'ICPC-1:A05', 'ICPC-1:A49.01'),
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
