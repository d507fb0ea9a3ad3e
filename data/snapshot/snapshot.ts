/** The state of a region on a day, for one programme: a panel for every logical shard, and the hash of all its rows.
 *
 *  Each table is streamed once (twice or more only where a region is too large to hold at once); nothing is sorted
 *  in the database. What comes out does not depend on the order of arrival, files, formats or deliveries. */
import type { PoolClient } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { type Panel, SHARDS } from '../../engine/panel/panel.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { copyOutBytes } from '../postgres/copy-bytes.ts'
import type { Store } from '../postgres/database.ts'
import { PANEL_LAYOUT, panelBytes, panelOf } from '../columns/panel-bytes.ts'
import { readPartners } from '../region/regions.ts'
import { panelFrom, type PanelFrame } from './assemble.ts'
import { datasetSha256Of, regionDigest, shardDigest } from './digest.ts'
import { readPatients, type RegionPatients } from './patients.ts'
import { type Pass, readRows } from './read.ts'
import { CONDITIONS, ENROLMENTS, MEDICATIONS, OBSERVATIONS, SNAPSHOT_TABLES } from './tables.ts'
import { inTransaction } from '../postgres/transaction.ts'

export interface SnapshotOrder {
  readonly regionId: number
  readonly asOf: Day
  readonly programme: Programme
  /** how many rows may be held in memory; a larger region is read a few shards at a time */
  readonly observationsAtOnce?: number
}

export interface Snapshot {
  readonly datasetSha256: string
  readonly shards: number
}

/** Which panel. */
export interface PanelAddress {
  readonly regionId: number
  readonly datasetSha256: string
  readonly programme: string
  readonly shard: number
}

// at 24 bytes: under 300 MB at once, twice that while they are put in order
const twelveMillion = 12_000_000

/** Takes the snapshot, or finds it where nothing changed since it was taken. The panels are then in the store,
 *  under the snapshot's hash.
 *  @param progress called with the rows read so far, of about how many */
export async function takeSnapshot(
  store: Store,
  order: SnapshotOrder,
  progress: (done: number, total: number) => void = () => {},
): Promise<Snapshot> {
  invariant(isDay(order.asOf), 'a snapshot is as of a day')
  return await inTransaction(
    store,
    async ({ client }) => {
      // one at a time for a region: the second finds what the first made
      await client.query(`select pg_advisory_xact_lock(hashtext('snapshot'), $1)`, [order.regionId])
      // rows that were superseded are found by hashing them once, whatever stale statistics say
      await client.query('set local enable_nestloop = off')
      const recipe = await recipeOf(client, order)
      const datasetSha256 =
        (await knownSnapshot(client, order, recipe)) ?? (await build(client, order, recipe, progress))
      return { datasetSha256, shards: SHARDS }
    },
    'repeatable read',
  )
}

/** The panel of one shard. */
export async function readPanel(store: Pick<Store, 'pool'>, at: PanelAddress): Promise<Panel> {
  return panelOf(await readPanelBytes(store, at))
}

/** The panel of one shard as bytes, for a thread to open. */
export async function readPanelBytes(store: Pick<Store, 'pool'>, at: PanelAddress): Promise<Uint8Array> {
  const [bytes] = await copyOutBytes(
    store,
    ({ literal }) => `select bytes from panel_shard
      where region_id = ${literal(String(at.regionId))} and dataset_sha256 = ${literal(at.datasetSha256)}
        and programme = ${literal(at.programme)} and shard = ${literal(String(at.shard))}`,
  )
  invariant(bytes, `the panel of shard ${at.shard} is in the store once its snapshot is taken`)
  return bytes
}

/** What the panels are made from and how: the same recipe gives the same panels. */
async function recipeOf(client: PoolClient, { regionId, asOf, programme }: SnapshotOrder): Promise<string> {
  const { rows } = await client.query<{ deliveries: number[] }>('select deliveries_known($1, $2) as deliveries', [
    regionId,
    asOf,
  ])
  return JSON.stringify({
    layout: PANEL_LAYOUT,
    programme: programme.programme,
    measures: programme.measures.map(({ key }) => key),
    deliveries: [...(rows[0]?.deliveries ?? [])].sort((a, b) => a - b),
  })
}

/** The hash of a snapshot taken before, if all its panels are still there. */
async function knownSnapshot(client: PoolClient, order: SnapshotOrder, recipe: string): Promise<string | null> {
  const { rows } = await client.query<{ dataset_sha256: string }>(
    `select s.dataset_sha256 from snapshot s
      where s.region_id = $1 and s.recipe = $2 and $4 = (
        select count(*)::int from panel_shard p
         where p.region_id = s.region_id and p.dataset_sha256 = s.dataset_sha256 and p.programme = $3)`,
    [order.regionId, recipe, order.programme.programme, SHARDS],
  )
  return rows[0]?.dataset_sha256 ?? null
}

async function build(
  client: PoolClient,
  { regionId, asOf, programme, observationsAtOnce = twelveMillion }: SnapshotOrder,
  recipe: string,
  progress: (done: number, total: number) => void,
): Promise<string> {
  const patients = await readPatients(client, `patient_state_known(${regionId}, '${asOf}')`)
  const frame: PanelFrame = {
    programme: programme.programme,
    measures: programme.measures.map(({ key }) => key),
    partners: await readPartners(client, regionId, asOf),
    insurers: patients.insurers,
  }
  const counts = await rowCounts(client, regionId)
  const shardDigests: string[] = []
  let read = 0
  const total = Object.values(counts).reduce((sum, rows) => sum + rows, 0)
  await client.query('delete from panel_shard where region_id = $1 and dataset_sha256 = $2', [regionId, unnamed])
  for (const shards of passesOver(counts[OBSERVATIONS.source] ?? 0, observationsAtOnce)) {
    const pass: Pass = { regionId, asOf, shards, measureKeys: await readMeasureKeys(client) }
    shardDigests.push(
      ...(await buildShards(client, pass, frame, patients, counts, (rows) => progress((read += rows), total))),
    )
  }
  const datasetSha256 = datasetSha256Of(await digestOfRegion(client, regionId, asOf), shardDigests)
  await nameSnapshot(client, regionId, programme.programme, recipe, datasetSha256)
  return datasetSha256
}

/** Until all shards are hashed, their panels have no name. */
const unnamed = 'unnamed'

/** Reads the rows of a range of shards, and stores their panels.
 *  @returns their digests, in order */
async function buildShards(
  client: PoolClient,
  pass: Pass,
  frame: PanelFrame,
  patients: RegionPatients,
  counts: Readonly<Record<string, number>>,
  seen: (rows: number) => void,
): Promise<string[]> {
  const read = []
  for (const table of SNAPSHOT_TABLES)
    read.push({ table, shards: await readRows(client, table, pass, patients, counts[table.source] ?? 0, seen) })
  const digests: string[] = []
  for (let shard = pass.shards[0]; shard < pass.shards[1]; shard++) {
    const own = patients.shards[shard]!
    const tables = read.map(({ table, shards }) => {
      const rows = shards[shard - pass.shards[0]]!
      const sorted = rows.sorted(own.patientIds.length)
      rows.clear()
      return { table, sorted }
    })
    const rowsOf = new Map(tables.map(({ table, sorted }) => [table, sorted]))
    digests.push(shardDigest(own, tables))
    const panel = panelFrom(frame, own, {
      enrolments: rowsOf.get(ENROLMENTS)!,
      observations: rowsOf.get(OBSERVATIONS)!,
      conditions: rowsOf.get(CONDITIONS)!,
      medications: rowsOf.get(MEDICATIONS)!,
    })
    await client.query(
      'insert into panel_shard (region_id, dataset_sha256, programme, shard, bytes) values ($1, $2, $3, $4, $5)',
      [pass.regionId, unnamed, frame.programme, shard, Buffer.from(panelBytes(panel).buffer)],
    )
  }
  return digests
}

/** Gives the panels their name; panels that had it (of an older layout or programme) give way. */
async function nameSnapshot(
  client: PoolClient,
  regionId: number,
  programme: string,
  recipe: string,
  datasetSha256: string,
): Promise<void> {
  const of = [regionId, datasetSha256, programme]
  await client.query('delete from panel_shard where region_id = $1 and dataset_sha256 = $2 and programme = $3', of)
  await client.query(
    'update panel_shard set dataset_sha256 = $2 where region_id = $1 and dataset_sha256 = $4 and programme = $3',
    [...of, unnamed],
  )
  await client.query(
    `insert into snapshot (region_id, recipe, dataset_sha256) values ($1, $2, $3)
     on conflict (region_id, recipe) do update set dataset_sha256 = excluded.dataset_sha256`,
    [regionId, recipe, datasetSha256],
  )
}

/** Ranges of shards that are read together. */
function passesOver(observations: number, observationsAtOnce: number): (readonly [number, number])[] {
  const width = Math.max(1, Math.floor(SHARDS / Math.max(1, Math.ceil(observations / observationsAtOnce))))
  const passes: (readonly [number, number])[] = []
  for (let since = 0; since < SHARDS; since += width) passes.push([since, Math.min(SHARDS, since + width)])
  return passes
}

/** Rows of the region per table, whenever known: how much room a pass may need. */
async function rowCounts(client: PoolClient, regionId: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { source } of SNAPSHOT_TABLES) {
    const { rows } = await client.query<{ rows: string }>(
      `select count(*)::text as rows from ${source} where region_id = $1`,
      [regionId],
    )
    counts[source] = Number(rows[0]?.rows)
  }
  return counts
}

async function readMeasureKeys(client: PoolClient): Promise<Map<number, string>> {
  const { rows } = await client.query<{ measure_id: number; key: string }>('select measure_id, key from measure_key')
  return new Map(rows.map(({ measure_id, key }) => [measure_id, key]))
}

/** Partners, promises and programme definitions: few, so hashed as text. */
async function digestOfRegion(client: PoolClient, regionId: number, asOf: Day): Promise<string> {
  const of = [regionId, asOf]
  const partners = await client.query<object>(
    `select partner_id, name, kind, coalesce(agb, '') as agb, coalesce(member_of, '') as member_of from partner_known($1, $2)`,
    of,
  )
  const quality = await client.query<object>(
    `select partner_id, gate, value, coalesce(period, '') as period, coalesce(evidence, '') as evidence from quality_known($1, $2)`,
    of,
  )
  const programmes = await client.query<object>(
    `select distinct on (p.programme) p.programme, p.definition
       from programme_definition p join delivery d using (delivery_id)
      where p.region_id = $1 and d.delivered_on <= $2
      order by p.programme, d.delivered_on desc, p.delivery_id desc`,
    of,
  )
  return regionDigest({ partners: partners.rows, quality: quality.rows, programmes: programmes.rows })
}
