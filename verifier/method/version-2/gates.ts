/** method.md 5, built-in gates, in version 2: deaths beyond what was to be expected, and late index dates. */
import { computed, type Computed } from '../gates.ts'

export const gates: Readonly<Record<string, Computed>> = {
  ...computed,
  // deaths that nobody predicted say nothing
  max_excess_deaths: ({ deaths, deathsPredicted }) =>
    Number.isNaN(deathsPredicted) ? null : deaths - poissonLimit(deathsPredicted),
  max_late_share: ({ patients, late }) => (patients === 0 ? null : late / patients),
}

/** The 95% limit: the smallest number that a Poisson count of this mean does not pass with 95% probability. */
export function poissonLimit(mean: number): number {
  // in logarithms: exp(-mean) is 0 from a mean of 745 up
  let logarithm = -mean
  let below = Math.exp(logarithm)
  let limit = 0
  while (below < 0.95) {
    limit += 1
    logarithm += Math.log(mean / limit)
    below += Math.exp(logarithm)
  }
  return limit
}
