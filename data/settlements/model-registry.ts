/** The model registry: the decisions about every model, by whom, on which day and why; each decision is a row, the last one is in force.
 *
 *  draft → validated → payable → retired. Training enters a model as a draft, and as validated if its checks hold; only a person makes it
 *  payable. The database enforces the order (refuse_model_decision). */
import type { Selectable } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import type { RunTables } from '../postgres/run-tables.ts'
import { noModel } from '../runs/models.ts'
import { actDay } from './act-day.ts'

export type ModelState = 'draft' | 'validated' | 'payable' | 'retired'

export interface Decision {
  readonly state: ModelState
  readonly by: string
  readonly on: Day
  readonly reason: string
}

/** The validation of a newly frozen model. */
export interface Judged {
  readonly modelId: string
  /** last day of the reference period */
  readonly learnedUntil: Day
  readonly holds: boolean
  /** one sentence on the checks */
  readonly finding: string
}

/** Enters a trained model as a draft, and as validated if its checks hold; a model that was validated before is unchanged. */
export async function registerModel(
  store: Pick<Store, 'db'>,
  { modelId, learnedUntil, holds, finding }: Judged,
  { by, on }: Pick<Decision, 'by' | 'on'>,
): Promise<void> {
  const judged = await store.db
    .insertInto('model_validation')
    .values({ model_id: modelId, learned_until: learnedUntil, holds })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(judged.numInsertedOrUpdatedRows) === 0) return
  const [last] = await decisionsOn(store, modelId)
  if (!last) await append(store, modelId, { state: 'draft', by, on, reason: 'trained and frozen' })
  if (holds && (last?.state ?? 'draft') === 'draft')
    await append(store, modelId, { state: 'validated', by, on, reason: finding })
}

/** Notes a person's decision about a model, on the day of the database.
 *  @throws Refusal `unknown_model`, `not_this_state` (what the state allows), `own_model` (who prepared it cannot) */
export async function decideOnModel(
  store: Pick<Store, 'db'>,
  modelId: string,
  decision: Omit<Decision, 'on'>,
): Promise<void> {
  const [last, ...earlier] = await decisionsOn(store, modelId)
  if (!last) throw noModel(modelId)
  const facts = { modelId, state: last.state }
  const { state, by } = decision
  if (!following[last.state].includes(state))
    throw new Refusal('not_this_state', wrongState(modelId, last, state), facts)
  const prepared = [last, ...earlier].some((each) => each.state === 'draft' && sameName(each.by, by))
  if (state === 'payable' && prepared)
    throw new Refusal('own_model', `${by} prepared model ${modelId}; someone else must make it payable.`, facts)
  await append(store, modelId, { ...decision, on: await actDay(store) })
}

/** payable may follow payable, when a person reviews it after an alarm. `validated` is set by training only. */
const following: Readonly<Record<ModelState, readonly ModelState[]>> = {
  draft: ['retired'],
  validated: ['payable', 'retired'],
  payable: ['payable', 'retired'],
  retired: [],
}

function wrongState(modelId: string, last: Decision, wanted: ModelState): string {
  if (last.state === 'draft' && wanted === 'payable')
    return `Model ${modelId} is a draft: its checks do not hold, so it cannot become payable. Train on a longer reference, or on more patients; its card tells which check it was.`
  return `Model ${modelId} is ${last.state} since ${last.on}; it cannot become ${wanted}.`
}

/** Whether two signatures are of one person: `analyst:ann` over the API, and `Ann` at the command line. */
const nameIn = (signature: string): string =>
  signature
    .trim()
    .replace(/^[a-z]+:/, '')
    .toLowerCase()
export const sameName = (a: string, b: string): boolean => nameIn(a) === nameIn(b)

async function append(store: Pick<Store, 'db'>, modelId: string, { state, by, on, reason }: Decision): Promise<void> {
  await store.db
    .insertInto('model_decision')
    .values({ model_id: modelId, state, decided_by: by.trim(), decided_on: on, reason })
    .execute()
}

/** Every decision about a model, the last one first. */
export async function decisionsOn(store: Pick<Store, 'db'>, modelId: string): Promise<Decision[]> {
  const rows = await store.db
    .selectFrom('model_decision')
    .selectAll()
    .where('model_id', '=', modelId)
    .orderBy('seq', 'desc')
    .execute()
  return rows.map(decisionIn)
}

const decisionIn = ({ state, decided_by, decided_on, reason }: Selectable<RunTables['model_decision']>): Decision => ({
  state,
  by: decided_by,
  on: decided_on,
  reason,
})

/** The last decision about each of the models, by model_id.
 *  @throws Refusal `unknown_model` */
export async function lastDecisions(
  store: Pick<Store, 'db'>,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, Decision>> {
  if (modelIds.length === 0) return new Map()
  const rows = await store.db
    .selectFrom('model_decision')
    .selectAll()
    .distinctOn('model_id')
    .where('model_id', 'in', modelIds)
    .orderBy('model_id')
    .orderBy('seq', 'desc')
    .execute()
  const last = new Map(rows.map((row) => [row.model_id, decisionIn(row)]))
  for (const modelId of modelIds) if (!last.has(modelId)) throw noModel(modelId)
  return last
}

export interface RegisteredModel {
  readonly modelId: string
  readonly measure: string
  readonly programme: string
  readonly state: ModelState
  readonly card: unknown
  /** the order in which models were decided on last */
  readonly decided: number
}

/** Every model with its state and card, the one decided on last first; without its bytes. */
export async function listModels(store: Pick<Store, 'db'>): Promise<RegisteredModel[]> {
  const rows = await store.db
    .selectFrom('model_artefact')
    .innerJoin('model_decision', 'model_decision.model_id', 'model_artefact.model_id')
    .distinctOn('model_artefact.model_id')
    .select(['model_artefact.model_id', 'measure', 'programme', 'card', 'state', 'seq'])
    .orderBy('model_artefact.model_id')
    .orderBy('seq', 'desc')
    .execute()
  return rows
    .sort((a, b) => b.seq - a.seq)
    .map(({ model_id, measure, programme, card, state, seq }) => ({
      modelId: model_id,
      measure,
      programme,
      card,
      state,
      decided: seq,
    }))
}
