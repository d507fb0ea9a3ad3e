/** method.md 5, `excess_missing: deduct`: who hides the worst is assumed to have hidden the worst. */
import type { Contract } from '../contract.ts'
import { type Excess, valueOf, type Worth } from '../payment.ts'
import { sum } from '../numbers.ts'
import { density, quantile } from './normal.ts'

/** v of step 1, less q * residual sd * phi(Phi^-1(e)) / (1 - e) for every outcome whose excess e passes 1.645 of its standard error. */
export function valueAfterDeduction(worths: readonly Worth[], contract: Contract): number {
  const value = valueOf(worths, contract)
  if (contract.excessMissing !== 'deduct') return value
  return value - sum(worths.map(({ q, residualSd, excess }) => q * residualSd * hidden(excess)))
}

/** By how many standard deviations the mean of those shown lies above that of all, if the worst e of them are hidden. */
function hidden({ share, error, n }: Excess): number {
  if (!(share > 0) || !(share > 1.645 * error)) return 0
  // all of them gone, and none to be expected to: short of everybody by half a patient
  const e = Math.min(share, 1 - 1 / (2 * n))
  return density(quantile(e)) / (1 - e)
}
