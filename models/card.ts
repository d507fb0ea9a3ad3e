/** The model card: what was learned from, by which families, and how well it holds for people it had not seen. */
import type { WholeSample } from './sample.ts'
import { scoreOf, type Score } from './score.ts'
import { loadExpecter } from './expecter.ts'
import type { Fit, Outer } from './artefact.ts'
import type { ExpectationSpec } from './estimator.ts'
import { patientsIn } from './clusters.ts'
import { floors } from './registry.ts'
import { validationOf, type Validation } from './validation.ts'

export interface FamilyCard {
  readonly name: string
  /** in the model of all, and the range over the models of the folds */
  readonly weight: number
  readonly weightRange: readonly [number, number]
  readonly mae: number
  readonly rmse: number
  readonly r2: number
  /** of the fit over all folds; not part of the hashed bytes; null where nobody held a clock */
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
  /** rows predicted by the model that had left their fold out of everything; of more than 16,000 the first by hash of their patients */
  readonly blend: Score
  /** of ten patients or more */
  readonly groups: readonly GroupScore[]
  readonly validation: Validation
  readonly warnings: readonly string[]
  /** what computed the tensors: 'tensorflow', 'wasm' or 'cpu' */
  readonly backend: string
  readonly bytes: number
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
  const scored = (rows: Int32Array): Score => scoreOf(judged.target, predictions, rows)
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
      const { mae, rmse, r2 } = pointScore(sample.target, crossFit.heldOut[last]!)
      return {
        name: family.name,
        weight: outers[last]!.weights[k]!,
        weightRange: [Math.min(...weights), Math.max(...weights)],
        mae,
        rmse,
        r2,
        fitMs,
      }
    }),
    blend: scored(all),
    groups: groups.map(([group, rows]) => ({ group, patients: patientsIn(judged.patient, rows), ...scored(rows) })),
    validation: validationOf({ ...judged, predictions }, floorsOf(fits, last, judged.target.length), groups),
    warnings: warningsOf(sample, fits, outers),
    backend: backendOf(fits),
    bytes: of.bytes.length,
  }
}

const mostJudged = 16_000

/** Fewer people than this are not a group to speak of. */
const fewestPatients = 10

type Judged = Pick<WholeSample, 'table' | 'target' | 'fold' | 'patient'>

/** Rows ascend by hashes of their patients, so that the first are a sample. */
const judgedOf = ({ table, target, fold, patient }: WholeSample): Judged => ({
  table: {
    ...table,
    rows: Math.min(mostJudged, table.rows),
    columns: table.columns.map((column) => column.subarray(0, mostJudged)),
  },
  target: target.subarray(0, mostJudged),
  fold: fold.subarray(0, mostJudged),
  patient: patient.subarray(0, 2 * mostJudged),
})

/** What the floors would have predicted for the same rows, by parts that had left their folds out. */
const floorsOf = (fits: readonly Fit[], last: number, rows: number): { name: string; mean: Float64Array }[] =>
  fits
    .filter(({ family }) => floors.includes(family.name))
    .map(({ family, crossFit }) => ({ name: family.name, mean: crossFit.heldOut[last]!.subarray(0, rows) }))

const backendOf = (fits: readonly Fit[]): string =>
  fits
    .flatMap(({ crossFit }) => crossFit.units.map(({ meta }) => meta.backend))
    .find((name) => typeof name === 'string') ?? 'none'

function pointScore(target: Float64Array, mean: Float64Array): Pick<Score, 'mae' | 'rmse' | 'r2'> {
  const average = target.reduce((sum, y) => sum + y, 0) / target.length
  let [absolute, squares, total] = [0, 0, 0]
  target.forEach((y, row) => {
    absolute += Math.abs(y - mean[row]!)
    squares += (y - mean[row]!) ** 2
    total += (y - average) ** 2
  })
  return { mae: absolute / target.length, rmse: Math.sqrt(squares / target.length), r2: 1 - squares / total }
}

/** Tenths of the prediction, sexes, and ages: the groups in which an expectation has to hold. */
function groupsOf(sample: Judged, mean: Float64Array): [string, Int32Array][] {
  const rows = Array.from(sample.target.keys())
  const ordered = [...rows].sort((a, b) => mean[a]! - mean[b]! || a - b)
  const tenths = Array.from({ length: 10 }, (_, t): [string, number[]] => [
    `prediction ${t + 1}/10`,
    ordered.slice(Math.floor((t * rows.length) / 10), Math.floor(((t + 1) * rows.length) / 10)),
  ])
  const column = (name: string): Float32Array => sample.table.columns[sample.table.names.indexOf(name)]!
  const [female, unknown, age] = [column('female'), column('sex_unknown'), column('age')]
  const by = (name: string, belongs: (row: number) => boolean): [string, number[]] => [name, rows.filter(belongs)]
  return [
    ...tenths,
    by('female', (row) => female[row] === 1),
    by('male', (row) => female[row] === 0 && unknown[row] === 0),
    by('age below 50', (row) => age[row]! < 50),
    by('age 50 to 64', (row) => age[row]! >= 50 && age[row]! < 65),
    by('age 65 to 79', (row) => age[row]! >= 65 && age[row]! < 80),
    by('age 80 and over', (row) => age[row]! >= 80),
  ]
    .filter(([, of]) => of.length > 0)
    .map(([name, of]) => [name, Int32Array.from(of)])
}

/** Below these a conditional spread and several families are more than the data can carry. */
const [fewRows, fewPatients] = [200, 100]

function warningsOf(sample: WholeSample, fits: readonly Fit[], outers: readonly Outer[]): string[] {
  const heard = fits.flatMap(({ family: { name } }, k) => {
    const weight = outers.at(-1)!.weights[k]!
    return weight > 0 ? [`${name} ${weight.toFixed(2)}`] : []
  })
  const few = `Only ${sample.target.length} landmarks of ${sample.patientsSeen} patients to learn from: what they carry is ${heard.join(', ')}, and one shape of error for everybody.`
  const mean = 'No family beats the mean of the population by more than chance would: everybody is expected to have it.'
  return [
    ...(sample.target.length < fewRows || sample.patientsSeen < fewPatients ? [few] : []),
    ...(outers.some(({ weights }) => weights[0] === 1) ? [mean] : []),
  ]
}
