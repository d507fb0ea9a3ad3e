/** People with a score between two ends, in whole points, read once a year: many of them stand at its ceiling. */
import { NEVER } from '../../engine/kernel/calendar.ts'
import type { Random } from '../../engine/kernel/random.ts'
import { MAIN_PRACTITIONERS, type Panel, type ReadingColumns } from '../../engine/panel/panel.ts'

export interface Score {
  readonly low: number
  readonly ceiling: number
  /** of the level of people, before it is cut off: mean and sd between them */
  readonly mean: number
  readonly betweenSd: number
  /** sd of a reading about the level of an average person; people differ in it */
  readonly noiseSd: number
}

export const MEASURE = 'score'
const READINGS = 5
const FIRST_DAY = 18_628
const GP = MAIN_PRACTITIONERS.indexOf('gp')

/** Readings of whole points, the nearest to level + noise that the score can have. */
export function scorePanel(score: Score, people: number, dice: Random): Panel {
  const nothing = {
    offsets: new Int32Array(people + 1),
    code: new Int32Array(0),
    since: new Int32Array(0),
    until: new Int32Array(0),
  }
  const each = { length: people }
  return {
    patientIds: Array.from(each, (_, at) => `i${String(at).padStart(6, '0')}`),
    birthYear: Int16Array.from(each, () => 1930 + dice.below(50)),
    sex: Uint8Array.from(each, () => dice.below(2)),
    insurer: new Int32Array(people),
    insurers: ['7095'],
    diedOn: new Int32Array(people).fill(NEVER),
    partners: [{ partnerId: 'p1', kind: 'gp_practice', memberOf: null }],
    enrolments: {
      offsets: Int32Array.from({ length: people + 1 }, (_, at) => at),
      partner: new Int32Array(people),
      startedOn: new Int32Array(people).fill(FIRST_DAY),
      endedOn: new Int32Array(people).fill(NEVER),
      endReason: new Uint8Array(people),
      mainPractitioner: new Uint8Array(people).fill(GP),
    },
    measures: [MEASURE],
    readings: [readingsOf(score, people, dice)],
    conditionCodes: [],
    conditions: nothing,
    atcCodes: [],
    medications: nothing,
  }
}

function readingsOf({ low, ceiling, mean, betweenSd, noiseSd }: Score, people: number, dice: Random): ReadingColumns {
  const [offsets, day, value] = [[0], [] as number[], [] as number[]]
  for (let person = 0; person < people; person++) {
    const level = mean + betweenSd * dice.normal()
    const restless = noiseSd * Math.exp(0.3 * dice.normal())
    for (let reading = 0; reading < READINGS; reading++) {
      day.push(FIRST_DAY + 365 * reading + dice.below(30))
      value.push(Math.min(ceiling, Math.max(low, Math.round(level + restless * dice.normal()))))
    }
    offsets.push(day.length)
  }
  return { offsets: Int32Array.from(offsets), day: Int32Array.from(day), value: Float64Array.from(value) }
}
