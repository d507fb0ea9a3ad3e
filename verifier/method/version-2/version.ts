/** Version 2 of the method: settlements of engine 0.2. */
import type { Version } from '../version.ts'
import { valueAfterDeduction } from './deduction.ts'
import { squaredErrors } from './errors.ts'
import { gates } from './gates.ts'
import { momentsOf } from './moments.ts'
import { creditedVariances, trendVariance } from './uncertainty.ts'

export const version2: Version = {
  number: 2,
  squaredErrors,
  momentsOf,
  trendVariance,
  creditedVariances,
  valueOf: valueAfterDeduction,
  gates,
}
