/** From a panel to a settlement through the engine alone, with the mean of the last two readings as expectation. */
import type { PlaceboYear, SettlementInput } from '../../../engine/assessment/assessment.ts'
import type { Contract, Outcome } from '../../../engine/contract/contract.ts'
import { contributionsOf, measuredAmongControlsOf } from '../../../engine/assessment/contribution.ts'
import { admissionsOf, type Admissions } from '../../../engine/assessment/eligibility.ts'
import { countingYearsOf, frameOf, PLACEBO_YEARS } from '../../../engine/assessment/assessed-years.ts'
import { gainsOf, healthOf } from '../../../engine/assessment/health-value.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { factsOf, patientFactsOf } from '../../../engine/assessment/patient-facts.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import { realisationsOf } from '../../../engine/assessment/realisation.ts'
import { enrolledPartnersOf, indicesOf, rosterOf } from '../../../engine/panel/roster.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'

/** The expectation's sd: readings fall that much above or below the mean, as often the one as the other. */
const SD = 5

export function settledFrom(panel: Panel, contract: Contract, quality: SettlementInput['quality'] = []): Settlement {
  const roster = rosterOf(contract, panel.partners, enrolledPartnersOf(panel))
  const { partnerIds } = roster
  const year = assessed(0)
  return settlementOf({
    settlementId: 's'.repeat(64),
    asOf: '2026-06-01',
    engineVersion: '0',
    datasetSha256: 'd'.repeat(64),
    contractSha256: 'c'.repeat(64),
    modelIds: {},
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, 'lower' as const])),
    partnerIds,
    contractPartners: indicesOf(roster.contract),
    controlPartners: indicesOf(roster.control),
    insurers: panel.insurers,
    contractYear: {
      ...year.columns,
      deaths: null,
      outcomes: year.outcomes.map(({ status, gain, contribution, known }) => ({
        status,
        gain,
        contribution,
        measuredAmongControls: measuredAmongControlsOf(status, known, year.columns.partner, roster.control),
      })),
    },
    placeboYears: PLACEBO_YEARS.map((yearsBefore): PlaceboYear => {
      const { columns, outcomes } = assessed(yearsBefore)
      const counts = (outcome: Outcome) => countingYearsOf(contract, outcome).includes(yearsBefore)
      const contributions = contract.outcomes.map((outcome, k) => (counts(outcome) ? outcomes[k]!.contribution : null))
      return { yearsBefore, ...columns, contributions }
    }),
    ineligible: year.ineligible,
    quality,
    comparisons: { perProcedureCents: partnerIds.map(() => 0), includedOnQuarterDays: partnerIds.map(() => 40) },
  })

  function assessed(yearsBefore: number) {
    const frame = frameOf(contract, yearsBefore)
    const admissions = admissionsOf(panel, contract, roster, frame)
    const { patient, partner, practice, indexOn, exposureDays, ineligible } = admissions
    const insurer = patient.map((each) => panel.insurer[each]!)
    const outcomes = contract.outcomes.map((outcome) => {
      const { status, realised } = realisationsOf(panel, admissions, outcome, frame)
      const health = healthOf(outcome, 'lower')
      const mean = expectedOf(panel, admissions, outcome.measure)
      const value = mean.map((m) => quantised((health(m - SD) + health(m + SD)) / 2))
      const { gain } = gainsOf(health, realised, value)
      const expected = { mean, sd: mean.map(() => SD) }
      const matrix = patientFactsOf(panel, admissions, outcome, frame, expected)
      const { known, interim } = factsOf(matrix.rows, matrix.values)
      return { status, gain, known, ...contributionsOf(status, gain, known, interim, contract.missing) }
    })
    return { columns: { patient, partner, practice, insurer, indexOn, exposureDays }, outcomes, ineligible }
  }
}

/** The mean of the last two readings on the index date. */
function expectedOf(panel: Panel, { patient, indexOn }: Admissions, measure: string): Float64Array {
  const { offsets, day, value } = panel.readings[panel.measures.indexOf(measure)]!
  return Float64Array.from(patient, (each, row) => {
    const until = offsets[each + 1]!
    const seen = [...value.subarray(offsets[each], until)].filter((_, at) => day[offsets[each]! + at]! <= indexOn[row]!)
    const last = seen.slice(-2)
    return quantised(last.reduce((sum, y) => sum + y, 0) / last.length)
  })
}
