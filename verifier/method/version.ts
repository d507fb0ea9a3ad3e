/** What the versions of the method compute each in its own way; everything else they share. */
import type { Contract } from './contract.ts'
import type { Computed } from './gates.ts'
import type { MomentsOf } from './history.ts'
import type { Bundle } from './inputs.ts'
import type { CreditedVariances, TrendVariance } from './net-gain.ts'
import type { SquaredErrors } from './partner-mean.ts'
import type { Worth } from './payment.ts'

export interface Version {
  readonly number: 1 | 2
  /** se_p^2 of 4.1 */
  readonly squaredErrors: SquaredErrors
  /** tau2, omega2 and kappa2 of 4.2 */
  readonly momentsOf: MomentsOf
  /** trend_se^2 of 4.4 */
  readonly trendVariance: TrendVariance
  /** S_p of 4.6 */
  readonly creditedVariances: CreditedVariances
  /** v of step 1 in 5, EUR per patient-year */
  readonly valueOf: (worths: readonly Worth[], contract: Contract) => number
  /** the built-in gates of 5 */
  readonly gates: Readonly<Record<string, Computed>>
}

/** A bundle, and the version that its settlement follows. */
export interface VersionedBundle extends Bundle {
  readonly version: Version
}

/** Keys of settlement.json that version 2 brought. */
export const sinceVersion2 = <Keys extends object>({ number }: Version, keys: Keys): Keys | Record<string, never> =>
  number === 1 ? {} : keys
