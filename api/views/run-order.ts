/** The queue payload of a run, under an id derived from all its inputs. */
import { createHash } from 'node:crypto'
import type { StoredContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import { deliveriesUpTo } from '../../data/region/deliveries.ts'
import { releasedBefore } from '../../data/settlements/corrections.ts'
import { periodStartOf } from '../../data/settlements/settlements.ts'
import { refuseContractYears } from '../../data/settlements/contract-years.ts'
import { refusePeriodWithoutData } from '../../data/region/period-data.ts'
import { latestDelivery, regionAsked } from '../../data/region/regions.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { modelsAskedOf } from '../../engine/contract/term.ts'
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
  /** who requests it; not part of the run's id: of two requests for the same run the first prepares it */
  readonly preparedBy?: string | undefined
}

/** The payload of a run: the same contract on the same data by the same rules is the same run.
 *  @throws Refusal `released_before`, `unknown_region`, `region_not_named`, `nothing_delivered`, `period_without_data`,
 *    `nobody_enrolled`, `contract_years` */
export async function runOrderOf(
  store: Store,
  { contract, flow, region, asOf, preparedBy }: RunOrder,
): Promise<RunPayload> {
  const where = await regionAsked(store, region)
  const day = asOf ?? (await latestDelivery(store, where))
  if (flow === 'settle') {
    const account = { contractId: contract.contract.contract, ...where, periodStart: periodStartOf(contract.contract) }
    await refuseReleased(store, { ...account, asOf: day })
  }
  const deliveries = await deliveriesUpTo(store, where.regionId, day)
  if (deliveries.length === 0)
    throw new Refusal(
      'nothing_delivered',
      `Region "${where.name}" had delivered nothing on ${day}; name a later day, or import its data first.`,
      { region: where.name, asOf: day },
    )
  if (flow === 'settle')
    await refusePeriodWithoutData(store, { regionId: where.regionId, asOf: day, contract: contract.contract })
  await refuseContractYears(store, { regionId: where.regionId, contract: contract.contract })
  const order = { flow, region: where.name, contractSha256: contract.contractSha256, asOf: day }
  const runId = createHash('sha256')
    .update(canonicalJson({ ...order, deliveries, engineVersion: ENGINE_VERSION }))
    .digest('hex')
  return {
    runId,
    ...order,
    models: modelsAskedOf(contract.contract).map(({ name }) => name),
    ...(preparedBy === undefined ? {} : { preparedBy }),
  }
}

/** A released settlement is corrected with its own frozen models; settling its contract again would change the models. */
async function refuseReleased(store: Store, of: Parameters<typeof releasedBefore>[1]): Promise<void> {
  const released = await releasedBefore(store, of)
  if (released === null) return
  throw new Refusal(
    'released_before',
    `Contract ${of.contractId} has a released settlement: correct that one, with its models, by winst correct --settlement ${released} --cause late_data --note TEXT.`,
    { released },
  )
}
