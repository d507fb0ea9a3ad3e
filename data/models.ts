/** Frozen models by content hash, with their cards, and which run used which. */
import { Refusal } from '../engine/refusal.ts'
import type { Store } from './database.ts'

export interface StoredModel {
  readonly modelId: string
  readonly measure: string
  readonly programme: string
  readonly bytes: Uint8Array
  readonly card: unknown
}

export type ModelState = 'candidate' | 'frozen' | 'retired'

/** Keeps a model under its content hash; the same model twice is one. Its first state is `frozen`: nothing reads it before. */
export async function appendModel(
  store: Pick<Store, 'db'>,
  model: StoredModel,
  state: ModelState = 'frozen',
): Promise<void> {
  const { modelId, measure, programme, bytes, card } = model
  const kept = await store.db
    .insertInto('model_artefact')
    .values({
      model_id: modelId,
      measure,
      programme,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      card: JSON.stringify(card),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(kept.numInsertedOrUpdatedRows) > 0) await appendModelState(store, modelId, state)
}

export async function appendModelState(store: Pick<Store, 'db'>, modelId: string, state: ModelState): Promise<void> {
  await store.db.insertInto('model_state').values({ model_id: modelId, state }).execute()
}

/** @throws Refusal `unknown_model` */
export async function readModel(
  store: Pick<Store, 'db'>,
  modelId: string,
): Promise<StoredModel & { readonly state: ModelState }> {
  const row = await store.db.selectFrom('model_artefact').selectAll().where('model_id', '=', modelId).executeTakeFirst()
  if (!row) throw new Refusal('unknown_model', `There is no model "${modelId}".`, { modelId })
  const { state } = await store.db
    .selectFrom('model_state')
    .select('state')
    .where('model_id', '=', modelId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { modelId, measure: row.measure, programme: row.programme, bytes: row.bytes, card: row.card, state }
}

/** Notes that the expectations of a run for a measure come from this model. */
export async function linkModel(
  store: Pick<Store, 'db'>,
  runId: string,
  measure: string,
  modelId: string,
): Promise<void> {
  await store.db
    .insertInto('run_model')
    .values({ run_id: runId, measure, model_id: modelId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The models of a run with their bytes, by measure. */
export async function readRunModels(store: Pick<Store, 'db'>, runId: string): Promise<StoredModel[]> {
  const rows = await store.db
    .selectFrom('run_model')
    .innerJoin('model_artefact', 'model_artefact.model_id', 'run_model.model_id')
    .select(['run_model.model_id', 'run_model.measure', 'programme', 'bytes', 'card'])
    .where('run_id', '=', runId)
    .orderBy('run_model.measure')
    .execute()
  return rows.map(({ model_id, ...row }) => ({ modelId: model_id, ...row }))
}

/** The cards of every model, newest first, without their bytes. */
export async function listModels(
  store: Pick<Store, 'db'>,
): Promise<(Omit<StoredModel, 'bytes'> & { readonly state: ModelState })[]> {
  const rows = await store.db
    .selectFrom('model_artefact')
    .innerJoin('model_state', 'model_state.model_id', 'model_artefact.model_id')
    .distinctOn('model_artefact.model_id')
    .select(['model_artefact.model_id', 'measure', 'programme', 'card', 'state', 'seq'])
    .orderBy('model_artefact.model_id')
    .orderBy('seq', 'desc')
    .execute()
  return rows
    .sort((a, b) => b.seq - a.seq)
    .map(({ model_id, measure, programme, card, state }) => ({ modelId: model_id, measure, programme, card, state }))
}
