/** Assembles the panel of one shard from its sorted rows. */
import {
  END_REASONS,
  type EnrolmentColumns,
  MAIN_PRACTITIONERS,
  type Panel,
  type PanelPartner,
  type ReadingColumns,
  type SpanColumns,
} from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { ShardPatients } from './patients.ts'
import { byCodeUnits } from '../columns/text-order.ts'
import type { SortedRows } from './rows.ts'

export interface ShardRows {
  readonly enrolments: SortedRows
  readonly observations: SortedRows
  readonly conditions: SortedRows
  readonly medications: SortedRows
}

/** The data shared by all shards of a snapshot. */
export interface PanelFrame {
  readonly programme: string
  readonly measures: readonly string[]
  /** ascending by partner_id */
  readonly partners: readonly PanelPartner[]
  /** ascending, '' for unknown */
  readonly insurers: readonly string[]
}

/** The panel of a shard; the order of everything in it follows engine/panel.ts. */
export function panelFrom(frame: PanelFrame, patients: ShardPatients, rows: ShardRows): Panel {
  const insurerAt = placesOf(frame.insurers)
  const count = patients.patientIds.length
  const conditions = spansOf(count, rows.conditions, codedConditions(rows.conditions), 2)
  const medications = spansOf(count, rows.medications, words(rows.medications, 0), 1)
  return {
    patientIds: patients.patientIds,
    birthYear: patients.birthYear,
    sex: patients.sex,
    insurer: Int32Array.from(patients.insurer, (insurer) => insurerAt.get(insurer) ?? -1),
    insurers: frame.insurers,
    diedOn: patients.diedOn,
    partners: frame.partners,
    enrolments: enrolmentsOf(count, rows.enrolments, frame),
    measures: frame.measures,
    readings: readingsOf(count, rows.observations, frame.measures),
    conditionCodes: conditions.codes,
    conditions: conditions.spans,
    atcCodes: medications.codes,
    medications: medications.spans,
  }
}

function enrolmentsOf(patients: number, rows: SortedRows, frame: PanelFrame): EnrolmentColumns {
  const programme = words(rows, 0)
  const own = programme.words.indexOf(frame.programme)
  const kept = keep(rows.rows, (row) => programme.values[row] === own)
  const partnerAt = placesOf(frame.partners.map(({ partnerId }) => partnerId))
  return {
    offsets: offsetsOf(patients, rows.patient, kept),
    startedOn: picked(days(rows, 1), kept),
    partner: placed(words(rows, 2), kept, (id) => known(partnerAt.get(id), `partner ${id} of an enrolment is known`)),
    endedOn: picked(days(rows, 3), kept),
    endReason: Uint8Array.from(placed(words(rows, 4), kept, (word) => placeIn(END_REASONS, word))),
    mainPractitioner: Uint8Array.from(
      // absent means gp (method.md 1)
      placed(words(rows, 5), kept, (word) => placeIn(MAIN_PRACTITIONERS, word === '' ? 'gp' : word)),
    ),
  }
}

/** Observations lie by patient, measure, day and value: each measure's readings are picked out in that order. */
function readingsOf(patients: number, rows: SortedRows, measures: readonly string[]): ReadingColumns[] {
  const measure = words(rows, 0)
  const observedOn = days(rows, 1)
  const value = rows.columns[2]
  invariant(value?.kind === 'double', 'an observation has a value')
  return measures.map((key) => {
    const own = measure.words.indexOf(key)
    const kept = own < 0 ? new Int32Array(0) : keep(rows.rows, (row) => measure.values[row] === own)
    return {
      offsets: offsetsOf(patients, rows.patient, kept),
      day: picked(observedOn, kept),
      value: Float64Array.from(kept, (row) => value.values[row]!),
    }
  })
}

interface Words {
  readonly values: Int32Array
  readonly words: readonly string[]
}

/** @param since place of the first day's column; the last day's stands after it */
function spansOf(
  patients: number,
  rows: SortedRows,
  coded: Words,
  since: number,
): { codes: readonly string[]; spans: SpanColumns } {
  const all = keep(rows.rows, () => true)
  return {
    codes: coded.words,
    spans: {
      offsets: offsetsOf(patients, rows.patient, all),
      code: coded.values,
      since: days(rows, since),
      until: days(rows, since + 1),
    },
  }
}

/** The code with its system in front ('ICPC-1:T90.02'), ascending. */
function codedConditions(rows: SortedRows): Words {
  const [system, code] = [words(rows, 0), words(rows, 1)]
  const pairs = new Map<number, string>()
  const keyOf = (row: number) => system.values[row]! * code.words.length + code.values[row]!
  for (let row = 0; row < rows.rows; row++) {
    const key = keyOf(row)
    if (!pairs.has(key)) pairs.set(key, `${system.words[system.values[row]!]}:${code.words[code.values[row]!]}`)
  }
  const sorted = [...pairs.values()].sort(byCodeUnits)
  const places = placesOf(sorted)
  const placeOf = new Map([...pairs].map(([key, word]) => [key, places.get(word) ?? -1]))
  const values = new Int32Array(rows.rows)
  for (let row = 0; row < rows.rows; row++) values[row] = placeOf.get(keyOf(row))!
  return { values, words: sorted }
}

const placesOf = (words: readonly string[]): ReadonlyMap<string, number> =>
  new Map(words.map((word, place) => [word, place]))

function placeIn(list: readonly string[], word: string): number {
  const place = list.indexOf(word)
  invariant(place >= 0, `"${word}" is one of ${list.join(', ')}`)
  return place
}

function known<T>(value: T | undefined, what: string): T {
  invariant(value !== undefined, what)
  return value
}

function words(rows: SortedRows, at: number): Words {
  const column = rows.columns[at]
  invariant(column?.kind === 'word', `column ${at} holds words`)
  return column
}

function days(rows: SortedRows, at: number): Int32Array {
  const column = rows.columns[at]
  invariant(column?.kind === 'day', `column ${at} holds days`)
  return column.values
}

function keep(rows: number, wanted: (row: number) => boolean): Int32Array {
  const kept = new Int32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) if (wanted(row)) kept[count++] = row
  return kept.slice(0, count)
}

function picked(values: Int32Array, kept: Int32Array): Int32Array {
  const out = new Int32Array(kept.length)
  for (let at = 0; at < kept.length; at++) out[at] = values[kept[at]!]!
  return out
}

function placed(column: Words, kept: Int32Array, placeOf: (word: string) => number): Int32Array {
  const places = new Map<number, number>()
  return Int32Array.from(kept, (row) => {
    const number = column.values[row]!
    const cached = places.get(number)
    if (cached !== undefined) return cached
    const place = placeOf(column.words[number]!)
    places.set(number, place)
    return place
  })
}

function offsetsOf(patients: number, patient: Int32Array, kept: Int32Array): Int32Array {
  const offsets = new Int32Array(patients + 1)
  for (const row of kept) offsets[patient[row]! + 1]!++
  for (let at = 0; at < patients; at++) offsets[at + 1]! += offsets[at]!
  return offsets
}
