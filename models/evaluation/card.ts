/** The model card: training data, families, and accuracy and calibration on held-out patients. */
import type { WholeSample } from '../sample/sample.ts'
import { placeTenths, pointScore, scoreOf, withinOf, type Score } from './score.ts'
import { loadExpecter } from '../predictive/expecter.ts'
import type { Fit, Outer } from '../predictive/artefact.ts'
import type { ExpectationSpec } from '../estimator.ts'
import { adviceOf, type Advice } from './advice.ts'
import { groupsOf } from './card-groups.ts'
import { patientsIn } from './clusters.ts'
import { baselines } from '../registry.ts'
import { validationOf, type Validation } from './validation.ts'

export interface FamilyCard {
  readonly name: string
  /** in the model of all, and the range over the models of the folds */
  readonly weight: number
  readonly weightRange: readonly [number, number]
  readonly mae: number
  readonly rmse: number
  readonly r2: number
  /** with the quantiles of its own residuals, the same for all rows */
  readonly crps: number
  /** of the fit over all folds; not part of the hashed bytes; null where no clock was given */
  readonly fitMs: number | null
}

export interface GroupScore extends Score {
  readonly group: string
  readonly patients: number
}

export interface ModelCard {
  readonly modelId: string
  readonly spec: ExpectationSpec
  readonly seed: number
  /** landmarks with a realised target, patients behind them, and how many of the landmarks were learned from */
  readonly landmarks: number
  readonly patients: number
  readonly rows: number
  /** epoch days of the first and last landmark */
  readonly window: readonly [number, number]
  readonly families: readonly FamilyCard[]
  /** held-out predictions: each row by the model that left its fold out; of more than 16,000 the first by hash of their patients */
  readonly blend: Score
  /** shares of the values in each tenth of their own distribution: 0.1 each where it is calibrated */
  readonly tenths: readonly number[]
  /** of ten patients or more */
  readonly groups: readonly GroupScore[]
  readonly validation: Validation
  /** attributes by which calibration cannot be shown, as the data do not hold them */
  readonly notKnown: readonly string[]
  readonly warnings: readonly Warning[]
  /** what computed the tensors: 'tensorflow', 'wasm' or 'cpu' */
  readonly backend: string
  readonly bytes: number
  /** of the whole training, and of the process it ran in up to then; null where not measured */
  readonly cost: { readonly seconds: number; readonly peakMemoryMb: number } | null
}

export interface Warning {
  readonly code: 'few' | 'mean_for_all' | Advice['code']
  readonly sentence: string
}

export function cardOf(of: {
  modelId: string
  spec: ExpectationSpec
  seed: number
  sample: WholeSample
  fits: readonly Fit[]
  outers: readonly Outer[]
  bytes: Uint8Array
}): ModelCard {
  const { sample, fits, outers, spec } = of
  const judged = judgedOf(sample)
  const predictions = loadExpecter(of.bytes).predictTable(judged.table, judged.fold)
  const places = predictions.placeOf(judged.target)
  const within = withinOf(places)
  const scored = (rows: Int32Array): Score => scoreOf(judged.target, predictions, rows, within)
  const all = Int32Array.from(judged.target.keys())
  const groups = groupsOf(judged, predictions.mean).filter(
    ([, rows]) => patientsIn(judged.patient, rows) >= fewestPatients,
  )
  const last = outers.length - 1
  return {
    modelId: of.modelId,
    spec,
    seed: of.seed,
    landmarks: sample.rowsSeen,
    patients: sample.patientsSeen,
    rows: sample.target.length,
    window: [sample.day.reduce((a, b) => Math.min(a, b)), sample.day.reduce((a, b) => Math.max(a, b))],
    families: fits.map(({ family, crossFit, fitMs }, k) => {
      const weights = outers.slice(0, last).map((outer) => outer.weights[k]!)
      const scores = pointScore(sample.target, crossFit.heldOut[last]!)
      return {
        name: family.name,
        weight: outers[last]!.weights[k]!,
        weightRange: [Math.min(...weights), Math.max(...weights)],
        ...scores,
        fitMs,
      }
    }),
    blend: scored(all),
    tenths: placeTenths(places),
    groups: groups.map(([group, rows]) => ({ group, patients: patientsIn(judged.patient, rows), ...scored(rows) })),
    validation: validationOf(
      { ...judged, predictions, within },
      baselinePredictions(fits, last, judged.target.length),
      groups,
    ),
    notKnown: ['deprivation'],
    warnings: [...warningsOf(sample, fits, outers), ...adviceOf(sample.target, spec)],
    backend: backendOf(fits),
    bytes: of.bytes.length,
    cost: null,
  }
}

const mostJudged = 16_000

/** Groups with fewer patients are not reported. */
const fewestPatients = 10

export type Judged = Pick<WholeSample, 'table' | 'target' | 'fold' | 'patient' | 'practiceSize'>

/** Rows ascend by hashes of their patients, so that the first are a sample. */
const judgedOf = ({ table, target, fold, patient, practiceSize }: WholeSample): Judged => ({
  table: {
    ...table,
    rows: Math.min(mostJudged, table.rows),
    columns: table.columns.map((column) => column.subarray(0, mostJudged)),
  },
  target: target.subarray(0, mostJudged),
  fold: fold.subarray(0, mostJudged),
  patient: patient.subarray(0, 2 * mostJudged),
  practiceSize: practiceSize.subarray(0, mostJudged),
})

/** Held-out predictions of the baselines for the same rows. */
const baselinePredictions = (
  fits: readonly Fit[],
  last: number,
  rows: number,
): { name: string; mean: Float64Array }[] =>
  fits
    .filter(({ family }) => baselines.includes(family.name))
    .map(({ family, crossFit }) => ({ name: family.name, mean: crossFit.heldOut[last]!.subarray(0, rows) }))

const backendOf = (fits: readonly Fit[]): string =>
  fits
    .flatMap(({ crossFit }) => crossFit.units.map(({ meta }) => meta.backend))
    .find((name) => typeof name === 'string') ?? 'none'

/** Below these a conditional dispersion and several families cannot be estimated reliably. */
const [fewRows, fewPatients] = [200, 100]

function warningsOf(sample: WholeSample, fits: readonly Fit[], outers: readonly Outer[]): Warning[] {
  const weighted = fits.flatMap(({ family: { name } }, k) => {
    const weight = outers.at(-1)!.weights[k]!
    return weight > 0 ? [`${name} ${weight.toFixed(2)}`] : []
  })
  const few = `Only ${sample.target.length} landmarks of ${sample.patientsSeen} patients to learn from: what they carry is ${weighted.join(', ')}, and one shape of error for everybody.`
  const mean = 'No family beats the mean of the population by more than chance would: everybody is expected to have it.'
  return [
    ...(sample.target.length < fewRows || sample.patientsSeen < fewPatients
      ? [{ code: 'few', sentence: few } as const]
      : []),
    ...(outers.some(({ weights }) => weights[0] === 1) ? [{ code: 'mean_for_all', sentence: mean } as const] : []),
  ]
}
