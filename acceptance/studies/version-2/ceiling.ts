/** Scores near their ceiling: a patient's 90% interval holds where half of the people have all the points, and in the middle as well. */
import { foldOf, FOLDS } from '../../../engine/kernel/fold.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { observationLandmarks } from '../../../engine/panel/landmarks.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { targetsOf } from '../../../engine/panel/target.ts'
import { seriesOf } from '../../../engine/panel/window.ts'
import { train } from '../../../models/ensemble/training.ts'
import { withinOf } from '../../../models/evaluation/score.ts'
import { loadExpecter } from '../../../models/predictive/expecter.ts'
import { sampleShard } from '../../../models/sample/sample.ts'
import { percent, Tally, type Row } from '../../simulation/figure.ts'
import type { Scale, Study } from '../../simulation/scale.ts'
import { MEASURE, scorePanel, type Score } from '../../simulation/score-panel.ts'

const SCORES: Readonly<Record<string, Score>> = {
  'a score of 0 to 48, as after an operation of the hip': {
    low: 0,
    ceiling: 48,
    mean: 42,
    betweenSd: 7,
    noiseSd: 3.5,
  },
  'a score of 0 to 10': { low: 0, ceiling: 10, mean: 8, betweenSd: 2, noiseSd: 1.2 },
}
const [LEAST, MOST] = [0.885, 0.915]
const LEARNED_FROM = 8_000
/** Other people than those; three landmarks each at full scale. */
const JUDGED_PER_PARTNER_YEAR = 12
const RULE = { horizonDays: 365, windowDays: 120, until: Infinity }

/** Days on which the score was read for the second time or a later one, and what it was a year on. */
function landmarksOf(panel: Panel) {
  const series = seriesOf(panel, MEASURE)
  const all = observationLandmarks(series, () => true)
  const targets = targetsOf(series, all, RULE)
  const rows = [...all.day.keys()].filter(
    (row) => !Number.isNaN(targets.value[row]!) && all.patient[row] === all.patient[row - 1],
  )
  const picked = (column: Int32Array) => Int32Array.from(rows, (row) => column[row]!)
  return {
    landmarks: { patient: picked(all.patient), day: picked(all.day) },
    targets: { value: Float64Array.from(rows, (row) => targets.value[row]!), day: picked(targets.day) },
  }
}

/** The dice of cell n are those of study 26, cell n: 0 for those learned from, 1 for those judged. */
async function ceilingRows(name: string, score: Score, { partnerYears, seed }: Scale, cell: number): Promise<Row[]> {
  const { low, ceiling } = score
  const known = scorePanel(score, LEARNED_FROM, randomOf(seed, 26, cell, 0))
  const { landmarks, targets } = landmarksOf(known)
  const foldOfPatient = (patient: number) => foldOf(known.patientIds[patient]!)
  const shard = sampleShard(known, MEASURE, landmarks, targets, { foldOfPatient, mostRows: 4_000 })
  const spec = { measure: MEASURE, horizonDays: 365, windowDays: 120, plausible: [low, ceiling], step: 1 } as const
  const { bytes } = await train([shard], spec, seed)
  const people = scorePanel(score, JUDGED_PER_PARTNER_YEAR * partnerYears, randomOf(seed, 26, cell, 1))
  const judged = landmarksOf(people)
  const whole = new Uint8Array(judged.landmarks.day.length).fill(FOLDS)
  const predictions = loadExpecter(bytes).predict(people, judged.landmarks, whole)
  const within = withinOf(predictions.placeOf(judged.targets.value))
  const byMean = [...whole.keys()].sort((a, b) => predictions.mean[a]! - predictions.mean[b]!)
  return Array.from({ length: 10 }, (_, tenth) => {
    const rows = byMean.slice((tenth * byMean.length) / 10, ((tenth + 1) * byMean.length) / 10)
    const [covered, full] = [new Tally(), new Tally()]
    for (const row of rows) {
      covered.add(within[row]!)
      full.add(judged.targets.value[row] === ceiling ? 1 : 0)
    }
    const beyond = Math.max(LEAST - covered.mean, covered.mean - MOST)
    return {
      property: 'scores near their ceiling',
      tests: '',
      regime: `90% interval: ${name}, tenth ${tenth + 1} of the predicted mean, ${percent(full.mean)} at the ceiling`,
      family: `90% interval, in every tenth: ${name}`,
      limit: `${percent(LEAST)} to ${percent(MOST)}`,
      figure: percent(covered.mean),
      error: percent(covered.se),
      holds: beyond <= 0,
      excess: beyond > 0 ? beyond / covered.se : 0,
    }
  })
}

export const scoresNearTheirCeiling: readonly Study[] = Object.entries(SCORES).map(([name, score], cell) => ({
  name: `ceiling: ${name}`,
  rows: (scale) => ceilingRows(name, score, scale, cell),
}))
