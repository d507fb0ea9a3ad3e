/** Frozen models by content hash, with their cards, and which run used which. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

export interface StoredModel {
  readonly modelId: string
  readonly measure: string
  readonly programme: string
  readonly bytes: Uint8Array
  readonly card: unknown
}

/** Stores a model under its content hash, once; its card is that of the first training. */
export async function appendModel(store: Pick<Store, 'db'>, model: StoredModel): Promise<void> {
  const { modelId, measure, programme, bytes, card } = model
  await store.db
    .insertInto('model_artefact')
    .values({
      model_id: modelId,
      measure,
      programme,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      card: JSON.stringify(card),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** @throws Refusal `unknown_model` */
export async function readModel(store: Pick<Store, 'db'>, modelId: string): Promise<StoredModel> {
  const row = await store.db.selectFrom('model_artefact').selectAll().where('model_id', '=', modelId).executeTakeFirst()
  if (!row) throw noModel(modelId)
  return { modelId, measure: row.measure, programme: row.programme, bytes: row.bytes, card: row.card }
}

export const noModel = (modelId: string): Refusal =>
  new Refusal('unknown_model', `There is no model "${modelId}"; winst models lists those there are.`, { modelId })

/** Notes that the expectations of a run for a measure come from this model, of patients that many whole years after their index date's year. */
export async function linkModel(
  store: Pick<Store, 'db'>,
  runId: string,
  measure: string,
  modelId: string,
  yearsElapsed = 0,
): Promise<void> {
  await store.db
    .insertInto('run_model')
    .values({ run_id: runId, measure, years_elapsed: yearsElapsed, model_id: modelId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** A model of a run, and how many years after the index date's it expects. */
export interface RunModel extends StoredModel {
  readonly yearsElapsed: number
}

/** The models of a run with their bytes, by measure and years elapsed. */
export async function readRunModels(store: Pick<Store, 'db'>, runId: string): Promise<RunModel[]> {
  const rows = await store.db
    .selectFrom('run_model')
    .innerJoin('model_artefact', 'model_artefact.model_id', 'run_model.model_id')
    .select(['run_model.model_id', 'run_model.measure', 'years_elapsed', 'programme', 'bytes', 'card'])
    .where('run_id', '=', runId)
    .orderBy('run_model.measure')
    .orderBy('years_elapsed')
    .execute()
  return rows.map(({ model_id, years_elapsed, ...row }) => ({ modelId: model_id, yearsElapsed: years_elapsed, ...row }))
}
