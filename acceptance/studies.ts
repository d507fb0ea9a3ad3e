/** Everything that the suite simulates. */
import type { Study } from './simulation/scale.ts'
import { scoresNearTheirCeiling } from './studies/version-2/ceiling.ts'
import { clusters } from './studies/clusters.ts'
import { composite } from './studies/composite.ts'
import { conservation } from './studies/conservation.ts'
import { deaths } from './studies/deaths.ts'
import { drift } from './studies/drift.ts'
import { future } from './studies/future.ts'
import { gaming } from './studies/gaming.ts'
import { hiding } from './studies/hiding.ts'
import { keptGain } from './studies/version-2/kept-gain.ts'
import { missing } from './studies/missing.ts'
import { monotone } from './studies/monotone.ts'
import { oneBadYear } from './studies/null-regions/one-bad-year.ts'
import { noEffect } from './studies/no-effect.ts'
import { ratchet } from './studies/ratchet.ts'
import { reproducible } from './studies/reproducible.ts'
import { selection } from './studies/selection.ts'
import { skew } from './studies/null-regions/skew.ts'
import { trend } from './studies/trend.ts'

/** The studies that are judged one by one; the regimes are separate, since they are also judged together. */
export const STUDIES: readonly Study[] = [
  ...noEffect,
  ...clusters,
  ...keptGain,
  ...oneBadYear,
  ...skew,
  ...scoresNearTheirCeiling,
  ...selection,
  ...hiding,
  ...deaths,
  ...gaming,
  ...missing,
  ...trend,
  ...drift,
  ...composite,
  ...ratchet,
  ...conservation,
  ...reproducible,
  ...monotone,
  ...future,
]
