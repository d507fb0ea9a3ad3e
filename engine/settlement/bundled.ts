/** The bundled tariff of segment 2: for comparison and advances, never added to the settlement (method.md 6). */
import type { Cents } from '../kernel/money.ts'
import { periodOf, quarterDaysIn } from '../kernel/calendar.ts'
import type { Contract } from '../contract/contract.ts'
import { yearTariffOf } from '../bundled/tariff.ts'
import { decimalOf, roundedQuotient } from '../kernel/decimal.ts'
import { insurersAdmitted } from '../assessment/eligibility.ts'
import { MAIN_PRACTITIONERS, type Panel } from '../panel/panel.ts'
import type { Roster } from '../panel/roster.ts'

/** What is invoiced for a period: a quarter of the yearly amount for each patient included on each quarter day, in cents. Prices are
 *  decimals that a contract names, so a half cent is common here, and it is rounded as such: away from zero.
 *  @param included patients, summed over the quarter days of the period */
export function bundledCentsOf(bundled: Contract['bundled'], included: number): Cents {
  if (bundled === null) return 0
  const { digits, exponent } = yearTariffOf(bundled)
  // 4 quarter days a year
  return roundedQuotient(digits * BigInt(included) * 100n, 60n * 4n * 10n ** BigInt(-exponent))
}

/** The advance on a bundled sum, in cents. */
export function advanceCentsOf(bundled: Contract['bundled'], bundledCents: Cents): Cents {
  const { digits, exponent } = decimalOf(bundled?.advanceShare ?? 0)
  return roundedQuotient(digits * BigInt(bundledCents), 10n ** BigInt(-exponent))
}

const GP = MAIN_PRACTITIONERS.indexOf('gp')

/** Patients of one panel included on a quarter day of the period (alive, enrolled, the GP as main practitioner, of an insurer of the
 *  contract), summed over the quarter days, per partner of the contract; a value per partner of the region. */
export function includedOnQuarterDaysOf(panel: Panel, contract: Contract, roster: Roster): Int32Array {
  const { enrolments } = panel
  const included = new Int32Array(roster.partnerIds.length)
  const mayInsure = insurersAdmitted(panel, contract)
  const days = quarterDaysIn(periodOf(contract.period))
  for (let patient = 0; patient < panel.patientIds.length; patient++) {
    if (mayInsure[panel.insurer[patient]!] === 0) continue
    for (let at = enrolments.offsets[patient]!; at < enrolments.offsets[patient + 1]!; at++) {
      const partner = roster.credited[enrolments.partner[at]!]!
      if (roster.contract[partner] === 0 || enrolments.mainPractitioner[at] !== GP) continue
      const until = Math.min(enrolments.endedOn[at]!, panel.diedOn[patient]!)
      for (const day of days) if (enrolments.startedOn[at]! <= day && day < until) included[partner]!++
    }
  }
  return included
}
