/** The random effects of a patient's readings: level, course and measurement error, separated by best linear unbiased
 *  prediction. */
import { OWN_READINGS, readingName } from '../../engine/panel/readings.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnNamed } from './design.ts'

/** Shares of the variance of a reading, given who the person is: own level, course and error; they sum to 1.
 *  The course is a Gaussian process of correlation (1 + t/memory) exp(-t/memory) (Matern 3/2): it has a slope at every moment, and forgets
 *  it, so that a long bent history does not run away as a random slope does. */
export interface Process {
  readonly level: number
  readonly course: number
  readonly error: number
  /** years */
  readonly memory: number
}

/** Predicted random effects of a table's rows, [rows] each: level, course and course's slope (a year) at the landmark, for the values of the readings
 *  and for readings that all equal 1. 0 without readings. */
export interface RandomEffects {
  readonly level: Float64Array
  readonly course: Float64Array
  readonly slope: Float64Array
  readonly levelOfOne: Float64Array
  readonly courseOfOne: Float64Array
  readonly slopeOfOne: Float64Array
}

/** With V_jk = level + course * c(|a_j - a_k|) + (error / count_j if j = k) over readings aged a_j and z = V^-1 y: level * sum z,
 *  course * sum c(a_j) z_j and -course * sum c'(a_j) z_j; the same of V^-1 1. Linear in y, so that a mean can be taken off afterwards: the
 *  prediction of the level is level - mean * levelOfOne.
 *  @param rows of the table, all by default; entry i of the columns belongs to rows[i] */
export function randomEffectsOf(table: FeatureTable, process: Process, rows?: Int32Array): RandomEffects {
  const count = rows?.length ?? table.rows
  const column = (): Float64Array => new Float64Array(count)
  const effects: RandomEffects = {
    level: column(),
    course: column(),
    slope: column(),
    levelOfOne: column(),
    courseOfOne: column(),
    slopeOfOne: column(),
  }
  const readings = readingsOf(table)
  const of: RowReadings = { size: 0, age: scratch(), count: scratch(), z: scratch(), one: scratch() }
  const v = new Float64Array(OWN_READINGS * OWN_READINGS)
  for (let i = 0; i < count; i++) {
    read(readings, rows ? rows[i]! : i, of)
    if (of.size > 0) writeEffects(of, process, v, effects, i)
  }
  return effects
}

const scratch = (): Float64Array => new Float64Array(OWN_READINGS)

/** `z` holds the values, `one` ones, until they are solved for. */
interface RowReadings {
  size: number
  readonly age: Float64Array
  readonly count: Float64Array
  readonly z: Float64Array
  readonly one: Float64Array
}

type Readings = ReturnType<typeof readingsOf>

function readingsOf(table: FeatureTable) {
  const named = (fact: 'value' | 'age' | 'count'): Float32Array[] =>
    Array.from({ length: OWN_READINGS }, (_, k) => columnNamed(table, readingName(k + 1, fact)))
  return { value: named('value'), age: named('age'), count: named('count') }
}

function read({ value, age, count }: Readings, row: number, of: RowReadings): void {
  let size = 0
  for (; size < OWN_READINGS; size++) {
    const y = value[size]![row]!
    if (Number.isNaN(y)) break
    of.z[size] = y
    of.one[size] = 1
    of.age[size] = age[size]![row]!
    of.count[size] = count[size]![row]!
  }
  of.size = size
}

function writeEffects(
  { size, age, count, z, one }: RowReadings,
  process: Process,
  v: Float64Array,
  effects: RandomEffects,
  at: number,
): void {
  const { level, course, error, memory } = process
  const rate = 1 / memory
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const gap = rate * Math.abs(age[i]! - age[j]!)
      v[i * size + j] = level + course * (1 + gap) * Math.exp(-gap)
    }
    v[i * size + i] = level + course + error / count[i]!
  }
  solveBoth(v, z, one, size)
  let [sum, sumOne, drift, driftOne, slope, slopeOne] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const t = rate * age[i]!
    const fading = Math.exp(-t)
    sum += z[i]!
    sumOne += one[i]!
    drift += (1 + t) * fading * z[i]!
    driftOne += (1 + t) * fading * one[i]!
    slope -= rate * t * fading * z[i]!
    slopeOne -= rate * t * fading * one[i]!
  }
  effects.level[at] = level * sum
  effects.levelOfOne[at] = level * sumOne
  effects.course[at] = course * drift
  effects.courseOfOne[at] = course * driftOne
  effects.slope[at] = course * slope
  effects.slopeOfOne[at] = course * slopeOne
}

/** V^-1 z and V^-1 one in place, V symmetric positive definite of order n, its lower triangle given and overwritten. */
function solveBoth(v: Float64Array, z: Float64Array, one: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let sum = v[row + j]!
      for (let k = 0; k < j; k++) sum -= v[row + k]! * v[other + k]!
      v[row + j] = i === j ? Math.sqrt(sum) : sum / v[other + j]!
    }
    let [a, b] = [z[i]!, one[i]!]
    for (let k = 0; k < i; k++) {
      a -= v[row + k]! * z[k]!
      b -= v[row + k]! * one[k]!
    }
    z[i] = a / v[row + i]!
    one[i] = b / v[row + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let [a, b] = [z[i]!, one[i]!]
    for (let k = i + 1; k < n; k++) {
      a -= v[k * n + i]! * z[k]!
      b -= v[k * n + i]! * one[k]!
    }
    z[i] = a / v[i * n + i]!
    one[i] = b / v[i * n + i]!
  }
}
