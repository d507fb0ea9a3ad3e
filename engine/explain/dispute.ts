/** Disputes about a settlement: what may be contended, the deadline, and the panel with the contention applied. */
import { dayOf, epochDayOf, type Day } from '../kernel/calendar.ts'
import type { EnrolmentColumns, Panel, ReadingColumns } from '../panel/panel.ts'
import { invariant } from '../kernel/refusal.ts'

/** One fact that is disputed. `not_our_patient`: the patient was never enrolled in the programme with the partner or a practice
 *  of it. `value_wrong`: what was read of one measure on one day was this value (null: there was no reading). */
export type Contention =
  | { readonly kind: 'not_our_patient'; readonly patientId: string; readonly partnerId: string }
  | {
      readonly kind: 'value_wrong'
      readonly patientId: string
      readonly measure: string
      readonly observedOn: Day
      readonly value: number | null
    }

/** Days after the release in which a dispute may be filed: six weeks, as with an objection under administrative law. */
const DISPUTE_DAYS = 42

/** The last day on which a dispute may be filed. */
export const deadlineOf = (releasedOn: Day): Day => dayOf(epochDayOf(releasedOn) + DISPUTE_DAYS)

/** The panel with the one change; everything else is as it was. A ruling that upholds changes the same in the facts.
 *  @returns null where the panel has nothing that the contention could change */
export function panelIf(panel: Panel, contention: Contention): Panel | null {
  const patient = panel.patientIds.indexOf(contention.patientId)
  if (patient < 0) return null
  if (contention.kind === 'not_our_patient') {
    const enrolments = withoutPartner(panel, patient, contention.partnerId)
    return enrolments && { ...panel, enrolments }
  }
  const measure = panel.measures.indexOf(contention.measure)
  const readings = panel.readings[measure]
  if (!readings) return null
  const { observedOn, value } = contention
  const changed = withReading(readings, patient, epochDayOf(observedOn), value)
  return changed && { ...panel, readings: panel.readings.map((each, at) => (at === measure ? changed : each)) }
}

function withoutPartner({ enrolments, partners }: Panel, patient: number, partnerId: string): EnrolmentColumns | null {
  const isOf = (at: number): boolean => {
    const practice = partners[enrolments.partner[at]!]
    invariant(practice, 'an enrolment is with a partner of the panel')
    return practice.partnerId === partnerId || practice.memberOf === partnerId
  }
  const [since, until] = [enrolments.offsets[patient]!, enrolments.offsets[patient + 1]!]
  const kept = Array.from(enrolments.partner.keys()).filter((at) => at < since || at >= until || !isOf(at))
  const gone = enrolments.partner.length - kept.length
  if (gone === 0) return null
  const ints = (values: Int32Array) => Int32Array.from(kept, (at) => values[at]!)
  const bytes = (values: Uint8Array) => Uint8Array.from(kept, (at) => values[at]!)
  return {
    offsets: enrolments.offsets.map((offset, at) => (at > patient ? offset - gone : offset)),
    partner: ints(enrolments.partner),
    startedOn: ints(enrolments.startedOn),
    endedOn: ints(enrolments.endedOn),
    endReason: bytes(enrolments.endReason),
    mainPractitioner: bytes(enrolments.mainPractitioner),
  }
}

/** All readings of the day give way to the one value, or to none. */
function withReading(
  { offsets, day, value }: ReadingColumns,
  patient: number,
  on: number,
  replaced: number | null,
): ReadingColumns | null {
  const [since, until] = [offsets[patient]!, offsets[patient + 1]!]
  let first = since
  while (first < until && day[first]! < on) first++
  let last = first
  while (last < until && day[last] === on) last++
  if (last === first) return null
  const put = replaced === null ? 0 : 1
  const spliced = <A extends Int32Array | Float64Array>(from: A, into: A, insert: number): A => {
    into.set(from.subarray(0, first))
    if (put === 1) into[first] = insert
    into.set(from.subarray(last), first + put)
    return into
  }
  const length = day.length - (last - first) + put
  return {
    offsets: offsets.map((offset, at) => (at > patient ? offset - (last - first) + put : offset)),
    day: spliced(day, new Int32Array(length), on),
    value: spliced(value, new Float64Array(length), replaced ?? 0),
  }
}
