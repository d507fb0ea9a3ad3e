/** Who still has to be measured: eligible as of a day, without a reading in a window that has not closed by then. */
import type { Contract, Outcome } from '../contract/contract.ts'
import { NEVER, type EpochDay } from '../kernel/calendar.ts'
import type { Panel } from '../panel/panel.ts'
import type { Roster } from '../panel/roster.ts'
import { frameOf } from './assessed-years.ts'
import { MISSING } from './assessment.ts'
import { admissionsOf, type Admissions } from './eligibility.ts'
import { realisationsOf } from './realisation.ts'

/** A measurement that is still to be made. */
export interface Due {
  /** index in the panel */
  readonly patient: number
  /** credited partner and the enrolment's own: indices in `panel.partners` */
  readonly partner: number
  readonly practice: number
  readonly measure: string
  /** the window: index date + horizon, less and plus the days that a reading may lie from it; both days included */
  readonly opensOn: EpochDay
  readonly closesOn: EpochDay
  /** the day of the last reading; NEVER: there is none */
  readonly lastOn: EpochDay
}

/** What is still to be measured of the patients of contract partners, by the rule of the settlement (method.md 1): it would be missing if
 *  the year were settled as known now, and a reading up to the last day of the window would count.
 *  @param panel as known on `day` */
export function dueOf(panel: Panel, contract: Contract, roster: Roster, day: EpochDay): Due[] {
  const admissions = admissionsOf(panel, contract, roster, frameOf(contract, 0))
  return contract.outcomes.flatMap((outcome) => dueOfOutcome(panel, contract, roster, { admissions, outcome, day }))
}

function dueOfOutcome(
  panel: Panel,
  contract: Contract,
  roster: Roster,
  { admissions, outcome, day }: { readonly admissions: Admissions; readonly outcome: Outcome; readonly day: EpochDay },
): Due[] {
  const { status, targetOn } = realisationsOf(panel, admissions, outcome, frameOf(contract, 0))
  const due: Due[] = []
  for (let row = 0; row < status.length; row++) {
    const patient = admissions.patient[row]!
    const partner = admissions.partner[row]!
    const closesOn = targetOn[row]! + outcome.windowDays
    if (status[row] !== MISSING || roster.contract[partner] !== 1) continue
    if (admissions.indexOn[row]! > day || closesOn < day || panel.diedOn[patient]! <= day) continue
    due.push({
      patient,
      partner,
      practice: admissions.practice[row]!,
      measure: outcome.measure,
      opensOn: targetOn[row]! - outcome.windowDays,
      closesOn,
      lastOn: lastReadingOn(panel, patient, outcome.measure),
    })
  }
  return due
}

/** The day of the last reading of a patient's measure; readings ascend by day. */
function lastReadingOn(panel: Panel, patient: number, measure: string): EpochDay {
  const { offsets, day } = panel.readings[panel.measures.indexOf(measure)]!
  const last = offsets[patient + 1]! - 1
  return last >= offsets[patient]! ? day[last]! : NEVER
}

/** Whether something of the contract's year can still be measured on a day: it has begun, and the last window that opens in it has not closed. */
export function isUnderWay(contract: Contract, day: EpochDay): boolean {
  const { exposure, lastOpening } = frameOf(contract, 0)
  const widest = Math.max(...contract.outcomes.map(({ windowDays }) => 2 * windowDays))
  return exposure.since <= day && day <= lastOpening + widest
}
