/** Panels from readable specifications, for tests. */
import { type Day, epochDayOf, NEVER } from '../../../engine/kernel/calendar.ts'
import { END_REASONS, MAIN_PRACTITIONERS, SEXES, type Panel, type ReadingColumns } from '../../../engine/panel/panel.ts'

export interface PatientSpec {
  readonly id: string
  readonly insurer?: string
  readonly diedOn?: Day
  readonly birthYear?: number
  readonly enrolments: readonly {
    readonly partner: string
    readonly from: Day
    readonly until?: Day
    readonly reason?: string
    readonly main?: string
  }[]
  /** measure → day → value, or values */
  readonly readings?: Readonly<Record<string, Readonly<Record<string, number | readonly number[]>>>>
}

export interface RegionSpec {
  readonly partners: readonly { readonly id: string; readonly memberOf?: string; readonly kind?: string }[]
  readonly patients: readonly PatientSpec[]
  readonly measures?: readonly string[]
}

/** The panel of a specified region; patients and partners are sorted by id. */
export function panelFrom({ partners, patients, measures = ['hba1c'] }: RegionSpec): Panel {
  const places = [...partners].sort((a, b) => (a.id < b.id ? -1 : 1))
  const people = [...patients].sort((a, b) => (a.id < b.id ? -1 : 1))
  const insurers = [...new Set(people.map(({ insurer = '' }) => insurer))].sort()
  const spells = people.map(({ enrolments }) => [...enrolments].sort((a, b) => (a.from < b.from ? -1 : 1)))
  const empty = {
    offsets: new Int32Array(people.length + 1),
    code: new Int32Array(0),
    since: new Int32Array(0),
    until: new Int32Array(0),
  }
  const each = spells.flat()
  const dayOr = (day: Day | undefined) => (day === undefined ? NEVER : epochDayOf(day))
  return {
    patientIds: people.map(({ id }) => id),
    birthYear: Int16Array.from(people, ({ birthYear = 1955 }) => birthYear),
    sex: Uint8Array.from(people, () => SEXES.indexOf('f')),
    insurer: Int32Array.from(people, ({ insurer = '' }) => insurers.indexOf(insurer)),
    insurers,
    diedOn: Int32Array.from(people, ({ diedOn }) => dayOr(diedOn)),
    partners: places.map(({ id, memberOf, kind }) => ({
      partnerId: id,
      kind: kind ?? 'gp_practice',
      memberOf: memberOf ?? null,
    })),
    enrolments: {
      offsets: offsetsOf(spells.map(({ length }) => length)),
      partner: Int32Array.from(each, ({ partner }) => places.findIndex(({ id }) => id === partner)),
      startedOn: Int32Array.from(each, ({ from }) => epochDayOf(from)),
      endedOn: Int32Array.from(each, ({ until }) => dayOr(until)),
      endReason: Uint8Array.from(each, ({ reason = '' }) => END_REASONS.findIndex((known) => known === reason)),
      mainPractitioner: Uint8Array.from(each, ({ main = 'gp' }) =>
        MAIN_PRACTITIONERS.findIndex((known) => known === main),
      ),
    },
    measures,
    readings: measures.map((measure) => readingsOf(people, measure)),
    conditionCodes: [],
    conditions: empty,
    atcCodes: [],
    medications: empty,
  }
}

function readingsOf(people: readonly PatientSpec[], measure: string): ReadingColumns {
  const lists = people.map(({ readings }) =>
    Object.entries(readings?.[measure] ?? {})
      .flatMap(([day, values]) => [values].flat().map((value) => ({ day: epochDayOf(day as Day), value })))
      .sort((a, b) => a.day - b.day || a.value - b.value),
  )
  return {
    offsets: offsetsOf(lists.map(({ length }) => length)),
    day: Int32Array.from(lists.flat(), ({ day }) => day),
    value: Float64Array.from(lists.flat(), ({ value }) => value),
  }
}

function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1)
  lengths.forEach((length, at) => (offsets[at + 1] = offsets[at]! + length))
  return offsets
}
