/** Eligibility: which patients count, from which index date and for which partner, as known on the index date (method.md 1). */
import type { Contract } from '../contract/contract.ts'
import type { Frame } from './assessed-years.ts'
import { MAIN_PRACTITIONERS, type Panel } from '../panel/panel.ts'
import type { Roster } from '../panel/roster.ts'

/** The patients of one panel with an index date in one year, ascending by patient: a row each. */
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
  /** from the index date to the earlier of ended_on and the end of the frame, in days */
  readonly exposureDays: Int32Array
  /** patients of contract partners without a row, by the first reason */
  readonly ineligible: { readonly notMainPractitioner: number; readonly otherInsurer: number }
}

const GP = MAIN_PRACTITIONERS.indexOf('gp')

/** Admissions of a panel to a frame: contract and control partners in the contract year, those of the reference too in a placebo year.
 *
 *  The index date is the later of the frame's first day and `started_on`; only the first enrolment on which the patient
 *  is enrolled at such a date within the frame counts. On it the patient is alive and has the GP as main practitioner;
 *  the contract's insurers exclude patients of its own partners only. */
export function admissionsOf(panel: Panel, contract: Contract, roster: Roster, frame: Frame): Admissions {
  const { enrolments } = panel
  const mayInsure = insurersAdmitted(panel, contract)
  const rows: { [column in 'patient' | 'enrolment' | 'partner' | 'practice' | 'indexOn' | 'exposureDays']: number[] } =
    { patient: [], enrolment: [], partner: [], practice: [], indexOn: [], exposureDays: [] }
  let [notMainPractitioner, otherInsurer] = [0, 0]
  for (let patient = 0; patient < panel.patientIds.length; patient++) {
    const enrolment = enrolmentWithin(panel, patient, frame)
    if (enrolment < 0) continue
    const practice = enrolments.partner[enrolment]!
    const partner = roster.credited[practice]!
    const own = roster.contract[partner] === 1
    if (!own && roster.control[partner] === 0 && (frame.yearsBefore === 0 || roster.reference[partner] === 0)) continue
    const indexOn = Math.max(frame.indexDays.since, enrolments.startedOn[enrolment]!)
    if (panel.diedOn[patient]! <= indexOn) continue
    if (enrolments.mainPractitioner[enrolment] !== GP) {
      if (own) notMainPractitioner++
      continue
    }
    if (own && mayInsure[panel.insurer[patient]!] === 0) {
      otherInsurer++
      continue
    }
    rows.patient.push(patient)
    rows.enrolment.push(enrolment)
    rows.partner.push(partner)
    rows.practice.push(practice)
    rows.indexOn.push(indexOn)
    rows.exposureDays.push(Math.min(enrolments.endedOn[enrolment]!, frame.indexDays.until) - indexOn)
  }
  return {
    patient: Int32Array.from(rows.patient),
    enrolment: Int32Array.from(rows.enrolment),
    partner: Int32Array.from(rows.partner),
    practice: Int32Array.from(rows.practice),
    indexOn: Int32Array.from(rows.indexOn),
    exposureDays: Int32Array.from(rows.exposureDays),
    ineligible: { notMainPractitioner, otherInsurer },
  }
}

/** The first enrolment that gives an index date within the frame on which the patient is enrolled; -1 if none. */
function enrolmentWithin({ enrolments }: Panel, patient: number, { indexDays }: Frame): number {
  for (let at = enrolments.offsets[patient]!; at < enrolments.offsets[patient + 1]!; at++) {
    const indexOn = Math.max(indexDays.since, enrolments.startedOn[at]!)
    if (indexOn < indexDays.until && indexOn < enrolments.endedOn[at]!) return at
  }
  return -1
}

/** Per insurer of the panel: 1 if the contract pays for its patients. */
export const insurersAdmitted = (panel: Panel, { insurers }: Contract): Uint8Array =>
  Uint8Array.from(panel.insurers, (insurer) => (insurers === null || insurers.includes(insurer) ? 1 : 0))
