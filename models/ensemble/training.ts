/** Training of one outcome: every family cross-fitted, their blend and its dispersion; frozen as bytes under a content hash. */
import { createHash } from 'node:crypto'
import { FOLDS, foldOf, mixed } from '../../engine/kernel/fold.ts'
import { periodOf } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { Contract, Outcome } from '../../engine/contract/contract.ts'
import { referenceLandmarks } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { targetsOf } from '../../engine/panel/target.ts'
import { seriesOf } from '../../engine/panel/window.ts'
import { packArtefact, type Fit } from '../predictive/artefact.ts'
import { cardOf, type ModelCard } from '../evaluation/card.ts'
import type { Estimator, ExpectationSpec } from '../estimator.ts'
import { FIT_GROUPS } from './fit-groups.ts'
import { familiesFor } from '../registry.ts'
import { sampleOf, sampleShard, type WholeSample } from '../sample/sample.ts'
import { supportOf } from '../predictive/support.ts'
import { outerFrom } from './form.ts'

/** The most rows of one shard and fold: 16 shards of 5 x 250 are 20,000 landmarks, about 10 MB an outcome, whatever the
 *  region's size; more rows do not improve accuracy (decision 26). */
export const SHARD_ROWS = 250

/** The training rows of a contract's outcome in one shard: landmarks at quarter days of the reference period, patients under the care of
 *  reference partners, targets inside the reference period too (method.md 2). */
export function trainingShardOf(panel: Panel, contract: Contract, outcome: Outcome): Uint8Array {
  const rows = referenceLandmarks(panel, contract, outcome)
  const { until } = periodOf(contract.reference)
  const targets = targetsOf(seriesOf(panel, outcome.measure), rows, { ...outcome, until })
  const foldOfPatient = (patient: number): number => foldOf(panel.patientIds[patient]!)
  return sampleShard(panel, outcome.measure, rows, targets, { foldOfPatient, mostRows: SHARD_ROWS })
}

export interface Trained {
  /** what `loadExpecter` reads: predictors, weights, dispersions and the spec; no timestamps, host data or names */
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, hex */
  readonly modelId: string
  readonly card: ModelCard
}

/** One model per fold that left the fold's patients out of everything (scaling, penalties, weights, dispersion), and one of all.
 *  @param shards in shard order  @param seed of all randomness; same shards and seed, same bytes
 *  @param clockMs for the card's timings only; without it they are null
 *  @param competing families of the registry, for a bench of each alone */
export async function train(
  shards: readonly Uint8Array[],
  spec: ExpectationSpec,
  seed: number,
  clockMs?: () => number,
  competing?: readonly Estimator[],
): Promise<Trained> {
  const sample = sampleFor(shards, spec)
  const families = competing ?? familiesFor(sample.target.length)
  return frozen(sample, spec, seed, families, await fitsOf(sample, seed, families, families, clockMs))
}

/** A family that is fitted, by name: passed from a fitting thread to the one that freezes the model. */
export type Fitted = Omit<Fit, 'family'> & { readonly name: string }

/** The families of one fit group, fitted to the shards; a part of `train`.  @param group a place in FIT_GROUPS */
export async function fitGroup(
  shards: readonly Uint8Array[],
  spec: ExpectationSpec,
  seed: number,
  group: number,
  clockMs?: () => number,
): Promise<Fitted[]> {
  const sample = sampleFor(shards, spec)
  const families = familiesFor(sample.target.length)
  const own = families.filter(({ name }) => FIT_GROUPS[group]!.includes(name))
  const fits = await fitsOf(sample, seed, families, own, clockMs)
  return fits.map(({ family, ...fit }) => ({ ...fit, name: family.name }))
}

/** Completes `train` from the fits of every group, given in any order: the same bytes. */
export function freeze(
  shards: readonly Uint8Array[],
  spec: ExpectationSpec,
  seed: number,
  fitted: readonly Fitted[],
): Trained {
  const sample = sampleFor(shards, spec)
  const families = familiesFor(sample.target.length)
  const fits = families.map((family) => {
    const fit = fitted.find(({ name }) => name === family.name)
    invariant(fit, `${family.name} is fitted before the model is frozen`)
    return { family, crossFit: fit.crossFit, fitMs: fit.fitMs }
  })
  return frozen(sample, spec, seed, families, fits)
}

const sampleFor = (shards: readonly Uint8Array[], spec: ExpectationSpec): WholeSample =>
  sampleOf(shards, spec.folds ?? FOLDS, spec.measure)

/** @param families all competing families: a family's random stream follows its position among them  @param own those that are fitted here */
async function fitsOf(
  sample: WholeSample,
  seed: number,
  families: readonly Estimator[],
  own: readonly Estimator[],
  clockMs?: () => number,
): Promise<Fit[]> {
  const fits: Fit[] = []
  for (const family of own) {
    const from = clockMs?.()
    const crossFit = await family.crossFit(sample, mixed(seed + families.indexOf(family)))
    fits.push({ family, crossFit, fitMs: from === undefined || !clockMs ? null : clockMs() - from })
  }
  return fits
}

function frozen(
  sample: WholeSample,
  spec: ExpectationSpec,
  seed: number,
  families: readonly Estimator[],
  fits: readonly Fit[],
): Trained {
  invariant(fits.length === families.length, 'every family that competes is fitted')
  const outers = Array.from({ length: sample.folds + 1 }, (_, outer) =>
    outerFrom(
      sample,
      fits.map(({ crossFit }) => crossFit.heldOut[outer]!),
      supportOf(spec),
    ),
  )
  const bytes = packArtefact({ spec, folds: sample.folds, fits, outers })
  const modelId = createHash('sha256').update(bytes).digest('hex')
  return { bytes, modelId, card: cardOf({ modelId, spec, seed, sample, fits, outers, bytes }) }
}
