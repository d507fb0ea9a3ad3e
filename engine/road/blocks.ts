/** What stands between a road and a signature. */
import type { Day } from '../kernel/calendar.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Road, State, Step } from './road.ts'

export interface Block {
  readonly step: Step
  readonly subject: string
  readonly party: string
  readonly state: State
  readonly owner: string
  readonly due: Day
  /** null: no day was asked about */
  readonly overdue: boolean | null
}

/** Every subject that a party has not agreed to, in the order of the road.
 *  @param on the day that it is looked at; null: nobody says */
export const blocksOf = ({ subjects }: Road, on: Day | null): Block[] =>
  subjects.flatMap(({ step, subject, owner, due, standings }) =>
    standings
      .filter(({ state }) => state !== 'agreed')
      .map(({ party, state }) => ({ step, subject, party, state, owner, due, overdue: on === null ? null : due < on })),
  )

/** @throws Refusal `road_open` */
export function refuseOpen(road: Road): void {
  const [first, ...others] = blocksOf(road, null)
  if (first === undefined) return
  throw new Refusal(
    'road_open',
    `Road ${road.road} has an open subject: "${first.subject}" of step ${first.step} is ${first.state} at ${first.party} (owner ${first.owner}, due ${first.due})${others.length > 0 ? `, and ${others.length} more` : ''}; the contract is written when every party has agreed to every subject.`,
    { road: road.road, open: 1 + others.length },
  )
}
