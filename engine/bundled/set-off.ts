/** Advances on the tariff against what is passed on of it: who had its part before is not paid it again (method.md 6). */
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import type { Passed } from './payout.ts'

/** What the coalition advanced a partner of a contract for a quarter day, and is not set off yet. */
export interface Advanced {
  readonly contract: string
  readonly partner: string
  readonly quarterDay: Day
  readonly cents: Cents
}

export interface SetOff extends Passed {
  /** of the cents, those that the partner's practice had before, as an advance; the rest is paid now */
  readonly advancedCents: Cents
}

/** Sets advances off against the parts of the partner's own practices, quarter day by quarter day, in the order given, until they are used up. The parts of
 *  chain partners and of the organisation are left alone: they had no advance. */
export function setOffOf(passed: readonly Passed[], advances: readonly Advanced[]): SetOff[] {
  const left = new Map<string, Cents>()
  for (const { contract, partner, quarterDay, cents } of advances) {
    const key = keyOf(contract, partner, quarterDay)
    left.set(key, (left.get(key) ?? 0) + cents)
  }
  return passed.map((each) => {
    const { line, partnerId, cents } = each
    const key = keyOf(line.contract, line.partner, line.quarterDay)
    const advancedCents = partnerId === line.practice ? Math.max(0, Math.min(cents, left.get(key) ?? 0)) : 0
    if (advancedCents > 0) left.set(key, (left.get(key) ?? 0) - advancedCents)
    return { ...each, advancedCents }
  })
}

const keyOf = (contract: string, partner: string, quarterDay: Day): string =>
  JSON.stringify([contract, partner, quarterDay])
