/** Reads all assessments of a run in blocks of columns, for output in the order of patients.
 *
 *  Nothing is sorted or named in the database: rows are put in order by the rank of their patient, here. */
import type { PoolClient } from 'pg'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import { copyOut, type ReadKind } from '../postgres/copy-out.ts'
import { byCodeUnits } from '../columns/text-order.ts'

/** One outcome in one assessed year; `rowOf` says in which row of the columns a patient of the pass stands, -1 if in none. */
export interface AssessedBlock {
  readonly measure: string
  readonly yearsBefore: number
  readonly rowOf: Int32Array
  /** by BLOCK_COLUMNS */
  readonly columns: readonly (Float64Array | Int32Array)[]
  /** index in STATUSES */
  readonly status: Uint8Array
}

const int = (sql: string) => [sql, 'int2'] as const
const day = (sql: string) => [sql, 'date'] as const
const amounts = (of: string, ...names: readonly string[]) => names.map((name) => [`${of}.${name}`, 'float8'] as const)

const selected: readonly (readonly [sql: string, kind: ReadKind])[] = [
  int('e.partner_no'),
  int('e.practice_no'),
  day('e.index_on'),
  day('e.target_on'),
  ...amounts('h', 'baseline'),
  ...amounts('e', 'mean', 'sd', 'q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95'),
  ...amounts('h', 'realised'),
  day('h.realised_on'),
  ...amounts('e', 'expected_value'),
  ...amounts('h', 'realised_value', 'gain'),
  ...amounts('a', 'measured_probability', 'imputed_gain', 'contribution'),
]

/** The columns of a block in their order, as expectations.csv names them (but for the partners). */
export const BLOCK_COLUMNS: readonly string[] = selected.map(([sql]) => sql.slice(2))

/** Patients of one pass, ascending by patient_id. */
export interface PatientPass {
  readonly patientIds: readonly string[]
  readonly blocks: readonly AssessedBlock[]
}

/** About 160 bytes a row: what a pass holds stays under 200 MB, whatever the region. */
const rowsAtOnce = 1_000_000

/** Reads the assessments of the years given and hands them on pass by pass, patients ascending by patient_id (code units), the blocks of a pass
 *  ascending by measure and years before. */
export async function eachPass(
  client: PoolClient,
  run: { readonly runKey: number; readonly regionId: number },
  years: readonly number[],
  take: (pass: PatientPass) => Promise<void>,
): Promise<void> {
  // the rows may have been written a moment ago: no statistics yet, so a plan made for few
  await client.query('set local enable_nestloop = off')
  const names = await blockNames(client, run.runKey, years)
  const patients = await patientsInOrder(client, run.regionId)
  const width = Math.max(1, Math.floor(rowsAtOnce / Math.max(1, names.length)))
  for (let since = 0; since < patients.keys.length; since += width) {
    const keys = patients.keys.subarray(since, since + width)
    const rankOf = rankingOf(keys)
    const chosen = keys.length < patients.keys.length ? ` and e.patient_key = any('{${keys.join(',')}}')` : ''
    const blocks: AssessedBlock[] = []
    for (const name of names) blocks.push(await readBlock(client, run.runKey, name, { keys, rankOf, chosen }))
    await take({ patientIds: patients.ids.slice(since, since + width), blocks })
  }
}

interface BlockName {
  readonly measure: string
  readonly measureId: number
  readonly yearsBefore: number
}

async function blockNames(client: PoolClient, runKey: number, years: readonly number[]): Promise<BlockName[]> {
  const { rows } = await client.query<BlockName>(
    `select k.key as measure, k.measure_id as "measureId", y as "yearsBefore" from measure_key k, unnest($2::int[]) y
      where exists (select from expectation e where e.run_key = $1 and e.measure_id = k.measure_id and e.years_before = y)
      order by k.key collate "C", y`,
    [runKey, years],
  )
  return rows
}

async function patientsInOrder(client: PoolClient, regionId: number): Promise<{ ids: string[]; keys: Int32Array }> {
  const patients: { readonly id: string; readonly key: number }[] = []
  await copyOut(
    client,
    `select patient_key, patient_id from patient where region_id = ${regionId}`,
    ['int4', 'text'],
    ({ rows, numbers: [keys], texts }) => {
      for (let row = 0; row < rows; row++) patients.push({ id: texts[1]![row]!, key: keys![row]! })
    },
  )
  patients.sort((a, b) => byCodeUnits(a.id, b.id))
  return { ids: patients.map(({ id }) => id), keys: Int32Array.from(patients, ({ key }) => key) }
}

/** From a patient_key to its place among the keys. */
function rankingOf(keys: Int32Array): (key: number) => number {
  const least = keys.reduce((a, b) => Math.min(a, b), Infinity)
  const most = keys.reduce((a, b) => Math.max(a, b), -Infinity)
  const ranks = new Int32Array(Math.max(0, most - least + 1)).fill(-1)
  keys.forEach((key, rank) => (ranks[key - least] = rank))
  return (key) => ranks[key - least] ?? -1
}

const statusOf = new Map<string, number>(STATUSES.map((status, code) => [status, code]))

async function readBlock(
  client: PoolClient,
  runKey: number,
  { measure, measureId, yearsBefore }: BlockName,
  of: { readonly keys: Int32Array; readonly rankOf: (key: number) => number; readonly chosen: string },
): Promise<AssessedBlock> {
  const most = of.keys.length
  const rowOf = new Int32Array(most).fill(-1)
  const columns = selected.map(([, kind]) => (kind === 'float8' ? new Float64Array(most) : new Int32Array(most)))
  const status = new Uint8Array(most)
  let at = 0
  const select = `select e.patient_key, h.status::text, ${selected.map(([sql]) => sql).join(', ')}
    from expectation e
    join realisation h using (run_key, measure_id, years_before, patient_key)
    left join gain a using (run_key, measure_id, years_before, patient_key)
   where e.run_key = ${runKey} and e.measure_id = ${measureId} and e.years_before = ${yearsBefore}${of.chosen}`
  const kinds: readonly ReadKind[] = ['int4', 'word', ...selected.map(([, kind]) => kind)]
  await copyOut(client, select, kinds, ({ rows, numbers, words }) => {
    const codes = words[1]!.map((word) => statusOf.get(word)!)
    for (let row = 0; row < rows; row++) {
      rowOf[of.rankOf(numbers[0]![row]!)] = at + row
      status[at + row] = codes[numbers[1]![row]!]!
    }
    columns.forEach((column, place) => column.set(numbers[place + 2]!.subarray(0, rows), at))
    at += rows
  })
  return { measure, yearsBefore, rowOf, columns, status }
}
