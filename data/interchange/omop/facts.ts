/** CONDITION_OCCURRENCE, MEASUREMENT, OBSERVATION, DRUG_EXPOSURE, EPISODE and VISIT_OCCURRENCE. */
import { isDay } from '../../../engine/kernel/calendar.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import type { Quantity } from '../../vocabulary/units.ts'
import type { Enrolments } from '../mapping/enrolments.ts'
import type { Origin } from '../../files/origins.ts'
import type { Tables } from '../mapping/tables.ts'
import { KEPT } from '../mapping/tally.ts'
import type { Tally } from '../mapping/tally.ts'
import { isBound } from '../../cells/numbers.ts'
import { guessMeasureSystem, guessMedicineSystem } from './concepts.ts'
import type { Concepts } from './concepts.ts'
import { dayIn, keyIn } from './people.ts'
import type { OmopPeople } from './people.ts'
import type { TableRow } from '../../files/table-rows.ts'

export interface OmopReading {
  readonly codes: Codes
  readonly concepts: Concepts
  readonly people: OmopPeople
  readonly enrolments: Enrolments
  readonly tally: Tally
  readonly tables: Tables
}

/** @returns what became of the row */
export type RowReader = (row: TableRow, origin: Origin, reading: OmopReading) => string

const bounds = ['4171756', '4172704', '4171754', '4171755'] // <, >, <=, >=

export const readCondition: RowReader = (row, origin, { codes, concepts, people, enrolments, tally, tables }) => {
  const [concept, source] = [row('condition_concept_id'), row('condition_source_value')]
  const codings = concepts
    .codingsOf(concept, row('condition_source_concept_id'), source, concepts.guessDiagnosisSystem)
    .filter(({ system }) => codes.isDiagnosisSystem(system))
  const chosen = codings.find(({ system, code }) => codes.programmesOf(system, code).length > 0) ?? codings[0]
  if (!chosen) {
    tally.unmapped('diagnosis', [concepts.named(concept, source)])
    return 'code not mapped'
  }
  const onset = dayIn(row, 'condition_start_date', 'condition_start_datetime')
  if (onset === '') return 'without a date'
  const patient = people.patientOf(row)
  if (isDay(onset))
    for (const programme of codes.programmesOf(chosen.system, chosen.code))
      enrolments.diagnosis(patient, programme, onset, origin)
  tables.add(
    'conditions.csv',
    {
      patient_id: patient,
      code_system: chosen.system,
      code: chosen.code,
      onset_on: onset,
      resolved_on: dayIn(row, 'condition_end_date', 'condition_end_datetime'),
    },
    origin,
  )
  return KEPT
}

/** MEASUREMENT and OBSERVATION: the same, but for the names of their columns. */
export const readValue =
  (prefix: 'measurement' | 'observation'): RowReader =>
  (row, origin, reading) => {
    const { codes, concepts, people, enrolments, tally, tables } = reading
    const [concept, source] = [row(`${prefix}_concept_id`), row(`${prefix}_source_value`)]
    const measure = codes.measureOf(
      concepts.codingsOf(concept, row(`${prefix}_source_concept_id`), source, guessMeasureSystem),
    )
    const on = dayIn(row, `${prefix}_date`, `${prefix}_datetime`)
    const patient = people.patientOf(row)
    if (isDay(on) && enrolments.isOfInterest(patient)) enrolments.contact(patient, on, '')
    if (!measure) {
      tally.unmapped('measure', [concepts.named(concept, source)])
      return 'code not mapped'
    }
    const isOnlyBounded =
      bounds.includes(row('operator_concept_id')) ||
      isBound(row('value_as_number')) ||
      isBound(row('value_source_value'))
    if (isOnlyBounded) return 'a bound (< or >), not a value'
    const value = numberIn(row, measure.key, reading)
    if (!/^-?[\d.]/.test(value)) return value
    if (on === '') return 'without a date'
    if (Number(value) === 0 && !codes.zeroIsPlausible(measure.key)) return 'a value of 0, which stands for missing'
    const { value: stated, unit } = quantityOf(value, measure, row, reading)
    tables.add(
      'observations.csv',
      {
        patient_id: patient,
        measure: measure.key,
        observed_on: on,
        value: stated,
        unit,
        partner_id: people.partnerAt(row),
      },
      origin,
    )
    return KEPT
  }

/** The value, or why there is none. */
function numberIn(row: TableRow, measure: string, { codes, concepts, tally }: OmopReading): string {
  const value = row('value_as_number')
  if (value === '*' || row('value_source_value') === '*') return 'suppressed'
  if (value !== '') return /^-?[\d.]/.test(value) ? value : 'a value that is no number'
  const answer = keyIn(row, 'value_as_concept_id')
  if (answer === '') return 'without a value'
  const number = codes.answerOf(measure, concepts.codingsOf(answer, '', row('value_source_value'), guessMeasureSystem))
  if (number !== undefined) return String(number)
  tally.unmapped('answer', [concepts.named(answer, row('value_source_value'))])
  return 'answer not mapped'
}

/** In the unit that the source wrote, that its concept is, or that the code implies: the first that is known. */
function quantityOf(
  value: string,
  measure: { readonly key: string; readonly implied: string },
  row: TableRow,
  { codes, concepts }: OmopReading,
): Quantity {
  const concept = keyIn(row, 'unit_concept_id')
  const stated = [row('unit_source_value'), concept === '' ? '' : `OMOP:${concept}`, concepts.unitOf(concept)]
  const candidates = stated.filter((unit) => unit !== '')
  if (candidates.length === 0) return codes.units.inKnownUnit(measure.key, value, measure.implied)
  const all = candidates.map((unit) => codes.units.inKnownUnit(measure.key, value, unit))
  return all.find(({ known }) => known) ?? (all[0] as Quantity)
}

export const readDrug: RowReader = (row, origin, { codes, concepts, people, enrolments, tally, tables }) => {
  const [concept, source] = [row('drug_concept_id'), row('drug_source_value')]
  const atc = codes.atcOf(concepts.codingsOf(concept, row('drug_source_concept_id'), source, guessMedicineSystem))
  const since = dayIn(row, 'drug_exposure_start_date', 'drug_exposure_start_datetime')
  const patient = people.patientOf(row)
  if (isDay(since) && enrolments.isOfInterest(patient)) enrolments.contact(patient, since, '')
  if (atc === undefined) {
    tally.unmapped('medicine', [concepts.named(concept, source)])
    return 'code not mapped'
  }
  if (since === '') return 'without a date'
  // ours writes an end that the model asks for, and the one that is known as verbatim
  const ends = people.own ? [] : ['drug_exposure_end_date', 'drug_exposure_end_datetime']
  const until = dayIn(row, 'verbatim_end_date', ...ends)
  tables.add('medications.csv', { patient_id: patient, atc, started_on: since, ended_on: until }, origin)
  return KEPT
}

/** An episode whose source value is a programme is an enrolment; others are diseases and treatments. */
export const readEpisode: RowReader = (row, origin, { codes, people, enrolments }) => {
  const [programme = '', at = '', mainPractitioner = '', endReason = ''] = row('episode_source_value').split('|')
  // by the key of its site, where the id is too long to stand here
  const partner = people.own && at.startsWith('#') ? (people.sites.get(at.slice(1))?.id ?? '') : at
  if (!codes.programmes.has(programme)) return 'for no programme'
  const since = dayIn(row, 'episode_start_date', 'episode_start_datetime')
  if (partner === '') return 'without an organisation'
  if (since === '') return 'without a date'
  const until = dayIn(row, 'episode_end_date', 'episode_end_datetime')
  enrolments.state(
    people.patientOf(row),
    { programme, partner, since, until, endReason, mainPractitioner, origin },
    true,
  )
  return KEPT
}

export const readVisit: RowReader = (row, _origin, { people, enrolments }) => {
  const partner = people.visit(row)
  const on = dayIn(row, 'visit_start_date', 'visit_start_datetime')
  const patient = people.patientOf(row)
  if (!isDay(on)) return 'without a date'
  if (enrolments.isOfInterest(patient)) enrolments.contact(patient, on, partner)
  return 'used as a contact'
}

export const readProcedure: RowReader = (row, _origin, { people, enrolments }) => {
  const on = dayIn(row, 'procedure_date', 'procedure_datetime')
  const patient = people.patientOf(row)
  if (!isDay(on)) return 'without a date'
  if (enrolments.isOfInterest(patient)) enrolments.contact(patient, on, people.partnerAt(row))
  return 'used as a contact'
}

/** How long a patient was observed: the end is a last contact. */
export const readPeriod: RowReader = (row, _origin, { people, enrolments }) => {
  const until = dayIn(row, 'observation_period_end_date')
  const patient = people.patientOf(row)
  if (!isDay(until)) return 'without a date'
  if (enrolments.isOfInterest(patient)) enrolments.contact(patient, until, '')
  return 'used as a contact'
}
