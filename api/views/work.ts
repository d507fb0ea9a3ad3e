/** The work list as a reader may see it: a partner its own patients and practices, analysts and auditors all. */
import type { Reader } from '../../data/access/keys.ts'
import { issueCounts, issuesOfDelivery } from '../../data/import/issues-by-practice.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import type { Store } from '../../data/postgres/database.ts'
import { filesKnownBy } from '../../data/region/deliveries.ts'
import { latestDelivery, readPartners } from '../../data/region/regions.ts'
import { workList, type WorkItem } from '../../data/work/work-list.ts'
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

/** The work list of everybody, and which practice is a member of what: nobody but a worker reads it whole. */
export interface WholeWork extends Work {
  readonly memberOf: ReadonlyMap<string, string | null>
}

export interface WorkOf {
  readonly region: { readonly regionId: number; readonly name: string }
  /** left out: the day of the latest delivery */
  readonly asOf?: Day | undefined
  readonly contract?: string | undefined
}

/** The work list of a region, of everybody and in no order.
 *  @param store of everybody: who is due follows from where a patient was enrolled elsewhere, which its partner does not see
 *  @throws Refusal `nothing_delivered`, `unknown_contract` */
export async function wholeWork(store: Store, { region, asOf: on, contract }: WorkOf): Promise<WholeWork> {
  const { regionId } = region
  const asOf = on ?? (await latestDelivery(store, region))
  const delivery = await filesKnownBy(store, regionId, asOf)
  const issues = delivery ? issueCounts(await issuesOfDelivery(store, delivery.deliveryId)) : []
  const partners = await readPartners(store.pool, regionId, asOf)
  return {
    asOf,
    items: await workList(store, { regionId, asOf, contract }),
    faults: issues.map(({ practice, rejected, kept }) => ({ practice_id: practice, rejected, kept })),
    memberOf: new Map(partners.map(({ partnerId, memberOf }) => [partnerId, memberOf])),
  }
}

/** Of the whole what the reader may see: a partner its own and its practices', analysts and auditors all, others nothing. */
export function workFor(reader: Reader, { asOf, items, faults, memberOf }: WholeWork): Work {
  if (readsWhole(reader)) return { asOf, items, faults }
  const { role, subject } = reader
  const isOwn = (partnerId: string): boolean =>
    role === 'partner' && (partnerId === subject || memberOf.get(partnerId) === subject)
  return {
    asOf,
    items: items.filter(({ partnerId, practiceId }) => isOwn(partnerId) || isOwn(practiceId)),
    faults: faults.filter(({ practice_id: practice }) => isOwn(practice)),
  }
}
