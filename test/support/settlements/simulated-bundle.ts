/** The parts of a bundle that a simulated settlement would leave. */
import type { SettlementInput } from '../../../engine/assessment/assessment.ts'
import { countingYearsOf } from '../../../engine/assessment/assessed-years.ts'
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'
import type { ChainedEntry } from '../../../engine/ledger/ledger.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import { type Settlement, settlementText } from '../../../engine/settlement/statement.ts'
import { type BeforeYear, healthOf, type Patient, yearsSince } from './simulated-patients.ts'

const cellOf = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map((value) => cellOf(String(value ?? ''))).join(',')}\n`).join('')
const six = (value: number | null): string => (value === null ? '' : value.toFixed(6))

// prettier-ignore
const COLUMNS = [
  'patient_id', 'partner_id', 'practice_id', 'programme', 'measure', 'index_on', 'target_on', 'status', 'baseline', 'mean', 'sd',
  'q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95', 'realised', 'realised_on', 'expected_value', 'realised_value', 'gain',
  'measured_probability', 'imputed_gain', 'contribution', 'model_id',
]

function rowsOf(input: SettlementInput, patients: readonly Patient[], yearsBefore: number): string[][] {
  const { contract, modelIds } = input
  const places = [...contract.outcomes.keys()]
    .filter((k) => yearsBefore === 0 || countingYearsOf(contract, contract.outcomes[k]!).includes(yearsBefore))
    .sort((j, k) => (contract.outcomes[j]!.measure < contract.outcomes[k]!.measure ? -1 : 1))
  const byId = new Map<string, Patient[]>()
  for (const patient of patients) byId.set(patient.id, [...(byId.get(patient.id) ?? []), patient])
  const rows = [...byId.values()].flatMap((own) => places.flatMap((k) => own.map((patient) => ({ ...patient, k }))))
  return rows.map(({ id, partner, practice, indexOn, outcomes, k }) => {
    const { measure, horizonDays } = contract.outcomes[k]!
    const elapsed = yearsSince(contract, indexOn, yearsBefore)
    const { status, expected, realised, gain, pi, m, contribution } = outcomes[k]!
    const eligible = status === 'measured' || status === 'missing'
    const target = epochDayOf(indexOn) + horizonDays + 365 * elapsed
    const last = Math.min(target, yearsBefore === 0 ? Infinity : epochDayOf(contract.reference.end))
    const quantiles = ['q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95'].map((name, at) => [name, six((at - 3) / 2)])
    const cells: Readonly<Record<string, string>> = {
      patient_id: id,
      partner_id: partner,
      practice_id: practice,
      programme: contract.programme,
      measure,
      index_on: indexOn,
      target_on: dayOf(target),
      status,
      baseline: six(0.5),
      mean: six(0),
      sd: six(1),
      ...Object.fromEntries(quantiles),
      realised: six(realised),
      realised_on: realised === null ? '' : dayOf(last),
      expected_value: six(expected),
      realised_value: six(realised === null ? null : quantised(healthOf(contract, k, realised))),
      gain: six(gain),
      measured_probability: six(eligible ? pi : null),
      imputed_gain: six(eligible ? m : null),
      contribution: six(contribution),
      model_id: modelIds[elapsed === 0 ? measure : `${measure}.${elapsed}`]!,
    }
    return COLUMNS.map((column) => cells[column]!)
  })
}

export function partsOf(
  input: SettlementInput,
  region: string,
  partners: ReadonlyMap<string, readonly string[]>,
  year: readonly Patient[],
  years: readonly BeforeYear[],
  settlement: Settlement,
  { own, before }: { readonly own: readonly ChainedEntry[]; readonly before: readonly ChainedEntry[] },
): ReadonlyMap<string, string> {
  const { contract, partnerIds, comparisons } = input
  const head = {
    format: 'winst-bundle 2',
    settlement_id: input.settlementId,
    region,
    as_of: input.asOf,
    engine_version: input.engineVersion,
    dataset_sha256: input.datasetSha256,
    contract_sha256: input.contractSha256,
    model_ids: input.modelIds,
    better: input.better,
  }
  const groupOf = (id: string) => [...partners].find(([, practices]) => practices.includes(id))![0]
  const roleOf = (id: string) =>
    contract.partners!.includes(id) ? 'contract' : contract.control.includes(id) ? 'control' : ''
  const ledgerColumns = [
    ...(['entry_id', 'settlement_id', 'account', 'partner_id', 'insurer', 'debit_cents', 'credit_cents'] as const),
    ...(['posted_on', 'reverses', 'seq', 'previous_hash', 'hash'] as const),
  ]
  const ledger = (entries: readonly ChainedEntry[]) =>
    csv([ledgerColumns, ...entries.map((entry) => ledgerColumns.map((column) => entry[column]))])
  const placebo = years
    .flatMap(({ yearsBefore, patients }) =>
      rowsOf(input, patients, yearsBefore).map((row) => [...row, String(yearsBefore)]),
    )
    .sort((a, b) => (a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0))
  const fit = year.flatMap(({ id, partner, indexOn }, row) =>
    contract.outcomes.flatMap(({ measure }, k) => {
      const p = input.contractYear.outcomes[k]!.measuredAmongControls?.[row] ?? NaN
      return Number.isNaN(p) ? [] : [[id, partner, indexOn, measure, six(p)]]
    }),
  )
  return new Map([
    ['bundle.json', `${JSON.stringify(head, null, 2)}\n`],
    ['contract.json', `${canonicalJson(contract)}\n`],
    ['contract.yaml', 'contract: as it was signed'],
    [
      'partners.csv',
      csv([
        ['partner_id', 'kind', 'member_of', 'role', 'per_procedure_cents', 'included_on_quarter_days'],
        ...partnerIds.map((id, p) => [
          id,
          'gp_practice',
          groupOf(id) === id ? '' : groupOf(id),
          roleOf(id),
          comparisons.perProcedureCents[p]!,
          comparisons.includedOnQuarterDays[p]!,
        ]),
      ]),
    ],
    [
      'quality.csv',
      csv([
        ['partner_id', 'gate', 'period', 'value'],
        ...input.quality.map(({ partnerId, gate, period, value }) => [partnerId, gate, period, value]),
      ]),
    ],
    [
      'barred.csv',
      csv([
        ['reason', 'patients'],
        ['not_main_practitioner', input.ineligible.notMainPractitioner],
        ['other_insurer', input.ineligible.otherInsurer],
      ]),
    ],
    [
      'exposure.csv',
      csv([
        ['patient_id', 'partner_id', 'index_on', 'insurer', 'exposure_days', 'died', 'death_probability'],
        ...year.map(({ id, partner, indexOn, insurer, days, died, deathProbability: p }) => [
          id,
          partner,
          indexOn,
          insurer,
          days,
          ...(p === null ? ['', ''] : [died ? 1 : 0, six(p)]),
        ]),
      ]),
    ],
    ['control-fit.csv', csv([['patient_id', 'partner_id', 'index_on', 'measure', 'measured_among_controls'], ...fit])],
    ['expectations.csv', csv([COLUMNS, ...rowsOf(input, year, 0)])],
    ['placebo.csv', csv([[...COLUMNS, 'years_before'], ...placebo])],
    ['settlement.json', settlementText(settlement)],
    ['ledger.csv', ledger(own)],
    ['reversed.csv', ledger(before)],
  ])
}
