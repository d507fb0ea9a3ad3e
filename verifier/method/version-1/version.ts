/** Version 1 of the method: settlements of engine 0.1. */
import { computed } from '../gates.ts'
import { valueOf } from '../payment.ts'
import type { Version } from '../version.ts'
import { squaredErrors } from './errors.ts'
import { momentsOf } from './moments.ts'

export const version1: Version = {
  number: 1,
  squaredErrors,
  momentsOf,
  trendVariance: (controls) => {
    let weights = 0
    for (const { weight } of controls) weights += weight
    return 1 / weights
  },
  creditedVariances: (rows) => rows.map(({ V }) => V),
  valueOf,
  gates: computed,
}
