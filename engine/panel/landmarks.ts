/** Landmarks: the days from which the expectation of a patient under the care of the reference is fitted. */
import { periodOf, quarterDaysIn, type EpochDay } from '../kernel/calendar.ts'
import type { Contract, Outcome } from '../contract/contract.ts'
import { MAIN_PRACTITIONERS, type Panel, type PanelPartner } from './panel.ts'
import type { DailySeries } from './series.ts'

/** One row per (patient, day): the index in the panel and the epoch day, ascending. Knowledge ends with that day. */
export interface LandmarkRows {
  readonly patient: Int32Array
  readonly day: Int32Array
}

/** The quarter days of the reference period whose whole window of realisation lies in it too.
 *
 *  A day whose window is truncated by the end would contribute only patients who were measured early, and
 *  early measurement is not at random. Without any such day (a short reference) the target has to fit as a day. */
export function landmarkDays(contract: Contract, outcome: Outcome): EpochDay[] {
  const period = periodOf(contract.reference)
  const days = quarterDaysIn(period)
  const whole = days.filter((day) => day + outcome.horizonDays + outcome.windowDays < period.until)
  return whole.length > 0 ? whole : days.filter((day) => day + outcome.horizonDays < period.until)
}

/** Landmarks of a contract: of episodes their first days; else every such day of every patient under the care of a reference partner on it. */
export function referenceLandmarks(panel: Panel, contract: Contract, outcome: Outcome): LandmarkRows {
  if (contract.index === 'enrolment') return episodeLandmarks(panel, contract, outcome)
  const days = landmarkDays(contract, outcome)
  const isReference = panel.partners.map((partner) => isReferencePartner(partner, contract))
  const [patients, landmarks]: [number[], number[]] = [[], []]
  for (let patient = 0; patient < panel.patientIds.length; patient++)
    for (const day of days)
      if (underCare(panel, patient, day, isReference)) {
        patients.push(patient)
        landmarks.push(day)
      }
  return { patient: Int32Array.from(patients), day: Int32Array.from(landmarks) }
}

/** The first day of every episode under the care of a reference partner that begins in the reference period, with its whole window of realisation
 *  in it too; where the period is too short for that, with its target. */
function episodeLandmarks(panel: Panel, contract: Contract, { horizonDays, windowDays }: Outcome): LandmarkRows {
  const { since, until } = periodOf(contract.reference)
  const whole = until - horizonDays - windowDays
  const before = whole > since ? whole : until - horizonDays
  const isReference = panel.partners.map((partner) => isReferencePartner(partner, contract))
  const { offsets, startedOn, partner, mainPractitioner } = panel.enrolments
  const [patients, landmarks]: [number[], number[]] = [[], []]
  for (let patient = 0; patient < panel.patientIds.length; patient++)
    for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++) {
      const day = startedOn[at]!
      if (day < since || day >= before || panel.diedOn[patient]! <= day) continue
      if (MAIN_PRACTITIONERS[mainPractitioner[at]!] !== 'gp' || !isReference[partner[at]!]) continue
      patients.push(patient)
      landmarks.push(day)
    }
  return { patient: Int32Array.from(patients), day: Int32Array.from(landmarks) }
}

/** Landmarks of a backtest: every day on which the measure was observed, of the patients chosen. */
export function observationLandmarks(series: DailySeries, chosen: (patient: number) => boolean): LandmarkRows {
  const [patients, landmarks]: [number[], number[]] = [[], []]
  for (let patient = 0; patient + 1 < series.offsets.length; patient++) {
    if (!chosen(patient)) continue
    for (let at = series.offsets[patient]!; at < series.offsets[patient + 1]!; at++) {
      patients.push(patient)
      landmarks.push(series.day[at]!)
    }
  }
  return { patient: Int32Array.from(patients), day: Int32Array.from(landmarks) }
}

/** Whether the patient is in the training sample of this outcome: such a patient is predicted by the fold that left it out. */
export function isOfReference(panel: Panel, contract: Contract, outcome: Outcome): Uint8Array {
  const of = new Uint8Array(panel.patientIds.length)
  for (const patient of referenceLandmarks(panel, contract, outcome).patient) of[patient] = 1
  return of
}

function isReferencePartner(partner: PanelPartner, { reference }: Contract): boolean {
  if (!reference.partners) return true
  return reference.partners.some((id) => id === partner.partnerId || id === partner.memberOf)
}

/** Alive and enrolled on the day with such a partner, the GP as main practitioner: the people that a contract counts (method.md 1). */
function underCare(panel: Panel, patient: number, day: EpochDay, isReference: readonly boolean[]): boolean {
  const { offsets, startedOn, endedOn, partner, mainPractitioner } = panel.enrolments
  if (panel.diedOn[patient]! <= day) return false
  for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++)
    if (startedOn[at]! <= day && day < endedOn[at]!)
      return MAIN_PRACTITIONERS[mainPractitioner[at]!] === 'gp' && isReference[partner[at]!] === true
  return false
}
