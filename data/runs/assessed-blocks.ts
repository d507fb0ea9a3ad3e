/** Reads all assessments of a run in blocks of columns, for output in the order of patients.
 *
 *  Nothing is sorted or named in the database: rows are put in order by the rank of their patient, here. */
import type { PoolClient } from 'pg'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import { copyOut, type ReadKind } from '../postgres/copy-out.ts'
import { byCodeUnits } from '../columns/text-order.ts'

/** One outcome in one assessed year. */
export interface AssessedBlock {
  readonly measure: string
  readonly yearsBefore: number
  /** the row of a patient of the pass with its first index date, -1 if it has none; and of each row the patient's next, -1 after its last */
  readonly rowOf: Int32Array
  readonly nextOf: Int32Array
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
  int('e.years_elapsed'),
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
  const rows = new Chains(of.keys.length)
  let columns = selected.map(([, kind]) => (kind === 'float8' ? new Float64Array(0) : new Int32Array(0)))
  let status = new Uint8Array(0)
  let at = 0
  const select = `select e.patient_key, e.index_no, h.status::text, ${selected.map(([sql]) => sql).join(', ')}
    from expectation e
    join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
    left join gain a using (run_key, measure_id, years_before, patient_key, index_no)
   where e.run_key = ${runKey} and e.measure_id = ${measureId} and e.years_before = ${yearsBefore}${of.chosen}`
  const kinds: readonly ReadKind[] = ['int4', 'int2', 'word', ...selected.map(([, kind]) => kind)]
  await copyOut(client, select, kinds, ({ rows: count, numbers, words }) => {
    if (at + count > status.length) {
      // most patients have one index date: room for one each, and for twice as many where that is too little
      const room = Math.max(of.keys.length, 2 * status.length, at + count)
      columns = columns.map((column) => roomier(column, room))
      status = roomier(status, room)
      rows.grow(room)
    }
    const codes = words[2]!.map((word) => statusOf.get(word)!)
    for (let row = 0; row < count; row++) {
      rows.add(of.rankOf(numbers[0]![row]!), at + row, numbers[1]![row]!)
      status[at + row] = codes[numbers[2]![row]!]!
    }
    columns.forEach((column, place) => column.set(numbers[place + 3]!.subarray(0, count), at))
    at += count
  })
  return { measure, yearsBefore, rowOf: rows.first, nextOf: rows.next, columns, status }
}

function roomier<A extends Uint8Array | Int32Array | Float64Array>(column: A, room: number): A {
  const larger = new (column.constructor as new (length: number) => A)(room)
  larger.set(column)
  return larger
}

/** The rows of each patient in order of their index date, however they arrive. */
class Chains {
  /** by patient; -1: none */
  readonly first: Int32Array
  /** by row; -1: the last */
  next = new Int32Array(0)
  private indexNo = new Int32Array(0)

  constructor(patients: number) {
    this.first = new Int32Array(patients).fill(-1)
  }

  grow(room: number): void {
    this.next = roomier(this.next, room)
    this.indexNo = roomier(this.indexNo, room)
  }

  add(patient: number, row: number, indexNo: number): void {
    this.indexNo[row] = indexNo
    let [before, after] = [-1, this.first[patient]!]
    while (after >= 0 && this.indexNo[after]! < indexNo) [before, after] = [after, this.next[after]!]
    this.next[row] = after
    if (before < 0) this.first[patient] = row
    else this.next[before] = row
  }
}
