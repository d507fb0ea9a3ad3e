/** Asking for a run: the order that goes into the queue, under an id made from everything that goes in. */
import { createHash } from 'node:crypto'
import type { StoredContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import { deliveriesUpTo } from '../../data/region/deliveries.ts'
import { releasedBefore } from '../../data/settlements/corrections.ts'
import { latestDelivery, regionAsked } from '../../data/region/regions.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { ENGINE_VERSION } from '../../engine/contract/version.ts'
import type { RunPayload } from '../../jobs/queue/queues.ts'

export interface RunOrder {
  readonly contract: StoredContract
  readonly flow: 'settle' | 'train'
  /** absent: the only region there is */
  readonly region?: string | undefined
  /** absent: the day of the latest delivery */
  readonly asOf?: Day | undefined
  /** who asks; it is not part of the run's id: of two who ask for the same run the first prepares it */
  readonly preparedBy?: string | undefined
}

/** The payload of a run: the same contract on the same data by the same rules is the same run.
 *  @throws Refusal `released_before`, `unknown_region`, `region_not_named`, `nothing_delivered` */
export async function runOrderOf(
  store: Store,
  { contract, flow, region, asOf, preparedBy }: RunOrder,
): Promise<RunPayload> {
  const where = await regionAsked(store, region)
  const day = asOf ?? (await latestDelivery(store, where))
  if (flow === 'settle') await refuseReleased(store, { contractId: contract.contract.contract, ...where, asOf: day })
  const deliveries = await deliveriesUpTo(store, where.regionId, day)
  if (deliveries.length === 0)
    throw new Refusal(
      'nothing_delivered',
      `Region "${where.name}" had delivered nothing on ${day}; name a later day, or import its data first.`,
      { region: where.name, asOf: day },
    )
  const order = { flow, region: where.name, contractSha256: contract.contractSha256, asOf: day }
  const runId = createHash('sha256')
    .update(canonicalJson({ ...order, deliveries, engineVersion: ENGINE_VERSION }))
    .digest('hex')
  return {
    runId,
    ...order,
    measures: contract.contract.outcomes.map(({ measure }) => measure),
    ...(preparedBy === undefined ? {} : { preparedBy }),
  }
}

/** What is released is corrected by its own frozen models: to settle its contract anew would reopen the method. */
async function refuseReleased(store: Store, of: Parameters<typeof releasedBefore>[1]): Promise<void> {
  const released = await releasedBefore(store, of)
  if (released === null) return
  throw new Refusal(
    'released_before',
    `Contract ${of.contractId} has a released settlement: correct that one, with its models, by winst correct --settlement ${released} --cause late_data --note TEXT.`,
    { released },
  )
}
