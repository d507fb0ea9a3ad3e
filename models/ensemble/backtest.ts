/** Out-of-fold expectations at every observation of a measure: for evaluating the models on data with known outcomes. */
import { foldOf, FOLDS, hashOf, mixed } from '../../engine/kernel/fold.ts'
import { observationLandmarks, type LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { NO_TARGET, targetsOf } from '../../engine/panel/target.ts'
import { seriesOf } from '../../engine/panel/window.ts'
import type { ModelCard } from '../evaluation/card.ts'
import { withinOf } from '../evaluation/score.ts'
import { coverByTenth, type TenthCover } from '../evaluation/tenths.ts'
import { loadExpecter, type Predictions } from '../predictive/expecter.ts'
import { sampleShard } from '../sample/sample.ts'
import type { Estimator, ExpectationSpec } from '../estimator.ts'
import { train } from './training.ts'

export interface BacktestRow {
  readonly patientId: string
  /** epoch days */
  readonly landmarkOn: number
  readonly targetOn: number
  /** as the folds file names it */
  readonly fold: number
  readonly mean: number
  readonly sd: number
  /** by QUANTILES */
  readonly quantiles: readonly number[]
  /** null where no value lies in the window */
  readonly realised: number | null
  /** the part of the realised value that lies in the 90% interval (`withinOf`); null where there is none */
  readonly within: number | null
}

export interface Backtest {
  /** ascending by patient_id and landmark */
  readonly rows: readonly BacktestRow[]
  readonly modelId: string
  readonly card: ModelCard
  /** cover by tenth of the expectation, of all rows with a value */
  readonly tenths: readonly TenthCover[]
  /** of loading the frozen model and predicting every row; null where no clock was given */
  readonly predictMs: number | null
}

/** The rows of a backtest are trained on as the 16 shards of a contract would be. */
const mostRows = 20_000

/** Expectations at each day on which the measure was observed, each by models that left the patient's fold out of everything.
 *  @param folds patient_id → fold; patients it does not name are left out; null: every patient, in the folds of a contract
 *  @param competing families of the registry, for a bench of each alone */
export async function backtest(
  panels: readonly Panel[],
  spec: Omit<ExpectationSpec, 'folds'>,
  folds: ReadonlyMap<string, number> | null,
  seed: number,
  clockMs?: () => number,
  competing?: readonly Estimator[],
): Promise<Backtest> {
  const names = folds ? [...new Set(folds.values())].sort((a, b) => a - b) : Array.from({ length: FOLDS }, (_, f) => f)
  if (names.length < 3)
    throw new Refusal('too_few_folds', `The folds file names ${names.length} folds; crossing needs at least 3.`, {})
  const parts = panels.map((panel) =>
    partOf(panel, spec, (id) => (folds ? names.indexOf(folds.get(id) ?? NaN) : foldOf(id))),
  )
  const share = Math.ceil(mostRows / (Math.max(1, panels.length) * names.length))
  const shards = parts.map(({ panel, rows, targets, foldOfPatient }) => {
    const learned = { ...targets, value: spacedOut(panel, rows, targets.value) }
    return sampleShard(panel, spec.measure, rows, learned, { foldOfPatient, mostRows: share })
  })
  const { bytes, modelId, card } = await train(shards, { ...spec, folds: names.length }, seed, clockMs, competing)
  const trainedMs = clockMs?.() ?? null
  const expecter = loadExpecter(bytes)
  const rows = parts.flatMap((part) => {
    const model = Uint8Array.from(part.rows.patient, part.foldOfPatient)
    return rowsOf(part, expecter.predict(part.panel, part.rows, model), names, spec.horizonDays)
  })
  rows.sort((a, b) => (a.patientId < b.patientId ? -1 : a.patientId > b.patientId ? 1 : a.landmarkOn - b.landmarkOn))
  const predictMs = trainedMs === null || !clockMs ? null : clockMs() - trainedMs
  return { rows, modelId, card, tenths: tenthsOf(rows), predictMs }
}

/** Cover by tenth of rows that ascend by patient; those without a value are left out. */
export function tenthsOf(rows: readonly Pick<BacktestRow, 'patientId' | 'mean' | 'within'>[]): TenthCover[] {
  const known = rows.filter(({ within }) => within !== null)
  const patient = new Uint32Array(2 * known.length)
  for (let row = 1; row < known.length; row++)
    patient[2 * row] = patient[2 * row - 2]! + (known[row]!.patientId === known[row - 1]!.patientId ? 0 : 1)
  const column = (of: (row: Pick<BacktestRow, 'mean' | 'within'>) => number) => Float64Array.from(known, of)
  return coverByTenth(
    column(({ mean }) => mean),
    column(({ within }) => within!),
    patient,
  )
}

function partOf(panel: Panel, spec: Omit<ExpectationSpec, 'folds'>, foldOfId: (patientId: string) => number) {
  const series = seriesOf(panel, spec.measure)
  const foldOfPatient = (patient: number): number => foldOfId(panel.patientIds[patient]!)
  const rows = observationLandmarks(series, (patient) => foldOfPatient(patient) >= 0)
  const targets = targetsOf(series, rows, { ...spec, until: Number.MAX_SAFE_INTEGER })
  return { panel, rows, targets, foldOfPatient }
}

/** One landmark per patient and period of so many days is used for training: landmarks of a contract lie a quarter apart, and a patient measured
 *  every week should not weigh thirteen times as much. */
const stretchDays = 60

/** The targets of the training landmarks; NaN for the others. The landmark of a period is drawn by hash; taking the first would
 *  exclude periods of frequent readings.  @param rows those of a patient adjacent, ascending by day */
function spacedOut({ patientIds }: Panel, rows: LandmarkRows, value: Float64Array): Float64Array {
  const kept = new Float64Array(value.length).fill(NaN)
  let [from, patient, stretch, best, chosen] = [0, -1, -1, Infinity, -1]
  const keep = () => {
    if (chosen >= 0) kept[chosen] = value[chosen]!
  }
  for (let row = 0; row < value.length; row++) {
    if (Number.isNaN(value[row]!)) continue
    const day = rows.day[row]!
    if (rows.patient[row] !== patient) from = day
    const at = Math.floor((day - from) / stretchDays)
    if (rows.patient[row] !== patient || at !== stretch) {
      keep()
      ;[patient, stretch, best, chosen] = [rows.patient[row]!, at, Infinity, -1]
    }
    const rank = mixed(hashOf(patientIds[patient]!, 3) ^ Math.imul(day, 0x9e3779b1))
    if (rank < best) [best, chosen] = [rank, row]
  }
  keep()
  return kept
}

type Part = ReturnType<typeof partOf>

function rowsOf(part: Part, predictions: Predictions, names: readonly number[], horizonDays: number): BacktestRow[] {
  const { day, value } = part.targets
  const hasTarget = (row: number): boolean => day[row] !== NO_TARGET
  const within = withinOf(predictions.placeOf(value))
  return Array.from(part.rows.day, (landmarkOn, row) => ({
    patientId: part.panel.patientIds[part.rows.patient[row]!]!,
    landmarkOn,
    targetOn: hasTarget(row) ? day[row]! : landmarkOn + horizonDays,
    fold: names[part.foldOfPatient(part.rows.patient[row]!)]!,
    mean: predictions.mean[row]!,
    sd: predictions.sd[row]!,
    quantiles: predictions.quantiles.map((column) => column[row]!),
    realised: hasTarget(row) ? value[row]! : null,
    within: hasTarget(row) ? within[row]! : null,
  }))
}
