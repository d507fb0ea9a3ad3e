/** What a worker has trained it does not train again; what differs in anything it does. */
import { expect, test } from 'vitest'
import type { ExpectationSpec } from '../../models/estimator.ts'
import { lastValue, populationMean } from '../../models/families/baseline.ts'
import { TrainedBefore } from '../../jobs/stages/trained-before.ts'
import { sampleShard } from '../../models/sample/sample.ts'
import { train } from '../../models/ensemble/training.ts'
import { observationLandmarks } from '../../engine/panel/landmarks.ts'
import { targetsOf } from '../../engine/panel/target.ts'
import { seriesOf } from '../../engine/panel/window.ts'
import { simulatedPanel } from '../support/regions/simulated-panel.ts'

const spec: ExpectationSpec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [20, 200] }
const shardOf = (seed: number): Uint8Array => {
  const panel = simulatedPanel({ patients: 60, seed, readings: 8 })
  const series = seriesOf(panel, 'hba1c')
  const landmarks = observationLandmarks(series, () => true)
  const targets = targetsOf(series, landmarks, { ...spec, until: Infinity })
  return sampleShard(panel, 'hba1c', landmarks, targets, { foldOfPatient: (patient) => patient % 5, mostRows: 250 })
}
const training = { shards: [shardOf(1), shardOf(2)], spec, seed: 1 }

/** A worker that counts how often it really trains. */
function worker() {
  const before = new TrainedBefore()
  let times = 0
  const trained = (asked: typeof training) =>
    before.trained(asked, async () => {
      times++
      return await train(asked.shards, asked.spec, asked.seed, undefined, [populationMean, lastValue])
    })
  return { trained, times: () => times }
}

test('the same rows, specification and seed are trained once, and give what training again gives', async () => {
  const { trained, times } = worker()
  const first = await trained(training)
  const again = await trained({ ...training, shards: training.shards.map((shard) => Uint8Array.from(shard)) })
  expect(times()).toBe(1)
  expect(again.modelId).toBe(first.modelId)
  expect((await worker().trained(training)).modelId).toBe(first.modelId)
})

test('other rows, another order of shards, another horizon and another seed are trained anew', async () => {
  const { trained, times } = worker()
  await trained(training)
  const others = [
    { ...training, shards: [shardOf(1), shardOf(3)] },
    { ...training, shards: training.shards.toReversed() },
    { ...training, spec: { ...spec, horizonDays: 730 } },
    { ...training, seed: 2 },
  ]
  for (const other of others) await trained(other)
  expect(times()).toBe(1 + others.length)
})

test('a training that fails leaves nothing behind', async () => {
  const before = new TrainedBefore()
  await expect(before.trained(training, () => Promise.reject(new Error('out of memory')))).rejects.toThrow(
    'out of memory',
  )
  const { trained } = worker()
  const { modelId } = await trained(training)
  expect((await before.trained(training, async () => await trained(training))).modelId).toBe(modelId)
})
