/** The queue payloads of a correction run and of the preview of a dispute. */
import { createHash } from 'node:crypto'
import type { Cause } from '../../data/settlements/corrections.ts'
import { correctableAsOf, correctionOf, lastRejectedOf } from '../../data/settlements/corrections.ts'
import { readContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import { deliveriesUpTo } from '../../data/region/deliveries.ts'
import { type Dispute } from '../../data/disputes/disputes.ts'
import { appendPreview, type PreviewOrder } from '../../data/disputes/previews.ts'
import { latestDelivery, readRegions } from '../../data/region/regions.ts'
import { readRun } from '../../data/runs/runs.ts'
import { readSettlement, settlementAsOf } from '../../data/settlements/settlements.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { modelsAskedOf } from '../../engine/contract/term.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { ENGINE_VERSION } from '../../engine/contract/version.ts'
import type { RunPayload } from '../../jobs/queue/queues.ts'

export interface CorrectionOrder {
  readonly settlementId: string
  readonly cause: Cause
  /** what was late or defective; for a ruling it is in the dispute */
  readonly note: string
  readonly disputeId?: number | undefined
  /** absent: the day of the latest delivery */
  readonly asOf?: Day | undefined
  readonly preparedBy?: string | undefined
}

/** The payload of a correction: the corrected settlement's contract and models, on what is known by then.
 *  @throws Refusal those of `correctableAsOf`; `no_note` */
export async function correctionOrderOf(store: Store, order: CorrectionOrder): Promise<RunPayload> {
  const { cause, note, disputeId = null, preparedBy } = order
  if (cause !== 'ruling' && note.trim() === '')
    throw new Refusal('no_note', `A correction for ${cause} says what was ${cause === 'defect' ? 'wrong' : 'late'}.`)
  const { regionId, runId: before, settlementId } = await readSettlement(store, order.settlementId)
  const region = (await readRegions(store)).find((each) => each.regionId === regionId)
  invariant(region, 'a settlement belongs to a region')
  const asOf = order.asOf ?? (await latestDelivery(store, region))
  await correctableAsOf(store, settlementId, asOf)
  // What was rejected is prepared anew under another id: as a correction of the rejected one.
  const corrects = await lastRejectedOf(store, settlementId, asOf)
  const { contractSha256 } = await readRun(store, before)
  const deliveries = await deliveriesUpTo(store, regionId, asOf)
  const what = { flow: 'correct', region: region.name, contractSha256, asOf } as const
  const inputs = { ...what, corrects, cause, disputeId, deliveries, engineVersion: ENGINE_VERSION }
  return {
    runId: createHash('sha256').update(canonicalJson(inputs)).digest('hex'),
    ...what,
    models: await modelNamesOf(store, contractSha256),
    correction: { corrects, cause, disputeId, note },
    ...(preparedBy === undefined ? {} : { preparedBy }),
  }
}

/** The correction that an upheld dispute leads to: of the settlement in force of its contract on the ruling's day.
 *  @throws Refusal `not_upheld`, `corrected_since` */
export async function correctionAfter(store: Store, dispute: Dispute, preparedBy?: string): Promise<RunPayload> {
  const { disputeId, ruling } = dispute
  if (ruling?.verdict !== 'upheld')
    throw new Refusal('not_upheld', `Dispute ${disputeId} is not upheld; there is nothing to correct.`, { disputeId })
  const disputed = await readSettlement(store, dispute.settlementId)
  const known = await correctionOf(store, disputeId)
  if (known)
    throw new Refusal('corrected_since', `Dispute ${disputeId} has led to settlement ${known}: correct that.`, {
      correctedBy: known,
    })
  const holds = await settlementAsOf(store, { ...disputed, asOf: ruling.on })
  invariant(holds, 'the disputed settlement itself holds at least')
  const note = `dispute ${disputeId}`
  return await correctionOrderOf(store, {
    settlementId: holds.settlementId,
    cause: 'ruling',
    note,
    disputeId,
    asOf: ruling.on,
    preparedBy,
  })
}

/** The payload of a preview; the same contention about the same settlement is the same preview.
 *  @throws Refusal those of `appendPreview` */
export async function previewOrderOf(store: Store, order: PreviewOrder, askedBy: string): Promise<RunPayload> {
  const previewId = await appendPreview(store, order, askedBy)
  const { runId, regionId, asOf } = await readSettlement(store, order.settlementId)
  const region = (await readRegions(store)).find((each) => each.regionId === regionId)
  invariant(region, 'a settlement belongs to a region')
  const { contractSha256 } = await readRun(store, runId)
  const models = await modelNamesOf(store, contractSha256)
  return { runId: previewId, flow: 'preview', region: region.name, contractSha256, asOf, models }
}

const modelNamesOf = async (store: Store, contractSha256: string): Promise<readonly string[]> =>
  modelsAskedOf((await readContract(store, contractSha256)).contract).map(({ name }) => name)
