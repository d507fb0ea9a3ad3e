/** A simulated region through the real engine: contributions of every year, then as many settlements as there are contracts. */
import { epochDayOf } from '../../engine/kernel/calendar.ts'
import type { PlaceboYear, SettlementInput } from '../../engine/assessment/assessment.ts'
import { DIED, MEASURED } from '../../engine/assessment/assessment.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { contributionsOf, measuredAmongControlsOf } from '../../engine/assessment/contribution.ts'
import type { Facts } from '../../engine/assessment/facts.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { DEATHS, type Region, type RegionYear } from './region.ts'

/** Everything a settlement may look at; of the truth only what was seen.
 *  @param controlsKnow whether the gate on excess missing is wanted: it costs another regression */
export function inputOf(region: Region, contract: Contract, controlsKnow = false): SettlementInput {
  const [contractYear, ...before] = region.years.map((year) => yearInputOf(year, contract))
  const isControl = new Uint8Array(region.partnerIds.length)
  for (const partner of region.controlPartners) isControl[partner] = 1
  const { year, gain, known, contribution } = contractYear!
  const { measure } = contract.outcomes[0]!
  return {
    settlementId: 's'.repeat(64),
    asOf: '2026-06-01',
    engineVersion: '0',
    datasetSha256: 'd'.repeat(64),
    contractSha256: 'c'.repeat(64),
    modelIds: { [measure]: 'the conditional mean under the model that made the readings' },
    contract,
    better: { [measure]: 'lower' },
    partnerIds: region.partnerIds,
    contractPartners: region.contractPartners,
    controlPartners: region.controlPartners,
    insurers: ['3311', '7029', '7095'],
    contractYear: {
      patient: Int32Array.from(year.partner.keys()),
      partner: year.partner,
      practice: year.practice,
      insurer: year.insurer,
      indexOn: year.partner.map(() => epochDayOf(contract.period.start)),
      exposureDays: year.exposureDays,
      // the mortality of these regions, as if it had been learned before the contract
      deaths: {
        died: year.status.map((status) => (status === DIED ? 1 : 0)),
        probability: new Float64Array(year.status.length).fill(DEATHS),
      },
      outcomes: [
        {
          status: year.status,
          gain,
          contribution,
          measuredAmongControls: controlsKnow
            ? measuredAmongControlsOf(year.status, known, year.partner, isControl)
            : null,
        },
      ],
    },
    placeboYears: before.map(({ year, contribution }): PlaceboYear => ({
      yearsBefore: year.yearsBefore,
      partner: year.partner,
      practice: year.practice,
      contributions: [contribution],
    })),
    ineligible: { notMainPractitioner: 0, otherInsurer: 0 },
    quality: [],
    comparisons: {
      perProcedureCents: region.partnerIds.map(() => 0),
      includedOnQuarterDays: region.partnerIds.map(() => 0),
    },
  }
}

/** The same input under another contract that asks the same of those missing. */
export const settledUnder = (input: SettlementInput, clauses: Partial<Contract>): Settlement =>
  settlementOf({ ...input, contract: { ...input.contract, ...clauses } })

/** The engine's input of a year. */
function yearInputOf(year: RegionYear, contract: Contract) {
  const { status, expected, expectedSd, realised, interim, last, deprivation } = year
  const gain = expected.map((mean, row) => (status[row] === MEASURED ? quantised(mean - realised[row]!) : NaN))
  const known: Facts = {
    names: ['expected_mean', 'expected_sd', 'deprivation', 'last_less_expected'],
    columns: [expected, expectedSd, deprivation, last.map((reading, row) => reading - expected[row]!)],
  }
  const between: Facts = {
    names: ['read_in_between', 'interim_less_expected'],
    columns: [
      interim.map((reading) => (Number.isNaN(reading) ? 0 : 1)),
      interim.map((reading, row) => reading - expected[row]!),
    ],
  }
  const { contribution } = contributionsOf(status, gain, known, between, contract.missing)
  return { year, gain, known, contribution }
}
