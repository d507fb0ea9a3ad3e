/** Alternative estimators of a contract's effect per partner, which the method must outperform. */
import { MEASURED } from '../../engine/assessment/assessment.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { meanOf } from './figure.ts'
import type { Region } from './region.ts'

export function alternativesOf(region: Region, settlement: Settlement): Record<string, readonly number[]> {
  const { partner, status, last, realised } = region.years[0]!
  const meanPerPartner = (value: (row: number) => number): number[] => {
    const [sums, counts] = [new Float64Array(region.partnerIds.length), new Int32Array(region.partnerIds.length)]
    for (let row = 0; row < partner.length; row++)
      if (status[row] === MEASURED) {
        sums[partner[row]!]! += value(row)
        counts[partner[row]!]!++
      }
    return region.contractPartners.map((p) => sums[p]! / counts[p]!)
  }
  const results = meanPerPartner((row) => -realised[row]!)
  const average = meanOf(results)
  return {
    'observed minus expected': settlement.partners.map(({ outcomes }) => outcomes[0]!.mean_gain!),
    'before and after': meanPerPartner((row) => last[row]! - realised[row]!),
    'comparison with the average': results.map((result) => result - average),
  }
}
