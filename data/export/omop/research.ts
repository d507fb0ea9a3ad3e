/** Expectations and gains of a settlement in the shape of OMOP, for researchers: persons under new numbers, no source ids.
 *
 *  A cohort a year (1: the contract year; 1 + t: the placebo year t before it), from index date to target date; expected, realised, gain and
 *  contribution as measurements, the expected one with the 5 and 95% quantiles as its range. */
import { join } from 'node:path'
import { dayOf, NEVER } from '../../../engine/kernel/calendar.ts'
import { copyOut, type ReadKind } from '../../postgres/copy-out.ts'
import { readCodes, type Codes } from '../../vocabulary/codes.ts'
import { columnsOf } from '../../interchange/omop/columns.ts'
import { cell, sixDecimals } from '../../settlements/outputs.ts'
import type { Run } from '../../runs/runs.ts'
import { GrowingFile } from '../facts/growing-file.ts'
import type { ExportOf, Written } from '../facts/order.ts'

/** Standard concepts: male, female, a result of an algorithm, and one from a health record. */
const CONCEPTS = { m: 8507, f: 8532, algorithm: 32880, ehr: 32817 } as const

const kinds: readonly ReadKind[] = [
  'int4', // patient_key
  'int2', // birth_year
  'text', // sex
  'text', // measure
  'int2', // years_before
  'date', // index_on
  'date', // target_on
  'date', // realised_on
  'float8', // mean
  'float8', // q05
  'float8', // q95
  'float8', // realised
  'float8', // gain
  'float8', // contribution
]

const select = ({ runKey }: Run): string => `
  select e.patient_key, e.birth_year, e.sex::text, k.key, e.years_before, e.index_on, e.target_on, h.realised_on,
         e.mean, e.q05, e.q95, h.realised, h.gain, a.contribution
    from expectation e
    join measure_key k using (measure_id)
    join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
    left join gain a using (run_key, measure_id, years_before, patient_key, index_no)
   where e.run_key = ${runKey}
   order by md5(e.patient_key::text), e.patient_key, e.years_before, k.key collate "C"`

/** Writes PERSON, COHORT, COHORT_DEFINITION and MEASUREMENT.  @returns rows by file */
export async function writeResearch(of: ExportOf, run: Run, contract: string): Promise<Written[]> {
  const codes = await readCodes(of.programmes, null)
  const files = {
    PERSON: fileOf(of, 'PERSON', columnsOf('PERSON')),
    COHORT: fileOf(of, 'COHORT', ['cohort_definition_id', 'subject_id', 'cohort_start_date', 'cohort_end_date']),
    COHORT_DEFINITION: fileOf(of, 'COHORT_DEFINITION', [
      'cohort_definition_id',
      'cohort_definition_name',
      'cohort_definition_description',
      'definition_type_concept_id',
      'subject_concept_id',
    ]),
    MEASUREMENT: fileOf(of, 'MEASUREMENT', columnsOf('MEASUREMENT')),
  }
  const rows = new ResearchRows(files, codes, of.unitOf)
  await copyOut(of.client, select(run), kinds, async (batch) => {
    for (let at = 0; at < batch.rows; at++)
      rows.take(
        (column) => batch.numbers[column]![at]!,
        (column) => batch.texts[column]![at]!,
      )
    for (const { file } of Object.values(files)) await file.breathe()
  })
  rows.define(contract)
  const written: Written[] = []
  for (const { name, file } of Object.values(files)) written.push({ file: name, rows: await file.close() })
  return written
}

interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly file: GrowingFile
}

function fileOf({ dir, gzip }: ExportOf, table: string, columns: readonly string[]): Table {
  const name = `${table}.csv${gzip ? '.gz' : ''}`
  return { name, columns, file: new GrowingFile(join(dir, name), `${columns.join(',')}\n`) }
}

function add({ file, columns }: Table, cells: Readonly<Record<string, string | number>>): void {
  file.add(`${columns.map((column) => cell(String(cells[column] ?? ''))).join(',')}\n`)
}

class ResearchRows {
  private person = 0
  private patient = -1
  private year = -1
  private measurement = 0
  private readonly years = new Set<number>()

  constructor(
    private readonly files: Readonly<Record<'PERSON' | 'COHORT' | 'COHORT_DEFINITION' | 'MEASUREMENT', Table>>,
    private readonly codes: Codes,
    private readonly unitOf: ReadonlyMap<string, string>,
  ) {}

  /** Rows come person after person, year after year. */
  take(number: (column: number) => number, text: (column: number) => string): void {
    if (number(0) !== this.patient) this.begin(number(0), number(1), text(2))
    if (number(4) !== this.year) this.beginYear(number(4), number(5), number(6))
    const measure = text(3)
    const target = dayOf(number(6))
    this.measure(measure, 'expected', target, number(8), [number(9), number(10)])
    if (number(7) !== NEVER) this.measure(measure, 'realised', dayOf(number(7)), number(11))
    this.measure(measure, 'gain', target, number(12))
    this.measure(measure, 'contribution', target, number(13))
  }

  define(contract: string): void {
    for (const year of [...this.years].sort((a, b) => a - b))
      add(this.files.COHORT_DEFINITION, {
        cohort_definition_id: year + 1,
        cohort_definition_name: year === 0 ? contract : `${contract}, placebo year ${year}`,
        cohort_definition_description: 'from the index date to the target date of whoever was admitted',
        definition_type_concept_id: 0,
        subject_concept_id: 0,
      })
  }

  private begin(patient: number, birthYear: number, sex: string): void {
    this.patient = patient
    this.year = -1
    this.person++
    const gender = sex === 'm' || sex === 'f' ? CONCEPTS[sex] : 0
    add(this.files.PERSON, {
      person_id: this.person,
      gender_concept_id: gender,
      year_of_birth: birthYear,
      race_concept_id: 0,
      ethnicity_concept_id: 0,
    })
  }

  private beginYear(year: number, indexOn: number, targetOn: number): void {
    this.year = year
    this.years.add(year)
    add(this.files.COHORT, {
      cohort_definition_id: year + 1,
      subject_id: this.person,
      cohort_start_date: dayOf(indexOn),
      cohort_end_date: dayOf(targetOn),
    })
  }

  private measure(measure: string, what: string, on: string, value: number, range?: readonly [number, number]): void {
    if (Number.isNaN(value)) return
    const isRealised = what === 'realised'
    add(this.files.MEASUREMENT, {
      measurement_id: ++this.measurement,
      person_id: this.person,
      measurement_concept_id: isRealised ? (this.codes.codeInUnit(measure, 'OMOP') ?? 0) : 0,
      measurement_date: on,
      measurement_type_concept_id: isRealised ? CONCEPTS.ehr : CONCEPTS.algorithm,
      value_as_number: sixDecimals(value),
      range_low: range ? sixDecimals(range[0]) : '',
      range_high: range ? sixDecimals(range[1]) : '',
      measurement_source_value: `${measure} ${what}`,
      unit_source_value: this.unitOf.get(measure) ?? '',
    })
  }
}
