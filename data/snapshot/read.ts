/** One pass over a table, which distributes its rows over the shards of the pass. */
import type { ClientBase } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { type Batch, copyOut } from '../postgres/copy-out.ts'
import type { RegionPatients } from './patients.ts'
import { Dictionary, Rows } from './rows.ts'
import type { SnapshotTable } from './tables.ts'

/** What one pass reads. */
export interface Pass {
  readonly regionId: number
  /** an ISO day, checked */
  readonly asOf: Day
  /** [since, until) of the logical shards */
  readonly shards: readonly [number, number]
  readonly measureKeys: ReadonlyMap<number, string>
}

/** The rows of the pass's shards, in the order of shards.
 *  @param expectedRows of the whole table, to make room at once
 *  @param seen called with the number of rows of every batch */
export async function readRows(
  client: ClientBase,
  table: SnapshotTable,
  pass: Pass,
  patients: RegionPatients,
  expectedRows: number,
  seen: (rows: number) => void,
): Promise<Rows[]> {
  const [since, until] = pass.shards
  const dictionaries = table.columns.map(({ kind }) => (kind === 'word' ? new Dictionary() : null))
  // a twentieth more than an even share, so that few shards have to grow
  const room = Math.ceil((expectedRows / SHARDS) * 1.05)
  const shards = Array.from({ length: until - since }, () => new Rows(table, dictionaries, room))
  const put = table.columns.map((_, column) => putterOf(table, column, dictionaries[column] ?? null, pass.measureKeys))
  await copyOut(
    client,
    await selectOf(client, table, pass),
    ['int4', ...table.columns.map(({ read }) => read)],
    (batch) => {
      const keys = batch.numbers[0]!
      for (let at = 0; at < batch.rows; at++) {
        const key = keys[at]!
        const rows = shards[patients.shardOf(key) - since]!
        const row = rows.add(patients.placeOf(key))
        for (let column = 0; column < put.length; column++) put[column]!(rows, row, batch, at)
      }
      seen(batch.rows)
    },
  )
  return shards
}

async function selectOf(client: ClientBase, table: SnapshotTable, pass: Pass): Promise<string> {
  const [since, until] = pass.shards
  const columns = ['t.patient_key', ...table.columns.map(({ sql }) => sql)].join(', ')
  const known = await sourceOf(client, table, pass)
  if (until - since === SHARDS) return `select ${columns} from ${known}`
  return `select ${columns} from ${known} join patient p using (patient_key) where p.shard >= ${since} and p.shard < ${until}`
}

/** The rows known on the day. Where nothing of the region's was ever superseded, the table itself: asking millions of
 *  rows whether an empty table supersedes them takes longer than reading them. */
async function sourceOf(client: ClientBase, { source }: SnapshotTable, { regionId, asOf }: Pass): Promise<string> {
  const { rows } = await client.query<{ superseded: boolean; deliveries: number[] }>(
    `select exists (select from superseded_${source} where region_id = $1) as superseded, deliveries_known($1, $2) as deliveries`,
    [regionId, asOf],
  )
  const { superseded = false, deliveries = [] } = rows[0] ?? {}
  if (superseded || deliveries.length === 0) return `${source}_known(${regionId}, '${asOf}') t`
  return `(select * from ${source} where region_id = ${regionId} and delivery_id in (${deliveries.join(', ')})) t`
}

type Putter = (rows: Rows, row: number, batch: Batch, at: number) => void

/** How a column goes from a batch (where the patient stands first) into the rows. */
function putterOf(
  table: SnapshotTable,
  column: number,
  dictionary: Dictionary | null,
  measureKeys: ReadonlyMap<number, string>,
): Putter {
  const source = column + 1
  const { kind, read } = table.columns[column]!
  if (kind === 'text') return (rows, row, batch, at) => rows.putText(column, row, batch.texts[source]![at]!)
  if (dictionary && read === 'word') {
    const places: number[] = []
    return (rows, row, batch, at) => {
      const place = batch.numbers[source]![at]!
      rows.put(column, row, (places[place] ??= dictionary.numberOf(batch.words[source]![place]!)))
    }
  }
  if (dictionary) {
    const numbers = new Map([...measureKeys].map(([id, key]) => [id, dictionary.numberOf(key)]))
    return (rows, row, batch, at) => rows.put(column, row, numbers.get(batch.numbers[source]![at]!)!)
  }
  // + 0 makes one zero of two
  return (rows, row, batch, at) => rows.put(column, row, batch.numbers[source]![at]! + 0)
}
