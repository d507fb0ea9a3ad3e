/** Variance components and memory of a measure's process, chosen by cross-validated prediction error. */
import { mixed } from '../../engine/kernel/fold.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { solve } from '../../engine/kernel/cholesky.ts'
import type { Sample } from '../estimator.ts'
import { gramSum, squaredError, type Gram } from '../sample/gram.ts'
import { randomEffectsOf, type Process, type RandomEffects } from './mixed-process.ts'
import { rowsWhere, thinned } from '../sample/rows.ts'

/** The most rows that the choice is made on: those with the smallest hash of (patient, day). */
const decidingRows = 2500
/** The grid: memory in years, course / level, error / (level + course). */
const memories = [0.25, 0.5, 1, 2, 4, 8]
const courses = [0.1, 0.3, 1, 3, 10]
const errors = [0.03, 0.1, 0.2, 0.4, 0.8, 1.6]
type Place = readonly [number, number, number]
const middle: Place = [2, 2, 2]
/** A step is taken for a gain of more than this share: the grid is flat near its best. */
const leastGain = 1e-4

function processAt([memory, course, error]: Place): Process {
  const drifting = courses[course]! / (1 + courses[course]!)
  const total = 1 + errors[error]!
  return {
    level: (1 - drifting) / total,
    course: drifting / total,
    error: errors[error]! / total,
    memory: memories[memory]!,
  }
}

/** By folds left out, the process of least cross-validated squared error of the target on (1, level, course, slope, certainty), over the rows
 *  outside them, by steps along the grid from its middle until no step is better.
 *  @returns a function of the folds left out and the mean target outside them */
export function processesOf(sample: Sample): (leftOut: readonly number[], mean: number) => Process {
  const rows = thinned(
    rowsWhere(sample.fold.length, () => true),
    decidingRows,
    (row) => mixed(sample.patient[2 * row]! ^ Math.imul(sample.day[row]!, 0x27d4eb2f)),
  )
  // The random effects do not depend on the folds left out.
  const effects = new Map<string, RandomEffects>()
  const effectsAt = (place: Place): RandomEffects => {
    const known = effects.get(place.join()) ?? randomEffectsOf(sample.table, processAt(place), rows)
    effects.set(place.join(), known)
    return known
  }
  return (leftOut, mean) => processAt(bestPlace((place) => errorOf({ sample, rows, leftOut, mean }, effectsAt(place))))
}

function bestPlace(errorAt: (place: Place) => number): Place {
  const sizes = [memories.length, courses.length, errors.length]
  let best = { place: middle, error: errorAt(middle) }
  const tried = new Set([middle.join()])
  for (let before = Infinity; best.error < before;) {
    before = best.error
    sizes.forEach((size, axis) =>
      [-1, 1].forEach((step) => {
        const place = best.place.map((at, k) => (k === axis ? at + step : at)) as readonly number[] as Place
        if (place[axis]! < 0 || place[axis]! >= size || tried.has(place.join())) return
        tried.add(place.join())
        const error = errorAt(place)
        if (error < best.error * (1 - leastGain)) best = { place, error }
      }),
    )
  }
  return best.place
}

interface Trial {
  readonly sample: Sample
  readonly rows: Int32Array
  readonly leftOut: readonly number[]
  readonly mean: number
}

function errorOf(trial: Trial, effects: RandomEffects): number {
  const tests = momentsOf(trial, effects).filter((gram) => gram.rows > 0)
  return tests.reduce((error, test) => {
    const { order, xx, xy } = gramSum(tests.filter((gram) => gram !== test))
    const a = new Float64Array(order * order)
    for (let i = 0; i < order; i++) for (let j = 0; j <= i; j++) a[i * order + j] = xx[j * order + i]!
    for (let i = 0; i < order; i++) a[i * order + i] = a[i * order + i]! * (1 + ridge) + 1e-9
    const b = solve(a, xy)
    invariant(b, 'moments with something on their diagonal can be solved')
    return error + squaredError(test, b)
  }, 0)
}

/** Keeps collinear columns (level and certainty of a single reading) solvable. */
const ridge = 1e-4
const order = 5

/** Moments of (1, level, course, slope, certainty) and the target less the mean, per fold that is not left out. */
function momentsOf({ sample, rows, leftOut, mean }: Trial, effects: RandomEffects): Gram[] {
  const grams = Array.from({ length: sample.folds }, () => ({
    order,
    xx: new Float64Array(order * order),
    xy: new Float64Array(order),
    yy: 0,
    rows: 0,
  }))
  const x = new Float64Array(order)
  for (let i = 0; i < rows.length; i++) {
    const fold = sample.fold[rows[i]!]!
    if (leftOut.includes(fold)) continue
    const [gram, y] = [grams[fold]!, sample.target[rows[i]!]! - mean]
    const [level, course] = [effects.levelOfOne[i]!, effects.courseOfOne[i]!]
    x[0] = 1
    x[1] = effects.level[i]! - mean * level
    x[2] = effects.course[i]! - mean * course
    x[3] = effects.slope[i]! - mean * effects.slopeOfOne[i]!
    x[4] = level + course
    for (let j = 0; j < order; j++) {
      for (let k = j; k < order; k++) gram.xx[j * order + k]! += x[j]! * x[k]!
      gram.xy[j]! += x[j]! * y
    }
    gram.yy += y * y
    gram.rows++
  }
  return grams
}
