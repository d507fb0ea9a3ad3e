import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../engine/contract/contract.ts'
import { FOLDS, foldOf } from '../../../engine/kernel/fold.ts'
import { isOfReference } from '../../../engine/panel/landmarks.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { loadExpecter, modelChoice } from '../../../models/predictive/expecter.ts'
import { FIT_GROUPS } from '../../../models/ensemble/fit-groups.ts'
import { sampleOf } from '../../../models/sample/sample.ts'
import { fitGroup, freeze, train, trainingShardOf } from '../../../models/ensemble/training.ts'
import { FIRST_DAY, simulatedPanel } from '../../support/regions/simulated-panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const outcome = { measure: 'hba1c', horizonDays: 365, windowDays: 120 } as Outcome
const contract = contractWith()
const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [20, 200] } as const
const index = FIRST_DAY + 4 * 366

/** The patients of the panel that the test keeps, with their readings mapped. */
function part(panel: Panel, keep: (patient: number) => boolean): Panel {
  const kept = panel.patientIds.map((_, i) => i).filter(keep)
  const pick = <T extends Int16Array | Uint8Array | Int32Array>(column: T): T => column.filter((_, i) => keep(i)) as T
  const offsetsOf = (offsets: Int32Array): Int32Array => {
    let at = 0
    return Int32Array.from([0, ...kept.map((i) => (at += offsets[i + 1]! - offsets[i]!))])
  }
  const within = <T extends Int32Array | Float64Array | Uint8Array>(column: T, offsets: Int32Array): T =>
    column.filter((_, at) => keep(offsets.findIndex((offset) => offset > at) - 1)) as T
  const { enrolments: e } = panel
  return {
    ...panel,
    patientIds: kept.map((i) => panel.patientIds[i]!),
    birthYear: pick(panel.birthYear),
    sex: pick(panel.sex),
    insurer: pick(panel.insurer),
    diedOn: pick(panel.diedOn),
    enrolments: {
      offsets: offsetsOf(e.offsets),
      partner: within(e.partner, e.offsets),
      startedOn: within(e.startedOn, e.offsets),
      endedOn: within(e.endedOn, e.offsets),
      endReason: within(e.endReason, e.offsets),
      mainPractitioner: within(e.mainPractitioner, e.offsets),
    },
    readings: panel.readings.map(({ offsets, day, value }) => ({
      offsets: offsetsOf(offsets),
      day: within(day, offsets),
      value: within(value, offsets),
    })),
    conditions: { ...panel.conditions, offsets: offsetsOf(panel.conditions.offsets) },
    medications: { ...panel.medications, offsets: offsetsOf(panel.medications.offsets) },
  }
}

const withValues = (panel: Panel, valueOf: (value: number, patient: number, day: number) => number): Panel => ({
  ...panel,
  readings: panel.readings.map((readings) => ({
    ...readings,
    value: readings.value.map((value, at) =>
      valueOf(value, readings.offsets.findIndex((offset) => offset > at) - 1, readings.day[at]!),
    ),
  })),
})

const at = (panel: Panel, day = index) => ({
  patient: Int32Array.from(panel.patientIds.keys()),
  day: new Int32Array(panel.patientIds.length).fill(day),
})

describe('training', () => {
  const panel = simulatedPanel({ patients: 50, seed: 3, readings: 8 })
  const whole = train([trainingShardOf(panel, contract, outcome)], spec, 1)

  test('families that are fitted apart, in any order, make the same model', async () => {
    const shards = [trainingShardOf(panel, contract, outcome)]
    const fitted = []
    for (const group of [...FIT_GROUPS.keys()].reverse()) fitted.push(...(await fitGroup(shards, spec, 1, group)))
    const { modelId, card } = freeze(shards, spec, 1, fitted)
    expect(modelId).toBe((await whole).modelId)
    expect(card).toEqual((await whole).card)
  })

  test('gives the same bytes however the patients are dealt over shards', async () => {
    const halves = [0, 1].map((half) =>
      trainingShardOf(
        part(panel, (i) => i % 2 === half),
        contract,
        outcome,
      ),
    )
    const dealt = await train(halves.reverse(), spec, 1)
    const { bytes, modelId } = await whole
    expect(dealt.modelId).toBe(modelId)
    expect(modelId).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('another seed, other bytes; a clock leaves no trace in them', async () => {
    const shard = [trainingShardOf(panel, contract, outcome)]
    let now = 0
    const [timed, plain, other] = [await train(shard, spec, 1, () => now++), await whole, await train(shard, spec, 2)]
    expect(timed.modelId).toBe(plain.modelId)
    expect(timed.card.families[2]!.fitMs).toBe(1)
    expect(['tensorflow', 'wasm', 'cpu']).toContain(plain.card.backend)
    expect(other.modelId).not.toBe(plain.modelId)
  })

  test('nothing of a patient, nor of its fold, that is dated after its landmark changes its expectation', async () => {
    const patient = 7
    const fold = foldOf(panel.patientIds[patient]!)
    const day = FIRST_DAY + 500
    const changed = withValues(panel, (value, who, on) =>
      foldOf(panel.patientIds[who]!) === fold && on > day ? 220 - value : value,
    )
    const [a, b] = await Promise.all(
      [panel, changed].map(async (of) => {
        const { bytes } = of === panel ? await whole : await train([trainingShardOf(of, contract, outcome)], spec, 1)
        const rows = { patient: Int32Array.of(patient), day: Int32Array.of(day) }
        const { mean, sd, quantiles } = loadExpecter(bytes).predict(of, rows, [fold])
        return [mean[0], sd[0], ...quantiles.map((column) => column[0])]
      }),
    )
    expect(b).toEqual(a)
  })

  test('refuses where there is nothing to learn from', async () => {
    const few = simulatedPanel({ patients: 2, seed: 3, readings: 6 })
    await expect(train([trainingShardOf(few, contract, outcome)], spec, 1)).rejects.toThrow(/needs at least/)
  })

  test('a small panel trains, and the card says that it is small', async () => {
    const small = simulatedPanel({ patients: 60, seed: 5, readings: 3, everyDays: 300 })
    const { card, bytes } = await train([trainingShardOf(small, contract, outcome)], spec, 1)
    expect(card.rows).toBeGreaterThan(10)
    expect(card.warnings[0]).toMatchObject({ code: 'few', sentence: expect.stringContaining('Only') })
    const { mean } = loadExpecter(bytes).predict(small, at(small), new Uint8Array(60).fill(FOLDS))
    expect(mean.every((y) => y > 30 && y < 90)).toBe(true)
  })

  test('an outcome that has nothing to do with its history earns every learner weight 0', async () => {
    const noise = simulatedPanel({ patients: 150, seed: 9, betweenSd: 0, readings: 10 })
    const { card } = await train([trainingShardOf(noise, contract, outcome)], spec, 1)
    expect(card.families.map(({ name, weight }) => [name, weight]).filter(([, weight]) => weight !== 0)).toEqual([
      ['mean', 1],
    ])
    expect(card.warnings.map(({ code }) => code)).toContain('mean_for_all')
  })
})

describe('an expectation', async () => {
  // Half of the patients are three times as restless as the other half, which only their history shows.
  const world = { noiseOf: (patient: number) => (patient % 2 ? 6 : 2), readings: 13 }
  const learned = simulatedPanel({ patients: 400, seed: 21, ...world })
  const shards = [0, 1].map((half) =>
    trainingShardOf(
      part(learned, (patient) => (patient >> 1) % 2 === half),
      contract,
      outcome,
    ),
  )
  const { bytes, card } = await train(shards, spec, 1)
  const expecter = loadExpecter(bytes)
  const fresh = simulatedPanel({ patients: 1000, seed: 22, ...world })
  // The last reading of each is 12 x 120 days on; expected a year before.
  const rows = at(fresh, FIRST_DAY + 12 * 120 - 365)
  const predictions = expecter.predict(fresh, rows, new Uint8Array(1000).fill(expecter.folds))
  const realised = Float64Array.from(
    fresh.patientIds,
    (_, i) => fresh.readings[0]!.value[fresh.readings[0]!.offsets[i + 1]! - 1]!,
  )

  const coverOf = (keep: (i: number) => boolean): number => {
    const chosen = Array.from(realised.keys()).filter(keep)
    const inside = chosen.filter(
      (i) => predictions.quantiles[0]![i]! <= realised[i]! && realised[i]! <= predictions.quantiles[6]![i]!,
    )
    return inside.length / chosen.length
  }

  test('covers the simulated truth, restless and calm alike', () => {
    // Three binomial standard errors of 1000 and 500 at 90%, and that who is restless is known from nine readings only.
    expect(Math.abs(coverOf(() => true) - 0.9)).toBeLessThan(0.035)
    expect(Math.abs(coverOf((i) => i % 2 === 0) - 0.9)).toBeLessThan(0.085)
    expect(Math.abs(coverOf((i) => i % 2 === 1) - 0.9)).toBeLessThan(0.085)
  })

  test('is wider for the restless', () => {
    const meanSd = (odd: number): number =>
      predictions.sd.reduce((sum, sd, i) => sum + (i % 2 === odd ? sd : 0), 0) / (fresh.patientIds.length / 2)
    expect(meanSd(1)).toBeGreaterThan(1.3 * meanSd(0))
  })

  test('is right on average, and better than the mean of all', () => {
    const errors = realised.map((y, i) => y - predictions.mean[i]!)
    const bias = errors.reduce((a, b) => a + b, 0) / errors.length
    expect(Math.abs(bias)).toBeLessThan(0.6)
    const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
    // Noise alone has root mean square sqrt((4 + 36) / 2) = 4.47; persons differ by 8.
    expect(rmse).toBeLessThan(5.4)
    expect(card.families[0]!.weight).toBeLessThan(0.1)
  })

  test('has quantiles that never cross, and a mean and a spread that are those of its distribution', () => {
    predictions.quantiles
      .slice(1)
      .forEach((column, k) =>
        column.forEach((q, row) => expect(q).toBeGreaterThanOrEqual(predictions.quantiles[k]![row]!)),
      )
    const mean = predictions.expected((y) => y)
    const square = predictions.expected((y) => y * y)
    mean.forEach((m, row) => {
      expect(m).toBeCloseTo(predictions.mean[row]!, 9)
      expect(Math.sqrt(square[row]! - m * m)).toBeCloseTo(predictions.sd[row]!, 6)
    })
  })

  test('of a health value is not the health value of the mean', () => {
    const h = (y: number): number => -Math.max(60, y)
    const expected = predictions.expected(h)
    expected.forEach((value, row) => expect(value).toBeLessThanOrEqual(h(predictions.mean[row]!) + 1e-9))
    const mean = expected.reduce((a, b) => a + b, 0) / expected.length
    expect(Math.abs(mean - realised.reduce((sum, y) => sum + h(y), 0) / realised.length)).toBeLessThan(0.4)
  })

  test('stays within what is plausible', () => {
    const narrow = loadExpecter(bytes)
    expect(narrow.spec.plausible).toEqual([20, 200])
    predictions.quantiles.forEach((column) => column.forEach((q) => expect(q >= 20 && q <= 200).toBe(true)))
  })

  test('of a patient of the reference is made by the model that left it out', () => {
    const chosen = modelChoice(learned, at(learned), isOfReference(learned, contract, outcome), expecter.folds)
    expect([...chosen]).toEqual(learned.patientIds.map(foldOf))
    const unknown = modelChoice(fresh, at(fresh), new Uint8Array(1000), expecter.folds)
    expect(new Set(unknown)).toEqual(new Set([FOLDS]))
  })

  test('does not depend on who else is asked for', () => {
    const alone = expecter.predict(fresh, { patient: Int32Array.of(5), day: Int32Array.of(rows.day[5]!) }, [FOLDS])
    expect(alone.mean[0]).toBe(predictions.mean[5])
    expect(alone.quantiles.map((column) => column[0])).toEqual(predictions.quantiles.map((column) => column[5]))
  })
})

describe('a sample', () => {
  test('of more rows than a shard may hold is cut by fold, by names alone', () => {
    const panel = simulatedPanel({ patients: 600, seed: 4, readings: 12 })
    const { rowsSeen, target } = sampleOf([trainingShardOf(panel, contract, outcome)], FOLDS, 'hba1c')
    expect(rowsSeen).toBeGreaterThan(1250)
    expect(target.length).toBe(1250)
  })
})
