/** A frozen model of one outcome as bytes: the units of every weighted family, the composition of each fold's model, weights and dispersions. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { pack, unpack, type Column, type Json, type Packed } from '../sample/bytes.ts'
import type { CrossFit, Estimator, ExpectationSpec, Predict } from '../estimator.ts'
import { families } from '../registry.ts'
import { packDispersion, unpackDispersion, type Dispersion } from './dispersion.ts'

/** Incremented when older bytes could no longer be read correctly. */
const format = 1

export interface Artefact {
  readonly spec: ExpectationSpec
  readonly folds: number
  /** model o of the blend, o in [0, folds] */
  readonly outers: readonly { readonly centre: Predict; readonly dispersion: Dispersion }[]
}

export interface Fit {
  readonly family: Estimator
  readonly crossFit: CrossFit
  readonly fitMs: number | null
}

/** Model o of the blend: weights and dispersion from held-out predictions of rows outside fold o. */
export interface Outer {
  /** [families] */
  readonly weights: Float64Array
  /** added to the weighted sum: what it was off by in the mean of all, where errors are not symmetric; else 0 */
  readonly constant: number
  readonly dispersion: Dispersion
}

export function packArtefact({
  spec,
  folds,
  fits,
  outers,
}: {
  spec: ExpectationSpec
  folds: number
  fits: readonly Fit[]
  outers: readonly Outer[]
}): Uint8Array {
  const parts: [string, Packed][] = []
  // A family without any weight is not stored.
  const kept = fits.filter((_, k) => outers.some(({ weights }) => weights[k]! > 0))
  for (const { family, crossFit } of kept)
    crossFit.units.forEach((unit, i) => parts.push([`${family.name}.${i}`, unit]))
  outers.forEach(({ dispersion }, o) => parts.push([`spread.${o}`, packDispersion(dispersion)]))
  const meta = {
    format,
    // numbers, texts and a pair of numbers, but an interface: Json has an index signature
    spec: spec as unknown as Json,
    folds,
    families: kept.map(({ family, crossFit }) => ({ name: family.name, members: crossFit.members })),
    weights: outers.map(({ weights }) => kept.map((fit) => weights[fits.indexOf(fit)]!)),
    constants: outers.map(({ constant }) => constant),
    parts: Object.fromEntries(parts.map(([name, { meta: own }]) => [name, own])),
  }
  const arrays = parts.flatMap(([name, { arrays: own }]) =>
    Object.entries(own).map(([key, column]): [string, Column] => [`${name}/${key}`, column]),
  )
  return pack({ meta, arrays: Object.fromEntries(arrays) })
}

export function unpackArtefact(bytes: Uint8Array): Artefact {
  const packed = unpack(bytes)
  // as `packArtefact` wrote it
  const meta = packed.meta as unknown as {
    spec: ExpectationSpec
    folds: number
    families: { name: string; members: number[][] }[]
    weights: number[][]
    /** absent in models of before there were any */
    constants?: number[]
    parts: Record<string, Packed['meta']>
  }
  const partOf = (name: string): Packed => ({
    meta: meta.parts[name] ?? {},
    arrays: Object.fromEntries(
      Object.entries(packed.arrays)
        .filter(([key]) => key.startsWith(`${name}/`))
        .map(([key, column]) => [key.slice(name.length + 1), column]),
    ),
  })
  const bags = meta.families.map(({ name, members }) => {
    const family = families.find((candidate) => candidate.name === name)!
    const units = new Map<number, Predict>()
    for (const unit of new Set(members.flat())) units.set(unit, family.predictorOf(partOf(`${name}.${unit}`)))
    return members.map((bag) => meanOf(bag.map((unit) => units.get(unit)!)))
  })
  const outers = meta.weights.map((weights, o) => ({
    centre: weightedSum(
      weights,
      bags.map((bag) => bag[o]!),
      meta.constants?.[o] ?? 0,
    ),
    dispersion: unpackDispersion(partOf(`spread.${o}`)),
  }))
  return { spec: meta.spec, folds: meta.folds, outers }
}

function meanOf(predicts: readonly Predict[]): Predict {
  return (table) => {
    const sum = new Float64Array(table.rows)
    for (const predict of predicts) addTo(sum, predict(table), 1)
    return sum.map((x) => x / predicts.length)
  }
}

function weightedSum(weights: readonly number[], predicts: readonly Predict[], constant: number): Predict {
  return (table: FeatureTable) => {
    const sum = new Float64Array(table.rows).fill(constant)
    predicts.forEach((predict, k) => {
      if (weights[k]! > 0) addTo(sum, predict(table), weights[k]!)
    })
    return sum
  }
}

function addTo(sum: Float64Array, column: Float64Array, weight: number): void {
  for (let row = 0; row < sum.length; row++) sum[row]! += weight * column[row]!
}
