/** The facts of a region as known on a day, as texts: what every export is written from. */
import type { ClientBase } from 'pg'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { copyOut } from '../../postgres/copy-out.ts'

/** Which facts: of one region, as known on one day. */
export interface FactsOf {
  readonly regionId: number
  /** an ISO day, checked */
  readonly asOf: Day
  /** the unit that each measure is kept in, by key */
  readonly unitOf: ReadonlyMap<string, string>
}

/** A table of interface.md 1 and how its rows are selected: every column as text, blank where nothing is known. */
interface FactTable {
  readonly columns: readonly (readonly [name: string, sql: string])[]
  /** the source, with `$known` for (region, day) */
  readonly from: string
  readonly order: string
}

const patient = ['patient_id', 'w.patient_id'] as const
const day = (name: string) => [name, `coalesce(to_char(t.${name}, 'YYYY-MM-DD'), '')`] as const
const word = (name: string) => [name, `coalesce(t.${name}::text, '')`] as const
const ofPatient = (table: string) => `${table}_known$known t join patient w using (patient_key)`
const byPatient = (...rest: readonly string[]) =>
  ['w.patient_id collate "C"', ...rest.map((column) => `t.${column}`)].join(', ')

/** In the order of interface.md; rows are ordered by their key, so that the same facts are the same bytes. */
const TABLES = {
  partners: {
    columns: [word('partner_id'), word('name'), word('kind'), word('agb'), word('member_of')],
    from: 'partner_known$known t',
    order: 't.partner_id collate "C"',
  },
  patients: {
    columns: [patient, word('birth_year'), word('sex'), word('postcode4'), word('insurer'), day('died_on')],
    from: ofPatient('patient_state'),
    order: byPatient(),
  },
  enrolments: {
    columns: [
      patient,
      word('programme'),
      word('partner_id'),
      day('started_on'),
      day('ended_on'),
      word('end_reason'),
      word('main_practitioner'),
    ],
    from: ofPatient('enrolment'),
    order: byPatient('programme collate "C"', 'started_on'),
  },
  observations: {
    columns: [patient, ['measure', 'k.key'], day('observed_on'), word('value'), word('partner_id')],
    from: `${ofPatient('observation')} join measure_key k using (measure_id)`,
    order: `w.patient_id collate "C", k.key collate "C", t.observed_on, t.value, t.partner_id collate "C" nulls first`,
  },
  conditions: {
    columns: [patient, word('code_system'), word('code'), day('onset_on'), day('resolved_on')],
    from: ofPatient('condition_episode'),
    order: byPatient('code_system', 'code collate "C"', 'onset_on', 'resolved_on'),
  },
  medications: {
    columns: [patient, word('atc'), day('started_on'), day('ended_on')],
    from: ofPatient('medication'),
    order: byPatient('atc collate "C"', 'started_on', 'ended_on'),
  },
  claims: {
    columns: [
      word('claim_id'),
      patient,
      word('partner_id'),
      day('performed_on'),
      word('code'),
      word('quantity'),
      ['amount_eur', 't.amount_cents::text'],
      word('setting'),
    ],
    from: ofPatient('claim'),
    order: 't.claim_id collate "C"',
  },
  quality: {
    columns: [word('partner_id'), word('gate'), word('value'), word('period'), word('evidence')],
    from: 'quality_known$known t',
    order: 't.partner_id collate "C", t.gate collate "C", t.period collate "C" nulls first',
  },
} as const satisfies Readonly<Record<string, FactTable>>

export type FactName = keyof typeof TABLES
export const FACT_NAMES = Object.keys(TABLES) as readonly FactName[]

/** The columns of a table, in the order of interface.md. */
export function factColumns(name: FactName): readonly string[] {
  const columns: string[] = TABLES[name].columns.map(([column]) => column)
  if (name === 'observations') columns.splice(columns.indexOf('partner_id'), 0, 'unit')
  return columns
}

/** One row: a cell per column. The same list is used for the next row: whoever keeps one copies it. */
export type FactRow = readonly string[]

/** Streams the rows of a table, in the order of its key.
 *  @param take called with every row; between batches it is waited for by `breathe`
 *  @returns the number of rows */
export async function readFacts(
  client: ClientBase,
  { regionId, asOf, unitOf }: FactsOf,
  name: FactName,
  take: (row: FactRow) => void,
  breathe: () => void | Promise<void> = () => undefined,
): Promise<number> {
  const { columns, from, order } = TABLES[name]
  const select = `select ${columns.map(([, sql]) => sql).join(', ')}
    from ${from.replaceAll('$known', `(${regionId}, '${asOf}')`)} order by ${order}`
  const finish = finishOf(name, unitOf)
  const row: string[] = []
  return await copyOut(
    client,
    select,
    columns.map(() => 'text' as const),
    async ({ rows, texts }) => {
      for (let at = 0; at < rows; at++) {
        row.length = 0
        for (const column of texts) row.push(column[at]!)
        finish(row)
        take(row)
      }
      await breathe()
    },
  )
}

/** What the store does not say as the interface does: a reading's unit, euros. */
function finishOf(name: FactName, unitOf: ReadonlyMap<string, string>): (row: string[]) => void {
  if (name === 'observations') return (row) => row.splice(4, 0, unitOf.get(row[1]!) ?? '')
  if (name === 'claims') return (row) => (row[6] = eurosOf(row[6]!))
  return () => undefined
}

/** Integer cents as euros with two decimals: '-5' is '-0.05'. */
function eurosOf(cents: string): string {
  const sign = cents.startsWith('-') ? '-' : ''
  const digits = cents.slice(sign.length).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
