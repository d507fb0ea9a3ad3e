/** Reads the assessed years of a run over the whole region in columns, the input of a settlement. */
import type { PoolClient } from 'pg'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { ROW_COLUMNS, rowColumns, type RowColumn, type RowColumns } from '../columns/row-columns.ts'
import { copyOut, type ReadKind } from '../postgres/copy-out.ts'
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'
import { byCodeUnits } from '../columns/text-order.ts'
import { inTransaction } from '../postgres/transaction.ts'

/** One outcome of an assessed year; columns have a row per index date of the year. */
export interface AssessedOutcome {
  readonly measure: string
  /** index in STATUSES */
  readonly status: Uint8Array
  readonly gain: Float64Array
  /** row-major */
  readonly facts: Float64Array
}

/** One assessed year: a row per index date, ascending by patient_id (code units), then by day. */
export interface AssessedYear extends RowColumns {
  readonly yearsBefore: number
  readonly patientIds: readonly string[]
  /** those of `measures` that are assessed in the year, in their order */
  readonly outcomes: readonly AssessedOutcome[]
}

/** Every assessed year of a run, the contract year first. */
export async function readAssessedYears(
  store: Pick<Store, 'pool'>,
  run: Run,
  measures: readonly string[],
): Promise<AssessedYear[]> {
  return await inTransaction(
    store,
    async ({ client }) => {
      // both sides were written a moment ago: no statistics yet, so a plan made for few rows
      await client.query('set local enable_nestloop = off')
      const ranked = await rankedPatients(client, run.regionId)
      const years: AssessedYear[] = []
      for (let yearsBefore = 0; yearsBefore <= 3; yearsBefore++) {
        const blocks = []
        for (const measure of measures) blocks.push(await readBlock(client, run, measure, yearsBefore, ranked))
        const assessed = blocks.filter(({ patientKey }) => patientKey.length > 0)
        if (assessed.length > 0 || yearsBefore === 0)
          years.push(yearOf(yearsBefore, yearsBefore === 0 ? blocks : assessed))
      }
      return years
    },
    'repeatable read',
  )
}

type AssessedBlock = Omit<AssessedYear, 'yearsBefore' | 'outcomes'> & AssessedOutcome

function yearOf(yearsBefore: number, blocks: readonly AssessedBlock[]): AssessedYear {
  const [first] = blocks
  invariant(first, 'a contract has an outcome')
  for (const { measure, patientKey } of blocks)
    invariant(
      patientKey.length === first.patientKey.length && patientKey.every((key, row) => key === first.patientKey[row]),
      `${measure} and ${first.measure} are assessed for the same patients, ${yearsBefore} years before`,
    )
  const outcomes = blocks.map(({ measure, status, gain, facts }) => ({ measure, status, gain, facts }))
  return { yearsBefore, patientIds: first.patientIds, ...rowColumns((column) => first[column]), outcomes }
}

/** Every patient of the region. */
interface RankedPatients {
  /** ascending (code units) */
  readonly ids: readonly string[]
  /** place in `ids`, by patient_key */
  readonly rankOf: ReadonlyMap<number, number>
}

async function rankedPatients(client: PoolClient, regionId: number): Promise<RankedPatients> {
  const patients: (readonly [id: string, key: number])[] = []
  await copyOut(
    client,
    `select patient_key, patient_id from patient where region_id = ${regionId}`,
    ['int4', 'text'],
    ({ rows, numbers: [keys], texts }) => {
      for (let row = 0; row < rows; row++) patients.push([texts[1]![row]!, keys![row]!])
    },
  )
  patients.sort(([a], [b]) => byCodeUnits(a, b))
  return { ids: patients.map(([id]) => id), rankOf: new Map(patients.map(([, key], rank) => [key, rank])) }
}

async function readBlock(
  client: PoolClient,
  run: Run,
  measure: string,
  yearsBefore: number,
  ranked: RankedPatients,
): Promise<AssessedBlock> {
  const { rows } = await client.query<{ id: number; rows: number }>(
    `select k.measure_id as id, (select count(*) from expectation e
        where e.run_key = $2 and e.measure_id = k.measure_id and e.years_before = $3)::int as rows
       from measure_key k where k.key = $1`,
    [measure, run.runKey, yearsBefore],
  )
  const { id, rows: expected } = rows[0] ?? { id: 0, rows: 0 }
  const arrived = await readArrived(client, run, id, yearsBefore, expected)
  return { measure, ...inOrder(arrived, ranked) }
}

type Arrived = Omit<AssessedBlock, 'measure' | 'patientIds'> & { readonly indexNo: Int32Array }

const STORED = {
  patientKey: ['e.patient_key', 'int4'],
  partner: ['e.partner_no', 'int2'],
  practice: ['e.practice_no', 'int2'],
  insurer: ['e.insurer_no', 'int2'],
  indexOn: ['e.index_on', 'date'],
  exposureDays: ['e.exposure_days', 'int4'],
} as const satisfies Record<RowColumn, readonly [string, ReadKind]>

/** The rows of a block as they come. */
async function readArrived(
  client: PoolClient,
  { runKey }: Run,
  measureId: number,
  yearsBefore: number,
  expected: number,
): Promise<Arrived> {
  const statusOf = new Map<string, number>(STATUSES.map((status, code) => [status, code]))
  const columns = rowColumns(() => new Int32Array(expected))
  const indexNo = new Int32Array(expected)
  const status = new Uint8Array(expected)
  const gain = new Float64Array(expected)
  let facts = new Float64Array(0)
  let at = 0
  await copyOut(
    client,
    `select ${ROW_COLUMNS.map((column) => STORED[column][0]).join(', ')}, e.index_no, h.status::text, h.gain, h.facts
       from expectation e
       join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
      where e.run_key = ${runKey} and e.measure_id = ${measureId} and e.years_before = ${yearsBefore}`,
    [...ROW_COLUMNS.map((column) => STORED[column][1]), 'int2', 'text', 'float8', 'float8[]'],
    ({ rows, numbers, texts, widths }) => {
      const [ofIndexNo, ofStatus, ofGain, ofFacts] = [0, 1, 2, 3].map((place) => ROW_COLUMNS.length + place) as Places
      const width = widths[ofFacts]!
      if (at === 0) facts = new Float64Array(expected * width)
      ROW_COLUMNS.forEach((column, place) => columns[column].set(numbers[place]!.subarray(0, rows), at))
      indexNo.set(numbers[ofIndexNo]!.subarray(0, rows), at)
      gain.set(numbers[ofGain]!.subarray(0, rows), at)
      facts.set(numbers[ofFacts]!.subarray(0, rows * width), at * width)
      for (let row = 0; row < rows; row++) status[at + row] = statusOf.get(texts[ofStatus]![row]!)!
      at += rows
    },
  )
  invariant(at === expected, 'every expectation is realised before it is settled')
  return { ...columns, indexNo, status, gain, facts }
}

type Places = [number, number, number, number]

/** More index dates than any patient has in a year. */
const mostIndexDates = 1 << 10

/** The rows of a block, ascending by the rank of their patient and then by index date. */
function inOrder(arrived: Arrived, { ids, rankOf }: RankedPatients): Omit<AssessedBlock, 'measure'> {
  const { facts } = arrived
  const rows = arrived.patientKey.length
  const rankOfRow = arrived.patientKey.map((key) => rankOf.get(key)!)
  // rank, index date and row in one double, so that one native sort orders them
  const places = Float64Array.from(
    rankOfRow,
    (rank, row) => (rank * mostIndexDates + arrived.indexNo[row]!) * rows + row,
  )
  const order = Int32Array.from(places.sort(), (place) => place % rows)
  const width = order.length === 0 ? 0 : facts.length / order.length
  const ordered = new Float64Array(facts.length)
  order.forEach((row, at) => ordered.set(facts.subarray(row * width, (row + 1) * width), at * width))
  return {
    patientIds: Array.from(order, (row) => ids[rankOfRow[row]!]!),
    ...rowColumns((column) => order.map((row) => arrived[column][row]!)),
    status: Uint8Array.from(order, (row) => arrived.status[row]!),
    gain: Float64Array.from(order, (row) => arrived.gain[row]!),
    facts: ordered,
  }
}
