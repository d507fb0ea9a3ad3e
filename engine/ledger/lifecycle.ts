/** The lifecycle of a settlement: which act may follow which, and who may sign it (method.md 7: who prepares cannot release). */
import type { Day } from '../kernel/calendar.ts'

/** prepared → reviewed → released → paid; a settlement that is not released may be rejected instead. */
export const STATES = ['prepared', 'reviewed', 'released', 'paid', 'rejected'] as const
export type SettlementState = (typeof STATES)[number]

/** The acts on a settlement, and the state that each leads to. */
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
  readonly code: 'not_in_order' | 'own_review' | 'own_release' | 'before_last_act'
  readonly sentence: string
}

/** Why an act may not be done, or null if it may.
 *
 *  Who reviews did not prepare; who releases neither prepared nor reviewed, so that two people have looked even where a
 *  machine prepared. Anybody may reject, the preparer too: that takes nothing from anyone. */
export function objectionTo(lifecycle: Lifecycle, act: Act, by: string, on: Day): Objection | null {
  const [prepared] = lifecycle
  const last = lifecycle.at(-1) as LifecycleEvent
  const next = nextActs(last.state)
  if (!next.includes(act)) {
    const possible = next.length === 0 ? 'nothing' : next.join(' or ')
    return { code: 'not_in_order', sentence: `it is ${last.state}; what may follow is ${possible}` }
  }
  if (act === 'review' && by === prepared.by)
    return { code: 'own_review', sentence: `${by} prepared it; someone else must review it` }
  if (act === 'release' && (by === prepared.by || by === last.by)) {
    const did = by === prepared.by ? 'prepared' : 'reviewed'
    return { code: 'own_release', sentence: `${by} ${did} it; someone else must release it` }
  }
  if (on < last.on)
    return { code: 'before_last_act', sentence: `it is ${last.state} since ${last.on}; ${on} lies before that` }
  return null
}
