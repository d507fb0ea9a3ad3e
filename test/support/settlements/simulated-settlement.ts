/** Settlements of simulated regions with their bundles, using every clause, without a store. */
import { createHash } from 'node:crypto'
import { STATUSES, type SettlementInput } from '../../../engine/assessment/assessment.ts'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { ENGINE_VERSION } from '../../../engine/contract/version.ts'
import { countingYearsOf } from '../../../engine/assessment/assessed-years.ts'
import { chained, type ChainedEntry, entriesOf } from '../../../engine/ledger/ledger.ts'
import { isAskedForDeaths, mortalityYearsOf } from '../../../engine/assessment/deaths.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import { type Random, randomOf } from '../../../engine/kernel/random.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import { type Settlement, settlementText } from '../../../engine/settlement/statement.ts'
import type { BundlePart } from '../../../data/files/bundle-file.ts'
import { contractWith, outcomeWith } from './contract.ts'

export interface SimulatedSettlement {
  readonly input: SettlementInput
  readonly settlement: Settlement
  /** part of the bundle by name, in their order */
  readonly parts: ReadonlyMap<string, string>
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const oneOf = <T>(dice: Random, choices: readonly T[]): T => choices[dice.below(choices.length)]!

/** A patient on an index date, one outcome. */
interface Assessed {
  readonly status: string
  readonly expected: number
  readonly realised: number | null
  readonly gain: number | null
  readonly pi: number
  readonly m: number
  readonly contribution: number | null
}

interface Patient {
  readonly id: string
  readonly partner: string
  readonly practice: string
  readonly insurer: string
  readonly days: number
  readonly indexOn: Day
  readonly died: boolean
  /** null: nobody could be learned from */
  readonly deathProbability: number | null
  readonly outcomes: readonly Assessed[]
}

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

function contractOf(dice: Random): Contract {
  const start = oneOf<Day>(dice, ['2024-01-01', '2025-01-01', '2024-02-29', '2025-07-01'])
  const from = epochDayOf(start)
  const control = oneOf(dice, [[], ['c1'], ['c1', 'c2', 'c3']])
  const partners = ['p1', 'p2', 'p3', 'p4', 'p5'].slice(0, 1 + dice.below(5))
  const measures = oneOf(dice, [['hba1c'], ['hba1c', 'sbp'], ['egfr', 'hba1c', 'sbp']])
  return contractWith({
    control,
    partners,
    period: { start, end: dayOf(from + 364) },
    reference: { start: dayOf(from - 366 * (1 + dice.below(5))), end: dayOf(from - 1), partners: null },
    outcomes: measures.map((measure) =>
      outcomeWith({
        measure,
        priceEur: oneOf(dice, [12.5, 3, 0.37]),
        countedRange: oneOf(dice, [null, [-1, 4] as const]),
        target: oneOf(dice, [null, null, [-1, 1] as const]),
        windowDays: oneOf(dice, [60, 120, 180]),
      }),
    ),
    missing: oneOf(dice, ['doubly_robust', 'exclude', 'zero']),
    pessimisticShiftSd: oneOf(dice, [0, 0.3]),
    ...(control.length > 0 && dice.uniform() < 0.5 ? { excessMissing: 'deduct' as const } : {}),
    history: oneOf(dice, ['own', 'own', 'none']),
    levelWeight: oneOf(dice, [0, 0.4, 1]),
    trend: control.length > 0 ? oneOf(dice, ['control', 'none']) : 'none',
    credibility: oneOf<Contract['credibility']>(dice, [
      'estimated',
      'none',
      { betweenSd: { hba1c: 1.2, sbp: 0.5, egfr: 2 } },
    ]),
    share: oneOf(dice, [
      { gain: 1, loss: 1 },
      { gain: 0.5, loss: 0.2 },
      { gain: 0.5, loss: 0 },
    ]),
    deadBand: oneOf(dice, [
      { eur: 0, z: 0 },
      { eur: 2, z: 0 },
      { eur: 0.5, z: 0.4 },
    ]),
    corridorEur: oneOf(dice, [
      { floor: null, cap: null },
      { floor: -8, cap: 12 },
    ]),
    minPatients: oneOf(dice, [0, 8]),
    gates: [
      { gate: 'min_measured_share', weight: 0.7, rule: { atLeast: 0.6 } },
      { gate: 'max_left_share', weight: 0.2, rule: { atMost: 0.1 } },
      { gate: 'max_excess_missing', weight: 0.1, rule: { atMost: 0.05 } },
      { gate: 'max_excess_deaths', weight: 0.3, rule: { atMost: 0 } },
      { gate: 'max_late_share', weight: 0.15, rule: { atMost: 0.2 } },
      { gate: 'min_patients', weight: 0.25, rule: { atLeast: 5 } },
      { gate: 'benchmark', weight: 0.5, rule: { equals: 'true' } },
      { gate: 'experience', weight: 0.05, rule: { atLeast: 7.5 } },
    ].filter(() => dice.uniform() < 0.4),
    budgetEur: oneOf(dice, [null, 250000, 10.55]),
    bundled: oneOf(dice, [
      null,
      { components: [component(1, 30, 62), component(0.7, 20, 62.35), component(0.1, 7, 33.1)], advanceShare: 0.8 },
    ]),
    attribution: oneOf(dice, [
      [],
      [
        { kind: 'gp_practice', share: 0.7 },
        { kind: 'hospital', share: 0.3 },
      ],
    ]),
  })
}

const component = (prevalence: number, minutes: number, hourlyEur: number) => {
  const activity = { activity: 'controle', provider: 'poh' }
  return { ...activity, prevalence, minutes, hourlyEur }
}

/** Every partner, and its practices, that exist: contract, control, and one of the reference. */
function partnersOf(dice: Random, contract: Contract): ReadonlyMap<string, readonly string[]> {
  const practices = oneOf(dice, [1, 3])
  const ids = [...(contract.partners ?? []), ...contract.control, 'r1']
  return new Map(
    ids.map((id) => [id, Array.from({ length: 1 + dice.below(practices) }, (_, g) => (g === 0 ? id : `${id}.${g}`))]),
  )
}

function patientsOf(
  dice: Random,
  contract: Contract,
  partners: ReadonlyMap<string, readonly string[]>,
  size: number,
  yearsBefore: number,
): Patient[] {
  const mortality = isAskedForDeaths(contract) && mortalityYearsOf(contract).length > 0
  const sides = [...partners].filter(([id]) => yearsBefore > 0 || id !== 'r1')
  const patients = sides.flatMap(([partner, practices], place) => {
    const standing = 0.4 * dice.normal()
    return Array.from({ length: dice.below(size + 1) }, (_, i): Patient => {
      const late = yearsBefore > 0 || dice.uniform() < 0.7 ? 0 : dice.below(365)
      const days = yearsBefore > 0 ? 365 : 1 + dice.below(365 - late)
      const indexOn =
        yearsBefore > 0 ? earlier(contract.period.start, yearsBefore) : dayOf(epochDayOf(contract.period.start) + late)
      const outcomes = contract.outcomes.map((_, k) => assessed(dice, contract, k, indexOn, yearsBefore, standing))
      const id = `u${place}-${String(i).padStart(3, '0')}${i === 7 ? ' "x", y' : ''}`
      const insurer = oneOf(dice, ['7095', '3311', ''])
      const died = dice.uniform() < 0.08
      const deathProbability = mortality ? quantised(0.12 * dice.uniform()) : null
      const deaths = { died: died && mortality, deathProbability }
      return { id, partner, practice: oneOf(dice, practices), insurer, days, indexOn, ...deaths, outcomes }
    })
  })
  return patients.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The same calendar day before; of these periods only 29 February has none. */
function earlier(start: Day, years: number): Day {
  const year = Number(start.slice(0, 4)) - years
  return start.endsWith('02-29') ? `${year}-02-28` : (`${year}${start.slice(4)}` as Day)
}

function assessed(
  dice: Random,
  contract: Contract,
  k: number,
  indexOn: Day,
  yearsBefore: number,
  standing: number,
): Assessed {
  const outcome = contract.outcomes[k]!
  const counts = yearsBefore === 0 || countingYearsOf(contract, outcome).includes(yearsBefore)
  const opens = epochDayOf(indexOn) + outcome.horizonDays - outcome.windowDays
  const late = yearsBefore === 0 && opens > epochDayOf(contract.period.end)
  const status = late
    ? 'enrolled_late'
    : oneOf(dice, ['measured', 'measured', 'measured', 'measured', 'missing', 'left', 'died', 'no_baseline'])
  const expected = quantised(dice.normal())
  const realised = status === 'measured' && counts ? quantised(3 * dice.normal() - standing) : null
  const gain = realised === null ? null : quantised(healthOf(contract, k, realised) - expected)
  const pi = quantised(0.1 + 0.9 * dice.uniform())
  const m = quantised(0.3 * dice.normal())
  const eligible = counts && (status === 'measured' || status === 'missing')
  const robust = gain === null ? m : quantised(m + (gain - m) / pi)
  const plain = gain ?? (contract.missing === 'zero' ? 0 : null)
  const contribution = eligible ? (contract.missing === 'doubly_robust' ? robust : plain) : null
  return { status: counts ? status : 'no_baseline', expected, realised, gain, pi, m, contribution }
}

const better = (measure: string) => (measure === 'egfr' ? 'higher' : 'lower')

function healthOf({ outcomes }: Contract, k: number, y: number): number {
  const { countedRange, target, measure } = outcomes[k]!
  const c = countedRange ? Math.max(countedRange[0], Math.min(countedRange[1], y)) : y
  if (target) return -Math.max(0, c - target[1], target[0] - c)
  return better(measure) === 'lower' ? -c : c
}

interface BeforeYear {
  readonly yearsBefore: number
  readonly patients: readonly Patient[]
}

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
    modelIds: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, sha256(`model of ${measure}`)])),
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, better(measure)])),
    partnerIds,
    contractPartners: contract.partners!.map(at).sort((a, b) => a - b),
    controlPartners: contract.control.map(at).sort((a, b) => a - b),
    insurers,
    contractYear: {
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
  return patients.flatMap(({ id, partner, practice, indexOn, outcomes }) =>
    places.map((k) => {
      const { measure, horizonDays } = contract.outcomes[k]!
      const { status, expected, realised, gain, pi, m, contribution } = outcomes[k]!
      const eligible = status === 'measured' || status === 'missing'
      const target = epochDayOf(indexOn) + horizonDays
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
        model_id: modelIds[measure]!,
      }
      return COLUMNS.map((column) => cells[column]!)
    }),
  )
}

function partsOf(
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
