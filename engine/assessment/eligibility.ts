/** Eligibility: which patients count, from which index date and for which partner, as known on the index date (method.md 1, and 5 on terms). */
import { DIED, LEFT } from './assessment.ts'
import type { Frame } from './assessed-years.ts'
import type { Contract } from '../contract/contract.ts'
import { anniversaryOf, yearsBehindOf, yearsElapsedOf } from '../contract/term.ts'
import type { EpochDay } from '../kernel/calendar.ts'
import { END_REASONS, MAIN_PRACTITIONERS, type Panel } from '../panel/panel.ts'
import type { Roster } from '../panel/roster.ts'

/** The index dates of one panel in one year, ascending by patient, then by day: a row each. */
export interface Admissions {
  /** index in the panel */
  readonly patient: Int32Array
  /** the enrolment of the index date: index in `panel.enrolments` */
  readonly enrolment: Int32Array
  /** credited partner and the enrolment's own: indices in `panel.partners` */
  readonly partner: Int32Array
  readonly practice: Int32Array
  /** epoch days */
  readonly indexOn: Int32Array
  /** whole years from the term-year of the index date to the period; 0 without a term */
  readonly yearsElapsed: Uint8Array
  /** DIED or LEFT where that many years after the index date the patient is dead, or no longer with the partner; else 0 */
  readonly departed: Uint8Array
  /** from the index date to the earlier of ended_on and the end of the frame, in days; in a term those of the period with the partner; 1 for
   *  each episode */
  readonly exposureDays: Int32Array
  /** patients of contract partners without a row, by the first reason */
  readonly ineligible: { readonly notMainPractitioner: number; readonly otherInsurer: number }
}

const GP = MAIN_PRACTITIONERS.indexOf('gp')
const ENDED_BY_DEATH = END_REASONS.indexOf('died')

/** Admissions of a panel to a frame: contract and control partners in the contract year, those of the reference too in a placebo year.
 *
 *  The index date is the later of the frame's first day and `started_on`; only the first enrolment on which the patient
 *  is enrolled at such a date within the frame counts, in a term the first with each partner; of episodes every one that starts in the frame,
 *  however soon its file was closed. On it the patient is alive and has the GP as
 *  main practitioner; the contract's insurers exclude patients of its own partners only. */
export function admissionsOf(panel: Panel, contract: Contract, roster: Roster, frame: Frame): Admissions {
  const mayInsure = insurersAdmitted(panel, contract)
  const elapsedOf = yearsElapsedIn(contract, frame)
  const rows = new Rows()
  let [notMainPractitioner, otherInsurer] = [0, 0]
  for (let patient = 0; patient < panel.patientIds.length; patient++)
    for (const enrolment of enrolmentsWithin(panel, patient, contract, roster, frame)) {
      const { startedOn, mainPractitioner, partner: practices } = panel.enrolments
      const partner = roster.credited[practices[enrolment]!]!
      const own = roster.contract[partner] === 1
      if (!own && roster.control[partner] === 0 && (frame.yearsBefore === 0 || roster.reference[partner] === 0))
        continue
      const indexOn = Math.max(frame.indexDays.since, startedOn[enrolment]!)
      if (panel.diedOn[patient]! <= indexOn) continue
      if (mainPractitioner[enrolment] !== GP) {
        if (own) notMainPractitioner++
        continue
      }
      if (own && mayInsure[panel.insurer[patient]!] === 0) {
        otherInsurer++
        continue
      }
      const yearsElapsed = elapsedOf(indexOn)
      const stay = { panel, patient, partner, credited: roster.credited, indexOn }
      rows.patient.push(patient)
      rows.enrolment.push(enrolment)
      rows.partner.push(partner)
      rows.practice.push(practices[enrolment]!)
      rows.indexOn.push(indexOn)
      rows.yearsElapsed.push(yearsElapsed)
      rows.departed.push(yearsElapsed === 0 ? 0 : departedBy(stay, anniversaryOf(indexOn, yearsElapsed)))
      rows.exposureDays.push(exposureOf(stay, enrolment, contract, frame))
    }
  return rows.columns({ notMainPractitioner, otherInsurer })
}

/** Rows under way. */
class Rows {
  readonly patient: number[] = []
  readonly enrolment: number[] = []
  readonly partner: number[] = []
  readonly practice: number[] = []
  readonly indexOn: number[] = []
  readonly yearsElapsed: number[] = []
  readonly departed: number[] = []
  readonly exposureDays: number[] = []

  columns(ineligible: Admissions['ineligible']): Admissions {
    return {
      patient: Int32Array.from(this.patient),
      enrolment: Int32Array.from(this.enrolment),
      partner: Int32Array.from(this.partner),
      practice: Int32Array.from(this.practice),
      indexOn: Int32Array.from(this.indexOn),
      yearsElapsed: Uint8Array.from(this.yearsElapsed),
      departed: Uint8Array.from(this.departed),
      exposureDays: Int32Array.from(this.exposureDays),
      ineligible,
    }
  }
}

/** The first enrolment that gives an index date within the frame on which the patient is enrolled; in a term the first with each partner; every
 *  episode that starts in it. */
function enrolmentsWithin(
  { enrolments }: Panel,
  patient: number,
  { term, index }: Contract,
  { credited }: Roster,
  { indexDays }: Frame,
): number[] {
  const found: number[] = []
  for (let at = enrolments.offsets[patient]!; at < enrolments.offsets[patient + 1]!; at++) {
    const startedOn = enrolments.startedOn[at]!
    if (index === 'enrolment') {
      if (indexDays.since <= startedOn && startedOn < indexDays.until) found.push(at)
      continue
    }
    const indexOn = Math.max(indexDays.since, startedOn)
    if (indexOn >= indexDays.until || indexOn >= enrolments.endedOn[at]!) continue
    if (term === undefined) return [at]
    const partner = credited[enrolments.partner[at]!]
    if (found.every((before) => credited[enrolments.partner[before]!] !== partner)) found.push(at)
  }
  return found
}

/** Whole years from the term-year of an index date to the period. */
function yearsElapsedIn(contract: Contract, { yearsBefore }: Frame): (indexOn: EpochDay) => number {
  const behind = yearsBehindOf(contract)
  // a placebo year mirrors a patient who has been under the contract from its first day
  return yearsBefore > 0 || behind === 0 ? () => behind : (indexOn) => yearsElapsedOf(contract, indexOn)
}

/** A patient with a partner from an index date on. */
interface Stay {
  readonly panel: Panel
  readonly patient: number
  readonly partner: number
  /** by practice */
  readonly credited: Int32Array
  readonly indexOn: EpochDay
}

/** DIED or LEFT where the patient is dead on a day, or not enrolled with the partner; else 0. */
function departedBy({ panel, patient, partner, credited, indexOn }: Stay, day: EpochDay): number {
  if (panel.diedOn[patient]! <= day) return DIED
  const { offsets, startedOn, endedOn, endReason, partner: practices } = panel.enrolments
  let ended = LEFT
  for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++) {
    if (startedOn[at]! <= day && day < endedOn[at]! && credited[practices[at]!] === partner) return 0
    if (indexOn < endedOn[at]! && endedOn[at]! <= day && endReason[at] === ENDED_BY_DEATH) ended = DIED
  }
  return ended
}

/** Days that count for a row; of episodes each counts as one. In a term: those of the period, from the index date on, on which the patient is
 *  enrolled with the partner. */
function exposureOf(stay: Stay, enrolment: number, { term, index }: Contract, { indexDays, exposure }: Frame): number {
  if (index === 'enrolment') return 1
  const { panel, patient, partner, credited, indexOn } = stay
  const { offsets, startedOn, endedOn, partner: practices } = panel.enrolments
  if (term === undefined) return Math.min(endedOn[enrolment]!, indexDays.until) - indexOn
  let days = 0
  const since = Math.max(indexOn, exposure.since)
  for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++)
    if (credited[practices[at]!] === partner)
      days += Math.max(0, Math.min(endedOn[at]!, exposure.until) - Math.max(startedOn[at]!, since))
  return days
}

/** Per insurer of the panel: 1 if the contract pays for its patients. */
export const insurersAdmitted = (panel: Panel, { insurers }: Contract): Uint8Array =>
  Uint8Array.from(panel.insurers, (insurer) => (insurers === null || insurers.includes(insurer) ? 1 : 0))
