/** The work list as a reader may see it: a partner its own patients and practices, analysts and auditors all. */
import type { Identity, Reader } from '../../data/access/keys.ts'
import { asWorker } from '../../data/access/request-store.ts'
import { issueCounts, issuesOfDelivery } from '../../data/import/issues-by-practice.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import type { Store } from '../../data/postgres/database.ts'
import { filesKnownBy } from '../../data/region/deliveries.ts'
import { latestDelivery, readPartners } from '../../data/region/regions.ts'
import { workList, type WorkAsked, type WorkItem } from '../../data/work/work-list.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { readsWhole } from './role-view.ts'

/** By the day on which the window closes, the first first. */
export const WORK: Listing<WorkItem> = {
  sorts: {
    window_to: { kind: 'day', of: ({ windowTo }) => windowTo },
    practice: { kind: 'text', of: ({ practiceId }) => practiceId },
  },
  id: {
    kind: 'text',
    of: ({ contract, partnerId, practiceId, patientId, measure }) =>
      [partnerId, practiceId, patientId, measure, contract].join('\t'),
  },
  first: 'window_to',
}

/** Rows of the delivery that were not taken, or kept with a remark, of one practice. */
export interface PracticeFaults {
  /** blank: rows of which no practice is known */
  readonly practice_id: string
  readonly rejected: number
  readonly kept: number
}

export interface Work {
  readonly asOf: Day
  readonly items: readonly WorkItem[]
  readonly faults: readonly PracticeFaults[]
}

/** The work list of a region as the reader may see it, in no order.
 *  @param store of everybody: who is due follows from where a patient was enrolled elsewhere, which its partner does not see
 *  @param asOf left out: the day of the latest delivery
 *  @throws Refusal `nothing_delivered`, `unknown_contract` */
export async function workFor(
  store: Store,
  reader: Reader,
  region: { readonly regionId: number; readonly name: string },
  { asOf: on, contract }: { readonly asOf?: Day | undefined; readonly contract?: string | undefined },
): Promise<Work> {
  const asOf = on ?? (await latestDelivery(store, region))
  const asked: WorkAsked = { regionId: region.regionId, asOf, contract }
  const isOwn = await ownershipOf(store, reader, asked)
  const delivery = await filesKnownBy(store, region.regionId, asOf)
  const issues = delivery ? issueCounts(await issuesOfDelivery(store, delivery.deliveryId)) : []
  return {
    asOf,
    items: (await workList(store, asked)).filter(({ partnerId, practiceId }) => isOwn(partnerId) || isOwn(practiceId)),
    faults: issues
      .filter(({ practice }) => isOwn(practice))
      .map(({ practice, rejected, kept }) => ({ practice_id: practice, rejected, kept })),
  }
}

/** Whose partner ids a reader may see the work of: a partner its own and its practices'. */
async function ownershipOf(
  store: Store,
  reader: Reader,
  { regionId, asOf }: WorkAsked,
): Promise<(partnerId: string) => boolean> {
  if (readsWhole(reader)) return () => true
  if (reader.role !== 'partner') return () => false
  const partners = await readPartners(store.pool, regionId, asOf)
  const own = new Set(partners.filter(({ memberOf }) => memberOf === reader.subject).map(({ partnerId }) => partnerId))
  return (partnerId) => partnerId === reader.subject || own.has(partnerId)
}

/** The same for a request: computed with the rights of a worker, then only what is the reader's. */
export const workOfRequest = (shared: Store, identity: Identity, asked: Parameters<typeof workFor>[3]): Promise<Work> =>
  asWorker(shared, (store) => workFor(store, identity, { regionId: identity.regionId, name: identity.region }, asked))
