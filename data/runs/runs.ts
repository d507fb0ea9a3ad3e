/** Runs, completed parts of their stages, and training rows between stages. */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { copyOutBytes } from '../postgres/copy-bytes.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

export interface Run {
  readonly runId: string
  /** the same run in four bytes, inside the store */
  readonly runKey: number
  readonly regionId: number
  readonly contractSha256: string
  readonly asOf: Day
  readonly datasetSha256: string
  readonly engineVersion: string
}

/** The result of a part, read by later stages: plain JSON. */
export type PartResult =
  string | number | boolean | null | readonly PartResult[] | { readonly [key: string]: PartResult }

/** Stores a run with the partners and insurers of its panels; an existing run is unchanged. */
export async function openRun(
  store: Pick<Store, 'pool'>,
  run: Omit<Run, 'runKey'>,
  panel: Pick<Panel, 'partners' | 'insurers'>,
): Promise<Run> {
  return await inTransaction(store, async ({ db }) => {
    const opened = await db
      .insertInto('run')
      .values({
        run_id: run.runId,
        region_id: run.regionId,
        contract_sha256: run.contractSha256,
        as_of: run.asOf,
        dataset_sha256: run.datasetSha256,
        engine_version: run.engineVersion,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (Number(opened.numInsertedOrUpdatedRows) > 0) await nameParties(db, run.runId, panel)
    return await readRun({ db }, run.runId)
  })
}

async function nameParties(
  db: Transaction['db'],
  run_id: string,
  { partners, insurers }: Pick<Panel, 'partners' | 'insurers'>,
): Promise<void> {
  if (partners.length > 0)
    await db
      .insertInto('run_partner')
      .values(
        partners.map(({ partnerId, kind, memberOf }, partner_no) => ({
          run_id,
          partner_no,
          partner_id: partnerId,
          kind,
          member_of: memberOf,
        })),
      )
      .execute()
  if (insurers.length > 0)
    await db
      .insertInto('run_insurer')
      .values(insurers.map((insurer, insurer_no) => ({ run_id, insurer_no, insurer })))
      .execute()
}

/** @throws Refusal `unknown_run` */
export async function readRun(store: Pick<Store, 'db'>, runId: string): Promise<Run> {
  const row = await store.db.selectFrom('run').selectAll().where('run_id', '=', runId).executeTakeFirst()
  if (!row) throw new Refusal('unknown_run', `There is no run "${runId}"; ask for one that was started.`, { runId })
  return {
    runId,
    runKey: row.run_key,
    regionId: row.region_id,
    contractSha256: row.contract_sha256,
    asOf: row.as_of,
    datasetSha256: row.dataset_sha256,
    engineVersion: row.engine_version,
  }
}

/** The partners and insurers of a run, in the order of its panels. */
export async function readParties(
  store: Pick<Store, 'db'>,
  runId: string,
): Promise<Pick<Panel, 'partners' | 'insurers'>> {
  const partners = await store.db
    .selectFrom('run_partner')
    .select(['partner_id as partnerId', 'kind', 'member_of as memberOf'])
    .where('run_id', '=', runId)
    .orderBy('partner_no')
    .execute()
  const insurers = await store.db
    .selectFrom('run_insurer')
    .select('insurer')
    .where('run_id', '=', runId)
    .orderBy('insurer_no')
    .execute()
  return { partners, insurers: insurers.map(({ insurer }) => insurer) }
}

/** Does a part of a stage exactly once: its marker and its rows are written in one transaction, so a worker that is killed
 *  leaves neither, and a second worker waits for the first and then takes over its result.
 *  @returns the result of `work`, now or of the earlier execution */
export async function once<T extends PartResult>(
  store: Pick<Store, 'pool'>,
  { runId, stage, part }: { readonly runId: string; readonly stage: string; readonly part: string },
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return await inTransaction(store, async (transaction) => {
    const { client } = transaction
    const marked = await client.query(
      'insert into stage_done (run_id, stage, part) values ($1, $2, $3) on conflict do nothing',
      [runId, stage, part],
    )
    if (marked.rowCount === 0) {
      const { rows } = await client.query<{ result: T }>(
        'select result from stage_done where run_id = $1 and stage = $2 and part = $3',
        [runId, stage, part],
      )
      return rows[0]?.result as T
    }
    const result = await work(transaction)
    await client.query('update stage_done set result = $4 where run_id = $1 and stage = $2 and part = $3', [
      runId,
      stage,
      part,
      JSON.stringify(result),
    ])
    return result
  })
}

/** The result of a completed part, without waiting for one in progress; undefined: not done. */
export async function doneResult<T extends PartResult>(
  store: Pick<Store, 'db'>,
  { runId, stage, part }: { readonly runId: string; readonly stage: string; readonly part: string },
): Promise<T | undefined> {
  const row = await store.db
    .selectFrom('stage_done')
    .select('result')
    .where('run_id', '=', runId)
    .where('stage', '=', stage)
    .where('part', '=', part)
    .executeTakeFirst()
  return row?.result as T | undefined
}

/** The results of the parts of a stage of a run, in order of their names. */
export async function partResults<T extends PartResult>(
  store: Pick<Store, 'db'>,
  runId: string,
  stage: string,
): Promise<T[]> {
  const rows = await store.db
    .selectFrom('stage_done')
    .select('result')
    .where('run_id', '=', runId)
    .where('stage', '=', stage)
    .orderBy('part')
    .execute()
  return rows.map(({ result }) => result as T)
}

/** Whether a part is done, without waiting for one in progress. */
export const isDone = async (
  store: Pick<Store, 'db'>,
  marker: { readonly runId: string; readonly stage: string; readonly part: string },
): Promise<boolean> => (await doneResult(store, marker)) !== undefined

/** Keeps the training rows of one shard, model by model, until the models are frozen. */
export async function saveTrainingShards(
  { db }: Pick<Transaction, 'db'>,
  runId: string,
  shard: number,
  models: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  for (const { name: model, bytes } of models)
    await db
      .insertInto('training_shard')
      .values({ run_id: runId, model, shard, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) })
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'model', 'shard']).doUpdateSet((eb) => ({ bytes: eb.ref('excluded.bytes') })),
      )
      .execute()
}

/** The training rows of a model, in the order of shards. */
export async function readTrainingShards(
  store: Pick<Store, 'pool'>,
  runId: string,
  model: string,
): Promise<Uint8Array[]> {
  return await copyOutBytes(
    store,
    ({ literal }) => `select bytes from training_shard
      where run_id = ${literal(runId)} and model = ${literal(model)} order by shard`,
  )
}

/** Clears the training rows of a run whose models are frozen; of one, or of all. */
export async function dropTrainingShards(store: Pick<Store, 'db'>, runId: string, model?: string): Promise<void> {
  const all = store.db.deleteFrom('training_shard').where('run_id', '=', runId)
  await (model === undefined ? all : all.where('model', '=', model)).execute()
}
