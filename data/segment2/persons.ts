/** What is known of the patients of a programme on a day, for counting them. */
import type { ClientBase, Pool } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Enrolled, Person, Span } from '../../engine/inclusion/person.ts'

export interface KnownPerson {
  readonly patientId: string
  readonly person: Person
}

type Store = ClientBase | Pool

export interface PersonsOf {
  readonly regionId: number
  readonly asOf: Day
  readonly programme: string
  readonly codes: readonly string[]
  readonly measures: readonly string[]
}

/** Everybody with an enrolment in a programme, or with a diagnosis of it, as known on a day; in order of patient_id.
 *  @param of.codes the ICPC-1 codes of its diagnosis   @param of.measures those whose last values are asked for */
export async function readPersons(client: Store, of: PersonsOf): Promise<KnownPerson[]> {
  const { rows: people } = await client.query<PersonRow>(
    `select p.patient_key as key, p.patient_id, s.birth_year, s.insurer, s.died_on::text
       from patient_state_known($1, $2) s join patient p using (patient_key)
      where patient_key in (${WHO}) order by p.patient_id collate "C"`,
    [of.regionId, of.asOf, of.programme, of.codes],
  )
  const known = await factsOf(client, of)
  return people.map(({ key, patient_id, birth_year, insurer, died_on }) => {
    const insured = closed(known.insured.get(key) ?? [])
    return {
      patientId: patient_id,
      person: {
        birthYear: birth_year,
        diedOn: died_on,
        enrolments: known.enrolments.get(key) ?? [],
        conditions: known.conditions.get(key) ?? [],
        medications: known.medications.get(key) ?? [],
        readings: known.readings.get(key) ?? [],
        participation: known.asksConsent
          ? closed(known.participation.get(key) ?? [], ({ programme }) => programme)
          : null,
        insured: insured.length > 0 || insurer === null ? insured : [{ insurer, since: ALWAYS, until: null }],
      },
    }
  })
}

/** Before any day that a file may name. */
const ALWAYS: Day = '1800-01-01'

interface PersonRow {
  readonly key: number
  readonly patient_id: string
  readonly birth_year: number | null
  readonly insurer: string | null
  readonly died_on: Day | null
}

const WHO = `select patient_key from enrolment_known($1, $2) where programme = $3
  union select patient_key from condition_episode_known($1, $2) where code_system = 'ICPC-1' and code = any ($4)`

/** Spans of which each later one ends those before it, of its kind. */
function closed<S extends Span>(spans: readonly S[], kindOf: (span: S) => string = () => ''): S[] {
  const next = new Map<string, Day>()
  return [...spans]
    .sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0))
    .map((span) => {
      const ends = next.get(kindOf(span)) ?? null
      next.set(kindOf(span), span.since)
      return { ...span, until: ends === null || (span.until !== null && span.until < ends) ? span.until : ends }
    })
}

async function factsOf(client: Store, of: PersonsOf) {
  const read = async <T>(columns: string, from: string, ...more: readonly unknown[]): Promise<Map<number, T[]>> => {
    const { rows } = await client.query<{ key: number; fact: T }>(
      `select key, fact from (
         select patient_key as key, json_build_object(${columns}) as fact from ${from} where patient_key in (${WHO})) facts
        order by key, fact::text collate "C"`,
      [of.regionId, of.asOf, of.programme, of.codes, ...more],
    )
    const byKey = new Map<number, T[]>()
    for (const { key, fact } of rows) {
      const facts = byKey.get(key)
      if (facts) facts.push(fact)
      else byKey.set(key, [fact])
    }
    return byKey
  }
  const span = (since: string, until: string) => `'since', ${since}::text, 'until', ${until}::text`
  return {
    enrolments: await read<Enrolled>(
      `'programme', programme, 'practice', partner_id, 'mainPractitioner', main_practitioner, ${span('started_on', 'ended_on')}`,
      'enrolment_known($1, $2)',
    ),
    conditions: await read<Person['conditions'][number]>(
      `'system', code_system, 'code', code, ${span('onset_on', 'resolved_on')}`,
      'condition_episode_known($1, $2)',
    ),
    medications: await read<Person['medications'][number]>(
      `'atc', atc, ${span('started_on', 'ended_on')}`,
      'medication_known($1, $2)',
    ),
    readings:
      of.measures.length === 0
        ? new Map<number, Person['readings'][number][]>()
        : await read<Person['readings'][number]>(
            `'measure', measure, 'on', observed_on::text, 'value', value`,
            `(select o.patient_key, k.key as measure, o.observed_on, o.value
                from observation_known($1, $2) o join measure_key k using (measure_id) where k.key = any ($5)) readings`,
            of.measures,
          ),
    insured: await read<Person['insured'][number]>(
      `'insurer', insurer, ${span('since', 'until')}`,
      'insured_known($1, $2)',
    ),
    participation: await read<NonNullable<Person['participation']>[number]>(
      `'programme', programme, 'consent', consent = 'true', ${span('since', 'until')}`,
      'participation_known($1, $2)',
    ),
    asksConsent: await anyOf(client, 'participation_known', of),
  }
}

/** Whether a region handed in any row of a file. */
export async function anyOf(
  client: Store,
  known: 'participation_known' | 'provider_contract_known',
  { regionId, asOf }: { readonly regionId: number; readonly asOf: Day },
): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(`select exists (select from ${known}($1, $2)) as is`, [
    regionId,
    asOf,
  ])
  return rows[0]?.is === true
}
