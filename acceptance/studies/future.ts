/** Data after the index date do not influence the expectation. */
import { addYears, epochDayOf, NEVER } from '../../engine/kernel/calendar.ts'
import { END_REASONS, MAIN_PRACTITIONERS, type Panel, type ReadingColumns } from '../../engine/panel/panel.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'
import { windowOf } from '../../engine/panel/window.ts'
import { contractWith, OUTCOME } from '../simulation/contract.ts'
import { exactly, type Row } from '../simulation/figure.ts'
import type { Scale, Study } from '../simulation/scale.ts'

const PATIENTS = 500
const landmark = epochDayOf(addYears(contractWith().period.start, -1))

/** Readings every few months up to the landmark; after it whatever the other dice throw. */
function readingsOf(known: Random, later: Random): ReadingColumns {
  const [offsets, day, value] = [[0], [] as number[], [] as number[]]
  for (let patient = 0; patient < PATIENTS; patient++) {
    for (let on = landmark - 1200 + known.below(100); on <= landmark; on += 60 + known.below(120)) {
      day.push(on)
      value.push(40 + known.below(60))
    }
    for (let on = landmark + 1 + later.below(30); on < landmark + 900; on += 30 + later.below(200)) {
      day.push(on)
      value.push(20 + later.below(150))
    }
    offsets.push(day.length)
  }
  return {
    offsets: Int32Array.from(offsets),
    day: Int32Array.from(day),
    value: Float64Array.from(value),
  }
}

function panelOf(known: Random, later: Random): Panel {
  const nothing = {
    offsets: new Int32Array(PATIENTS + 1),
    code: new Int32Array(0),
    since: new Int32Array(0),
    until: new Int32Array(0),
  }
  const each = { length: PATIENTS }
  return {
    patientIds: Array.from(each, (_, at) => `i${String(at).padStart(5, '0')}`),
    birthYear: Int16Array.from(each, () => 1930 + known.below(60)),
    sex: Uint8Array.from(each, () => known.below(2)),
    insurer: new Int32Array(PATIENTS),
    insurers: ['7095'],
    diedOn: Int32Array.from(each, () => (later.below(4) === 0 ? landmark + 1 + later.below(900) : NEVER)),
    partners: [{ partnerId: 'p1', kind: 'gp_practice', memberOf: null }],
    enrolments: {
      offsets: Int32Array.from({ length: PATIENTS + 1 }, (_, at) => at),
      partner: new Int32Array(PATIENTS),
      startedOn: Int32Array.from(each, () => landmark - 400 - known.below(800)),
      endedOn: Int32Array.from(each, () => (later.below(3) === 0 ? landmark + 1 + later.below(900) : NEVER)),
      endReason: Uint8Array.from(each, () => later.below(END_REASONS.length)),
      mainPractitioner: Uint8Array.from(each, () => MAIN_PRACTITIONERS.indexOf('gp')),
    },
    measures: [OUTCOME.measure, 'sbp'],
    readings: [readingsOf(known, later), readingsOf(known, later)],
    conditionCodes: [],
    conditions: nothing,
    atcCodes: [],
    medications: nothing,
  }
}

function futureRows({ seed }: Scale): Row[] {
  const rows = {
    patient: Int32Array.from({ length: PATIENTS }, (_, at) => at),
    day: new Int32Array(PATIENTS).fill(landmark),
  }
  const tableOf = (future: number) =>
    windowOf(panelOf(randomOf(seed, 110), randomOf(seed, 111, future)), OUTCOME.measure, rows)
  const known = tableOf(0)
  let changed = 0
  for (let future = 1; future <= 10; future++)
    tableOf(future).columns.forEach((column, at) => {
      for (let row = 0; row < PATIENTS; row++) if (!Object.is(column[row], known.columns[at]![row])) changed++
    })
  const cells = 10 * PATIENTS * known.columns.length
  const regime = `facts of ${cells} that another future changes`
  return [exactly({ property: 'no future, no leak', tests: 'T17', regime }, changed, 0, 'facts')]
}

export const future: readonly Study[] = [{ name: 'future', rows: futureRows }]
