/** A frozen model of a single family: fast to train, for tests of the use of models. */
import { createHash } from 'node:crypto'
import { FOLDS } from '../../../engine/kernel/fold.ts'
import { packArtefact } from '../../../models/predictive/artefact.ts'
import { blended } from '../../../models/ensemble/blend.ts'
import type { Estimator, ExpectationSpec } from '../../../models/estimator.ts'
import { sampleOf } from '../../../models/sample/sample.ts'
import { fitDispersion } from '../../../models/predictive/dispersion.ts'
import { supportOf } from '../../../models/predictive/support.ts'

export interface OneFamilyModel {
  readonly modelId: string
  readonly bytes: Uint8Array
  readonly card: object
}

/** @param shards training rows in shard order */
export async function oneFamilyModel(
  shards: readonly Uint8Array[],
  spec: ExpectationSpec,
  family: Estimator,
): Promise<OneFamilyModel> {
  const sample = sampleOf(shards, FOLDS, spec.measure)
  const crossFit = await family.crossFit(sample, 1)
  const outers = crossFit.heldOut.map((heldOut) => {
    const weights = Float64Array.of(1)
    return { weights, constant: 0, dispersion: fitDispersion(sample, blended([heldOut], weights), supportOf(spec)) }
  })
  const bytes = packArtefact({ spec, folds: FOLDS, fits: [{ family, crossFit, fitMs: null }], outers })
  return { modelId: createHash('sha256').update(bytes).digest('hex'), bytes, card: {} }
}
