/** Combines the enrolments of one state of a shard with the persons and values of another: the region as it would be
 *  if only one of them had changed. */
import type { EnrolmentColumns, Panel, ReadingColumns, SpanColumns } from './panel.ts'

/** The enrolments and partners of one state with the persons and values of another. A person that only one of them knows is taken as it
 *  knows it: without values, or without enrolments. */
export function panelMix(values: Panel, attribution: Panel): Panel {
  const patientIds = [...new Set([...values.patientIds, ...attribution.patientIds])].sort(byCodeUnits)
  const insurers = mixedInsurers(values.insurers, attribution.insurers)
  const ofValues = placesOf(values, patientIds)
  const ofAttribution = placesOf(attribution, patientIds)
  const person = (of: (panel: Panel, at: number) => number) => (_: unknown, patient: number) =>
    ofValues[patient]! >= 0 ? of(values, ofValues[patient]!) : of(attribution, ofAttribution[patient]!)
  const insurerAt = new Map(insurers.map((insurer, at) => [insurer, at]))
  return {
    patientIds,
    birthYear: Int16Array.from(
      patientIds,
      person((panel, at) => panel.birthYear[at]!),
    ),
    sex: Uint8Array.from(
      patientIds,
      person((panel, at) => panel.sex[at]!),
    ),
    insurer: Int32Array.from(
      patientIds,
      person((panel, at) => insurerAt.get(panel.insurers[panel.insurer[at]!] ?? '') ?? -1),
    ),
    insurers,
    diedOn: Int32Array.from(
      patientIds,
      person((panel, at) => panel.diedOn[at]!),
    ),
    partners: attribution.partners,
    enrolments: listsOf(attribution.enrolments, ofAttribution),
    measures: values.measures,
    readings: values.readings.map((readings) => listsOf(readings, ofValues)),
    conditionCodes: values.conditionCodes,
    conditions: listsOf(values.conditions, ofValues),
    atcCodes: values.atcCodes,
    medications: listsOf(values.medications, ofValues),
  }
}

/** The insurers of a mixed panel: those of both states, ascending as in either. */
export const mixedInsurers = (values: readonly string[], attribution: readonly string[]): string[] =>
  [...new Set([...values, ...attribution])].sort(byCodeUnits)

/** Whether two states of a shard have the same enrolments and partners. */
export const sameAttribution = (one: Panel, other: Panel): boolean =>
  JSON.stringify(one.partners.map(membership)) === JSON.stringify(other.partners.map(membership)) &&
  sameLists(one, one.enrolments, other, other.enrolments)

const membership = ({ partnerId, kind, memberOf }: Panel['partners'][number]) => [partnerId, kind, memberOf]

/** Whether two states of a shard have the same persons and values, apart from who is enrolled where. */
export function sameValues(one: Panel, other: Panel): boolean {
  const texts = (panel: Panel) =>
    JSON.stringify([panel.patientIds, panel.measures, panel.conditionCodes, panel.atcCodes, insurersOf(panel)])
  return (
    texts(one) === texts(other) &&
    sameColumn(one.birthYear, other.birthYear) &&
    sameColumn(one.sex, other.sex) &&
    sameColumn(one.diedOn, other.diedOn) &&
    one.readings.every((readings, at) => sameColumns(readings, other.readings[at]!)) &&
    sameColumns(one.conditions, other.conditions) &&
    sameColumns(one.medications, other.medications)
  )
}

const insurersOf = ({ insurer, insurers }: Panel): string[] => Array.from(insurer, (at) => insurers[at] ?? '')

type Numbers = Int32Array | Int16Array | Uint8Array | Float64Array
type Lists = EnrolmentColumns | ReadingColumns | SpanColumns

const sameColumn = (one: Numbers, other: Numbers): boolean =>
  one.length === other.length && one.every((value: number, at: number) => value === other[at])

function sameColumns<L extends Lists>(one: L, other: L): boolean {
  const columns = Object.keys(one) as (keyof L)[]
  return columns.every((name) => sameColumn(one[name] as Numbers, other[name] as Numbers))
}

/** The same, whoever else is in the shards: a person without an entry counts for nothing. */
function sameLists<L extends Lists>(first: Panel, one: L, second: Panel, other: L): boolean {
  const ids = [...new Set([...withEntries(first, one), ...withEntries(second, other)])].sort(byCodeUnits)
  return sameColumns(listsOf(one, placesOf(first, ids)), listsOf(other, placesOf(second, ids)))
}

const withEntries = ({ patientIds }: Panel, { offsets }: Lists): string[] =>
  patientIds.filter((_, at) => offsets[at + 1]! > offsets[at]!)

/** Where each of the patients stands in a panel; -1 where it does not. */
function placesOf(panel: Panel, patientIds: readonly string[]): Int32Array {
  const places = new Map(panel.patientIds.map((id, at) => [id, at]))
  return Int32Array.from(patientIds, (id) => places.get(id) ?? -1)
}

/** The lists of the patients at these places, one after the other; nobody's list is empty. */
function listsOf<L extends Lists>(lists: L, places: Int32Array): L {
  const { offsets } = lists
  const ends = new Int32Array(places.length + 1)
  places.forEach((at, patient) => (ends[patient + 1] = ends[patient]! + (at < 0 ? 0 : offsets[at + 1]! - offsets[at]!)))
  const picked = <N extends Numbers>(column: N): N => {
    const out = new (column.constructor as new (length: number) => N)(ends[places.length]!)
    places.forEach((at, patient) => {
      if (at >= 0) out.set(column.subarray(offsets[at], offsets[at + 1]), ends[patient])
    })
    return out
  }
  const columns = Object.entries(lists).map(([name, column]) => [
    name,
    name === 'offsets' ? ends : picked(column as Numbers),
  ])
  return Object.fromEntries(columns) as L
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
