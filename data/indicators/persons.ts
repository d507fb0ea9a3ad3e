/** Everybody of a region with what indicators look at, as known on a day. */
import type { Person } from '../../engine/inclusion/person.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'

export interface PersonsAsked {
  readonly regionId: number
  readonly asOf: Day
  readonly measures: readonly string[]
  /** readings from this day on */
  readonly since: Day
  /** and facts that began by this one */
  readonly until: Day
}

interface Known {
  birthYear: number | null
  diedOn: Day | null
  readonly enrolments: Person['enrolments'][number][]
  readonly conditions: Person['conditions'][number][]
  readonly medications: Person['medications'][number][]
  readonly readings: Person['readings'][number][]
}

/** In no order that matters: figures count persons. Consent and insurers are not looked at. */
export async function readPersons(store: Pick<Store, 'pool'>, asked: PersonsAsked): Promise<Person[]> {
  const { regionId, asOf, until } = asked
  const persons = new Map<number, Known>()
  const states = await store.pool.query<{ patient: number; birth_year: number | null; died_on: Day | null }>(
    'select patient_key as patient, birth_year, died_on from patient_state_known($1, $2)',
    [regionId, asOf],
  )
  for (const { patient, birth_year: birthYear, died_on: diedOn } of states.rows)
    persons.set(patient, { birthYear, diedOn, enrolments: [], conditions: [], medications: [], readings: [] })
  const spans = [regionId, asOf, until]
  const enrolments = await store.pool.query<Person['enrolments'][number] & { patient: number }>(
    `select patient_key as patient, programme, partner_id as practice, started_on as since, ended_on as until,
            main_practitioner as "mainPractitioner"
       from enrolment_known($1, $2) where started_on <= $3 order by patient_key, programme collate "C", started_on`,
    spans,
  )
  for (const { patient, ...each } of enrolments.rows) persons.get(patient)?.enrolments.push(each)
  const conditions = await store.pool.query<Person['conditions'][number] & { patient: number }>(
    `select patient_key as patient, code_system as system, code, onset_on as since, resolved_on as until
       from condition_episode_known($1, $2) where onset_on <= $3`,
    spans,
  )
  for (const { patient, ...each } of conditions.rows) persons.get(patient)?.conditions.push(each)
  const medications = await store.pool.query<Person['medications'][number] & { patient: number }>(
    `select patient_key as patient, atc, started_on as since, ended_on as until
       from medication_known($1, $2) where started_on <= $3`,
    spans,
  )
  for (const { patient, ...each } of medications.rows) persons.get(patient)?.medications.push(each)
  const readings = await store.pool.query<Person['readings'][number] & { patient: number }>(
    `select patient_key as patient, key as measure, observed_on as "on", value
       from observation_known($1, $2) join measure_key using (measure_id)
      where observed_on between $4 and $3 and key = any ($5)`,
    [...spans, asked.since, asked.measures],
  )
  for (const { patient, ...each } of readings.rows) persons.get(patient)?.readings.push(each)
  return [...persons.values()].map((each) => ({ ...each, participation: null, insured: [] }))
}

/** The care group of each practice that has one. */
export async function membersOf(
  store: Pick<Store, 'pool'>,
  regionId: number,
  asOf: Day,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await store.pool.query<{ partner_id: string; member_of: string }>(
    'select partner_id, member_of from partner_known($1, $2) where member_of is not null',
    [regionId, asOf],
  )
  return new Map(rows.map(({ partner_id: practice, member_of: group }) => [practice, group]))
}
