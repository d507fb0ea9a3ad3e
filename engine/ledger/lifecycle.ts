/** The lifecycle of a settlement: which act may follow which, and who may sign it (method.md 7: who prepares cannot release). */
import type { Day } from '../kernel/calendar.ts'
import { paysFor, signerOf, signsFor } from './signer.ts'

/** prepared → reviewed → released → paid; a settlement that is not released may be rejected instead. */
export const STATES = ['prepared', 'reviewed', 'released', 'paid', 'rejected'] as const
export type SettlementState = (typeof STATES)[number]

/** The acts on a settlement, and the state that each leads to: a release when the last insurer has approved its share, a payment when the
 *  last one has paid it. */
export const STATE_AFTER = {
  review: 'reviewed',
  release: 'released',
  reject: 'rejected',
  pay: 'paid',
} as const satisfies Record<string, SettlementState>
export type Act = keyof typeof STATE_AFTER

/** A provisional settlement pays the advance share; a final one closes it. */
export type Finality = 'provisional' | 'final'

/** One event of a lifecycle; the first says who prepared the settlement, as known on which day. */
export interface LifecycleEvent {
  readonly state: SettlementState
  readonly by: string
  readonly on: Day
  readonly note: string
  /** of a release; null of all else */
  readonly finality: Finality | null
}

/** A lifecycle: the preparation, then the events in order. */
export type Lifecycle = readonly [LifecycleEvent, ...LifecycleEvent[]]

/** An insurer's approval of its share. */
export interface Approval {
  readonly insurer: string
  readonly by: string
  readonly on: Day
  readonly note: string
  readonly finality: Finality
}

/** A share that was paid. */
export interface SharePaid {
  readonly insurer: string
  readonly by: string
  readonly on: Day
}

/** How far a settlement is: as a whole, and share by share. */
export interface Standing {
  readonly lifecycle: Lifecycle
  /** whose insured it is about; each approves and pays its share */
  readonly insurers: readonly string[]
  readonly approvals: readonly Approval[]
  readonly payments: readonly SharePaid[]
}

/** One act, of a release or payment on one insurer's share. */
export interface ActAsked {
  readonly act: Act
  readonly by: string
  /** of a release or payment: whose share */
  readonly insurer: string | null
  /** of a release */
  readonly finality: Finality | null
}

const NEXT: Readonly<Record<SettlementState, readonly Act[]>> = {
  prepared: ['review', 'reject'],
  reviewed: ['release', 'reject'],
  released: ['pay'],
  paid: [],
  rejected: [],
}

export const stateOf = (lifecycle: Lifecycle): SettlementState => (lifecycle.at(-1) as LifecycleEvent).state

/** The acts that may come next. */
export const nextActs = (state: SettlementState): readonly Act[] => NEXT[state]

/** Why the act is refused, with a code for programs. */
export interface Objection {
  readonly code:
    | 'not_in_order'
    | 'not_concerned'
    | 'own_review'
    | 'own_release'
    | 'own_payment'
    | 'already_approved'
    | 'already_paid'
    | 'other_finality'
  readonly sentence: string
}

/** Why an act may not be done, or null if it may.
 *
 *  An analyst reviews what somebody else prepared. Each insurer with insured in it approves its share, having neither prepared nor reviewed
 *  it; each share is paid by who neither reviewed nor approved it. An analyst or an insurer that it concerns may reject it before it is
 *  released, the preparer too: that takes nothing from anyone. */
export function objectionTo(standing: Standing, asked: ActAsked): Objection | null {
  const last = standing.lifecycle.at(-1) as LifecycleEvent
  const next = nextActs(last.state)
  if (!next.includes(asked.act)) {
    const possible = next.length === 0 ? 'nothing' : next.join(' or ')
    return { code: 'not_in_order', sentence: `it is ${last.state}; what may follow is ${possible}` }
  }
  return objections[asked.act](standing, asked)
}

const notConcerned = (sentence: string): Objection => ({ code: 'not_concerned', sentence })

const objections: Readonly<Record<Act, (standing: Standing, asked: ActAsked) => Objection | null>> = {
  review: ({ lifecycle: [prepared] }, { by }) => {
    if (signerOf(by).role !== 'analyst') return notConcerned(`it is reviewed by an analyst, and ${by} is none`)
    if (by !== prepared.by) return null
    return { code: 'own_review', sentence: `${by} prepared it; someone else must review it` }
  },
  reject: ({ insurers }, { by }) => {
    const { role, party } = signerOf(by)
    if (role === 'analyst' || (role === 'insurer' && insurers.includes(party))) return null
    return notConcerned(`it is rejected by an analyst or an insurer whose insured it is about, and ${by} is none`)
  },
  release: ({ lifecycle, insurers, approvals }, { by, insurer, finality }) => {
    if (insurer === null || !insurers.includes(insurer) || !signsFor(by, insurer))
      return notConcerned(`${shareOf(insurer)} is not for ${by} to approve`)
    const reviewer = (lifecycle.at(-1) as LifecycleEvent).by
    if (by === lifecycle[0].by || by === reviewer) {
      const did = by === lifecycle[0].by ? 'prepared' : 'reviewed'
      return { code: 'own_release', sentence: `${by} ${did} it; someone else must release it` }
    }
    if (approvals.some((each) => each.insurer === insurer))
      return { code: 'already_approved', sentence: `${shareOf(insurer)} is approved` }
    const other = approvals.find((each) => each.finality !== finality)
    if (!other) return null
    return {
      code: 'other_finality',
      sentence: `${other.insurer} approved it as ${other.finality}, and it cannot be both`,
    }
  },
  pay: ({ lifecycle, insurers, approvals, payments }, { by, insurer }) => {
    if (insurer === null || !insurers.includes(insurer) || !paysFor(by, insurer))
      return notConcerned(`${shareOf(insurer)} is not for ${by} to pay`)
    if (payments.some((each) => each.insurer === insurer))
      return { code: 'already_paid', sentence: `${shareOf(insurer)} is paid` }
    const released = lifecycle.find(({ state }) => state === 'released')
    const approver = approvals.find((each) => each.insurer === insurer)?.by ?? released?.by
    if (by === approver) return { code: 'own_payment', sentence: `${by} approved it; someone else must pay it` }
    const reviewed = lifecycle.some((event) => event.state === 'reviewed' && event.by === by)
    return reviewed ? { code: 'own_payment', sentence: `${by} reviewed it; someone else must pay it` } : null
  },
}

const shareOf = (insurer: string | null): string => (insurer === null ? 'a share of nobody' : `the share of ${insurer}`)
