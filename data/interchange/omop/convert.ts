/** OMOP CDM 5.4 to the tables of the interface: each table read once, people and places before facts. */
import type { Codes } from '../../vocabulary/codes.ts'
import { Enrolments } from '../mapping/enrolments.ts'
import type { Derived } from '../mapping/enrolments.ts'
import type { Origin } from '../../files/origins.ts'
import { OUR_OMOP } from '../mapping/own-export.ts'
import type { Tables } from '../mapping/tables.ts'
import type { Tally } from '../mapping/tally.ts'
import { columnsOf } from './columns.ts'
import type { OmopTable } from './columns.ts'
import { Concepts, shapeOfDiagnosis } from './concepts.ts'
import { Costs } from './costs.ts'
import { readCondition, readDrug, readEpisode, readPeriod, readProcedure, readValue, readVisit } from './facts.ts'
import type { OmopReading, RowReader } from './facts.ts'
import { OmopPeople } from './people.ts'
import { readOmop } from './table.ts'
import type { TableRow } from '../../files/table-rows.ts'
import type { OmopFile } from './table.ts'

export interface OmopOrder {
  readonly files: ReadonlyMap<OmopTable, OmopFile>
  readonly codes: Codes
  readonly tally: Tally
  readonly dir: string
  readonly bytesRead: (file: string, bytes: number) => void
}

/** Tables that were written one after the other into one file. */
const REPEATED_HEADER = 'a repeated header'
const isHeader = (row: TableRow, table: OmopTable): boolean => {
  const [key = ''] = columnsOf(table)
  return row(key).toLowerCase() === key
}

/** The names of all concepts are kept where CONCEPT is no larger than this. */
const smallVocabulary = 64 << 20

/** @throws Refusal of a file that cannot be read to its end */
export async function convertOmop(order: OmopOrder, tables: Tables): Promise<Derived[]> {
  const { codes, tally, files } = order
  const people = new OmopPeople(codes, tally)
  const reading: OmopReading = {
    codes,
    tally,
    tables,
    people,
    concepts: new Concepts(codes),
    enrolments: new Enrolments(),
  }
  const costs = new Costs(order.dir)
  const each = async (table: OmopTable, take: (row: TableRow, origin: Origin) => string | null) => {
    const file = files.get(table)
    if (!file) return
    const countFate = (fate: string | null) => fate !== null && tally.add(table, fate)
    await readOmop(
      file,
      (row, line) =>
        countFate(isHeader(row, table) ? REPEATED_HEADER : take(row, { file: file.name, line, where: '' })),
      () => countFate('with a wrong number of fields'),
      async () => {
        await tables.breathe()
        await costs.breathe()
      },
      (bytes) => order.bytesRead(file.name, bytes),
    )
  }
  const facts = (table: OmopTable, read: RowReader, prefix = '') =>
    each(table, (row, origin) => {
      const fate = read(row, origin, reading)
      if (prefix !== '') costs.see(prefix, row, reading)
      return fate
    })
  try {
    await each('CDM_SOURCE', (row) => {
      people.own ||= row('cdm_source_abbreviation') === OUR_OMOP
      if (people.own) reading.enrolments.areAllTold()
      return 'used to know the source'
    })
    const all = (files.get('CONCEPT')?.bytes ?? 0) < smallVocabulary
    await each('CONCEPT', (row) => {
      const [id, vocabulary, code] = [row('concept_id'), row('vocabulary_id'), row('concept_code')]
      reading.concepts.add(id, vocabulary, code, row('concept_name'), row('domain_id'), all)
      return 'used to know codes'
    })
    await each('LOCATION', people.location)
    await each('CARE_SITE', people.site)
    await each('PROVIDER', people.provider)
    people.writePartners(tables)
    await each('DEATH', people.death)
    await each('PAYER_PLAN_PERIOD', people.payer)
    await each('PERSON', (row, origin) => people.person(row, origin, tables, reading.enrolments))
    await each('COST', (row, origin) => {
      costs.add(row, origin)
      return null
    })
    const shapes = await shapesOfDiagnoses(files.get('CONDITION_OCCURRENCE'))
    const meant = reading.concepts.settleDiagnoses(shapes)
    if (shapes.icd10 > 0)
      tally.note(`codes in the shape of both ICPC-1 and ICD-10, ${meant} where no concept says which`, shapes.either)
    await facts('CONDITION_OCCURRENCE', readCondition)
    await facts('EPISODE', readEpisode)
    await facts('VISIT_OCCURRENCE', readVisit, 'visit')
    await facts('OBSERVATION_PERIOD', readPeriod)
    await facts('PROCEDURE_OCCURRENCE', readProcedure, 'procedure')
    await facts('MEASUREMENT', readValue('measurement'), 'measurement')
    await facts('OBSERVATION', readValue('observation'), 'observation')
    await facts('DRUG_EXPOSURE', readDrug, 'drug')
    await costs.write(reading)
    return await reading.enrolments.write(tables, people.practiceOf)
  } finally {
    await costs.close()
  }
}

/** How many of the source's own codes of diagnoses could be of ICPC-1 and of ICD-10, and how many are of ICD-10 alone. */
async function shapesOfDiagnoses(file: OmopFile | undefined): Promise<{ either: number; icd10: number }> {
  const counts = { either: 0, icd10: 0 }
  const count = (row: TableRow): void => {
    const shape = shapeOfDiagnosis(row('condition_source_value'))
    if (shape === 'either') counts.either++
    else if (shape === 'ICD-10') counts.icd10++
  }
  if (file)
    await readOmop(
      file,
      count,
      () => undefined,
      () => Promise.resolve(),
    )
  return counts
}
