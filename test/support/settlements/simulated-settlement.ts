/** Settlements of simulated regions with their bundles, using every clause, without a store. */
import { createHash } from 'node:crypto'
import { STATUSES, type SettlementInput } from '../../../engine/assessment/assessment.ts'
import { epochDayOf } from '../../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { modelsAskedOf } from '../../../engine/contract/term.ts'
import { ENGINE_VERSION } from '../../../engine/contract/version.ts'
import { countingYearsOf } from '../../../engine/assessment/assessed-years.ts'
import { chained, type ChainedEntry, entriesOf } from '../../../engine/ledger/ledger.ts'
import { isAskedForDeaths, mortalityYearsOf } from '../../../engine/assessment/deaths.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import { type Random, randomOf } from '../../../engine/kernel/random.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import type { BundlePart } from '../../../data/files/bundle-file.ts'
import { partsOf } from './simulated-bundle.ts'
import { contractOf, oneOf } from './simulated-contract.ts'
import { type Assessed, better, type BeforeYear, partnersOf, type Patient, patientsOf } from './simulated-patients.ts'

export interface SimulatedSettlement {
  readonly input: SettlementInput
  readonly settlement: Settlement
  /** part of the bundle by name, in their order */
  readonly parts: ReadonlyMap<string, string>
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** The settlement that a seed names.
 *  @param corrects whether it corrects an earlier one   @param most patients of a partner */
export function simulatedSettlement(seed: number, corrects = seed % 3 === 0, most = 60): SimulatedSettlement {
  const dice = randomOf(seed, 0x5e77)
  const contract = contractOf(dice)
  const partners = partnersOf(dice, contract)
  const size = 1 + dice.below(most)
  const year = patientsOf(dice, contract, partners, size, 0)
  const years = [1, 2, 3]
    .filter((t) => contract.outcomes.some((outcome) => countingYearsOf(contract, outcome).includes(t)))
    .map((t) => ({ yearsBefore: t, patients: patientsOf(dice, contract, partners, size, t) }))
  const input = inputOf(dice, contract, partners, year, years, `region ${seed}`)
  const settlement = settlementOf(input)
  const ledger = ledgerOf(input, settlement, corrects)
  return { input, settlement, parts: partsOf(input, `region ${seed}`, partners, year, years, settlement, ledger) }
}

/** The parts as the bundle's writer takes them. */
export const bundleParts = (parts: ReadonlyMap<string, string>): BundlePart[] =>
  [...parts].map(([name, text]) => ({ name, write: async (to) => to.write(text) }))

function inputOf(
  dice: Random,
  contract: Contract,
  partners: ReadonlyMap<string, readonly string[]>,
  year: readonly Patient[],
  years: readonly BeforeYear[],
  region: string,
): SettlementInput {
  const partnerIds = [...partners.values()].flat().sort()
  const insurers = ['', '3311', '7095']
  const patientIds = [...new Set(year.map(({ id }) => id))]
  const at = (id: string) => partnerIds.indexOf(id)
  const contractSha256 = sha256(canonicalJson(contract))
  const datasetSha256 = sha256(`data of ${region}`)
  const [asOf, engineVersion] = ['2026-03-01', ENGINE_VERSION] as const
  const placesOf = (patients: readonly Patient[]) => ({
    partner: Int32Array.from(patients, ({ partner }) => at(partner)),
    practice: Int32Array.from(patients, ({ practice }) => at(practice)),
  })
  const column = (patients: readonly Patient[], k: number, of: (row: Assessed) => number | null) =>
    Float64Array.from(patients, ({ outcomes }) => of(outcomes[k]!) ?? NaN)
  const isEligible = ({ status }: Assessed) => status === 'measured' || status === 'missing'
  return {
    settlementId: sha256(canonicalJson({ region, contractSha256, asOf, datasetSha256, engineVersion })),
    asOf,
    engineVersion,
    datasetSha256,
    contractSha256,
    modelIds: Object.fromEntries(modelsAskedOf(contract).map(({ name }) => [name, sha256(`model of ${name}`)])),
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, better(measure)])),
    partnerIds,
    contractPartners: contract.partners!.map(at).sort((a, b) => a - b),
    controlPartners: contract.control.map(at).sort((a, b) => a - b),
    insurers,
    contractYear: {
      patient: Int32Array.from(year, ({ id }) => patientIds.indexOf(id)),
      ...placesOf(year),
      insurer: Int32Array.from(year, ({ insurer }) => insurers.indexOf(insurer)),
      indexOn: Int32Array.from(year, ({ indexOn }) => epochDayOf(indexOn)),
      exposureDays: Int32Array.from(year, ({ days }) => days),
      deaths:
        isAskedForDeaths(contract) && mortalityYearsOf(contract).length > 0
          ? {
              died: Uint8Array.from(year, ({ died }) => (died ? 1 : 0)),
              probability: Float64Array.from(year, ({ deathProbability }) => deathProbability ?? 0),
            }
          : null,
      outcomes: contract.outcomes.map((_, k) => ({
        status: Uint8Array.from(year, ({ outcomes }) => STATUSES.indexOf(outcomes[k]!.status as 'measured')),
        gain: column(year, k, ({ gain }) => gain),
        contribution: column(year, k, ({ contribution }) => contribution),
        measuredAmongControls:
          contract.control.length === 0
            ? null
            : column(year, k, (row) => (isEligible(row) ? quantised(0.1 + 0.9 * dice.uniform()) : null)),
      })),
    },
    placeboYears: years.map(({ yearsBefore, patients }) => ({
      yearsBefore,
      ...placesOf(patients),
      contributions: contract.outcomes.map((outcome, k) =>
        countingYearsOf(contract, outcome).includes(yearsBefore)
          ? column(patients, k, ({ contribution }) => contribution)
          : null,
      ),
    })),
    ineligible: { notMainPractitioner: dice.below(9), otherInsurer: dice.below(9) },
    quality: partnerIds.flatMap((partnerId) =>
      dice.uniform() < 0.3
        ? []
        : [
            { partnerId, gate: 'benchmark', value: oneOf(dice, ['true', 'false']), period: null },
            {
              partnerId,
              gate: 'experience',
              value: oneOf(dice, ['8.1', '7.5', '6', '']),
              period: oneOf(dice, [null, '2024', '2025']),
            },
          ],
    ),
    comparisons: {
      perProcedureCents: partnerIds.map(() => dice.below(100_000)),
      includedOnQuarterDays: partnerIds.map(() => dice.below(200)),
    },
  }
}

/** The entries of a settlement in a book that begins elsewhere, and those of an earlier one that they undo. */
function ledgerOf(input: SettlementInput, settlement: Settlement, corrects: boolean) {
  const doubled = (cents: number) => 2 * cents + 1
  const before: ChainedEntry[] = corrects
    ? chained(
        entriesOf({
          ...settlement,
          settlement_id: sha256(`before ${input.settlementId}`),
          as_of: '2026-02-01',
          partners: settlement.partners.map((partner) => ({
            ...partner,
            payment_cents: doubled(partner.payment_cents),
            insurers: [{ insurer: '7095', cents: doubled(partner.payment_cents) }],
            attribution: [],
          })),
        }),
        { seq: 12, hash: sha256('what was booked before') },
        sha256,
      )
    : []
  const own = chained(entriesOf(settlement, before), before.at(-1) ?? null, sha256)
  return { own, before }
}
