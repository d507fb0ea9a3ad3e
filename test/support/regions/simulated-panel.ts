/** A simulated panel with a known truth: a level per patient, readings around it, and an informative second measure. */
import { NEVER } from '../../../engine/kernel/calendar.ts'
import type { Panel, ReadingColumns } from '../../../engine/panel/panel.ts'
import { randomOf, type Random } from '../../../engine/kernel/random.ts'

export interface World {
  readonly patients: number
  readonly seed: number
  /** between persons, within a person, in the unit */
  readonly betweenSd?: number
  readonly withinSd?: number
  /** sd of noise of a patient's readings, instead of withinSd */
  readonly noiseOf?: (patient: number) => number
  readonly readings?: number
  readonly everyDays?: number
}

/** First day of the simulated readings: 2021-01-01. */
export const FIRST_DAY = 18628

/** Readings of `hba1c` = 60 + level + noise about every `everyDays`, and of `sbp` = 130 + level / 2 + noise. */
export function simulatedPanel(world: World): Panel {
  const { patients, seed, betweenSd = 8, withinSd = 4, readings = 12, everyDays = 120 } = world
  const ids = Array.from({ length: patients }, (_, i) => `s${seed}-${String(i).padStart(6, '0')}`)
  const histories = ids.map((_, patient) => {
    const random = randomOf(seed, patient)
    const level = betweenSd * random.normal()
    const noise = world.noiseOf?.(patient) ?? withinSd
    const visits = Array.from({ length: readings }, (_, k) => FIRST_DAY + k * everyDays + random.below(30))
    return {
      hba1c: visits.map((day) => [day, 60 + level + noise * random.normal()] as const),
      sbp: visits.map((day) => [day, 130 + level / 2 + 6 * random.normal()] as const),
      random,
    }
  })
  return panelFrom(
    ids,
    histories.map(({ random }) => random),
    {
      hba1c: histories.map(({ hba1c }) => hba1c),
      sbp: histories.map(({ sbp }) => sbp),
    },
  )
}

export type History = readonly (readonly [number, number])[]

/** A panel of patients of one partner, enrolled from the first day on. */
export function panelFrom(
  patientIds: readonly string[],
  randoms: readonly Random[],
  histories: Readonly<Record<string, readonly History[]>>,
): Panel {
  const count = patientIds.length
  const each = Int32Array.from({ length: count + 1 }, (_, i) => i)
  const nothing = {
    offsets: new Int32Array(count + 1),
    code: new Int32Array(0),
    since: new Int32Array(0),
    until: new Int32Array(0),
  }
  const measures = Object.keys(histories).sort()
  return {
    patientIds,
    birthYear: Int16Array.from(randoms, (random) => 1930 + random.below(50)),
    sex: Uint8Array.from(randoms, (random) => random.below(2)),
    insurer: new Int32Array(count),
    insurers: ['7095'],
    diedOn: new Int32Array(count).fill(NEVER),
    partners: [{ partnerId: 'p01', kind: 'gp_practice', memberOf: null }],
    enrolments: {
      offsets: each,
      partner: new Int32Array(count),
      startedOn: new Int32Array(count).fill(FIRST_DAY),
      endedOn: new Int32Array(count).fill(NEVER),
      endReason: new Uint8Array(count),
      mainPractitioner: new Uint8Array(count),
    },
    measures,
    readings: measures.map((key) => readingsOf(histories[key]!)),
    conditionCodes: [],
    conditions: nothing,
    atcCodes: [],
    medications: nothing,
  }
}

function readingsOf(histories: readonly History[]): ReadingColumns {
  const offsets = Int32Array.from([0, ...histories.map((history) => history.length)])
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!
  const sorted = histories.flatMap((history) => [...history].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
  return {
    offsets,
    day: Int32Array.from(sorted, ([day]) => day),
    value: Float64Array.from(sorted, ([, value]) => value),
  }
}
