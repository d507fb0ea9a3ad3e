/** The worked examples: numbers that a care group's controller can check by hand, read from cases/*.yaml. */
import { allocated, withinBudget } from '../../engine/kernel/allocation.ts'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import { dayOf, NEVER, type Day } from '../../engine/kernel/calendar.ts'
import { contributionsOf } from '../../engine/assessment/contribution.ts'
import { builtInEvidenceOf } from '../../engine/settlement/counts.ts'
import { credibilityOf } from '../../engine/settlement/credibility.ts'
import { admissionsOf } from '../../engine/assessment/eligibility.ts'
import { frameOf } from '../../engine/assessment/assessed-years.ts'
import { gateMultiplierOf, gatesOf } from '../../engine/settlement/gates.ts'
import { healthOf } from '../../engine/assessment/health-value.ts'
import { historiesOf } from '../../engine/settlement/own-history.ts'
import { partnerMeansOf } from '../../engine/settlement/partner-mean.ts'
import { deadBandOf, interval90Of, paymentStepsOf, reasonOf } from '../../engine/settlement/payment.ts'
import { caseMixRandomWalkOf, standingOf } from '../../engine/settlement/placebo.ts'
import { varianceComponentsOf } from '../../engine/settlement/variance-components.ts'
import { realisationsOf } from '../../engine/assessment/realisation.ts'
import { rosterOf } from '../../engine/panel/roster.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import { tippingOf } from '../../engine/explain/tipping.ts'
import type { Contract, Gate, MissingRule } from '../../engine/contract/contract.ts'
import type { Better } from '../../engine/contract/programme.ts'
import { check } from '../support/cases.ts'
import { contractWith, outcomeWith } from '../support/settlements/contract.ts'
import { panelFrom } from '../support/regions/panel.ts'
import { settlementInputOf, type InputSpec } from '../support/settlements/settlement-input.ts'

const orNull = (x: number | undefined): number | null => (x === undefined || Number.isNaN(x) ? null : x)
type Pair = readonly [number, number]

check('health', (given: { better: Better; counted?: Pair; target?: Pair; y: number }) => {
  const outcome = outcomeWith({ countedRange: given.counted ?? null, target: given.target ?? null })
  return { health: healthOf(outcome, given.better)(given.y) }
})

check('status', (given: StatusCase) => {
  const { from = '2020-01-01', until, reason, diedOn, readings } = given
  const panel = panelFrom({
    partners: [{ id: 'p1' }],
    patients: [
      {
        id: 'i1',
        ...(diedOn ? { diedOn } : {}),
        enrolments: [{ partner: 'p1', from, ...(until ? { until } : {}), ...(reason ? { reason } : {}) }],
        readings: { hba1c: readings },
      },
    ],
  })
  const contract = contractWith({ partners: ['p1'] })
  const frame = frameOf(contract, 0)
  const admissions = admissionsOf(panel, contract, rosterOf(contract, panel.partners, new Set()), frame)
  const { status, baseline, realised, realisedOn } = realisationsOf(panel, admissions, outcomeWith(), frame)
  const on = realisedOn[0] === NEVER ? {} : { on: dayOf(realisedOn[0]!) }
  return { status: STATUSES[status[0]!], baseline: orNull(baseline[0]), realised: orNull(realised[0]), ...on }
})

interface StatusCase {
  readonly from?: Day
  readonly until?: Day
  readonly reason?: string
  readonly diedOn?: Day
  readonly readings: Record<string, number | readonly number[]>
}

check('contribution', (given: { missing: MissingRule; patients: { gain?: number; times: number }[] }) => {
  const rows = given.patients.flatMap(({ gain, times }) => Array.from({ length: times }, () => gain ?? NaN))
  const status = Uint8Array.from(rows, (gain) => (Number.isNaN(gain) ? 1 : 0))
  const alike = { names: ['age'], columns: [new Float64Array(rows.length).fill(70)] }
  const result = contributionsOf(status, Float64Array.from(rows), alike, { names: [], columns: [] }, given.missing)
  let first = 0
  const contributions = given.patients.map(({ times }) => orNull(result.contribution[(first += times) - times]))
  return { probability: result.measuredProbability[0], imputed: result.imputedGain[0], contributions }
})

check('partner-mean', (given: Record<string, Record<string, number[]>>) => {
  const names = [
    ...new Set(Object.entries(given).flatMap(([partner, practices]) => [partner, ...Object.keys(practices)])),
  ]
  const rows = Object.entries(given).flatMap(([partner, practices]) =>
    Object.entries(practices).flatMap(([practice, values]) => values.map((value) => ({ partner, practice, value }))),
  )
  const column = (name: 'partner' | 'practice') => Int32Array.from(rows, (row) => names.indexOf(row[name]))
  const values = Float64Array.from(rows, ({ value }) => value)
  const means = partnerMeansOf(column('partner'), column('practice'), values, names.length)
  const partners = Object.keys(given).map((partner) => {
    const at = names.indexOf(partner)
    return [partner, { n: means.contributions[at], mean: means.mean[at], se: orNull(means.se[at]) }]
  })
  return {
    patientVariance: means.patientVariance,
    practiceVariance: means.practiceVariance,
    ...Object.fromEntries(partners),
  }
})

check('history', (given: { levelWeight: number; years: Record<string, Record<string, [number, number | null]>> }) => {
  const names = [...new Set(['p1', ...Object.values(given.years).flatMap((year) => Object.keys(year))])]
  const years = Object.entries(given.years).map(([year, partners]) =>
    standingOf(Number(year), {
      contributions: Int32Array.from(names, () => 2),
      mean: Float64Array.from(names, (name) => partners[name]?.[0] ?? NaN),
      se: Float64Array.from(names, (name) => partners[name]?.[1] ?? NaN),
      patientVariance: 0,
      practiceVariance: 0,
    }),
  )
  const walk = caseMixRandomWalkOf(years)
  const { expected, variance } = historiesOf(walk, given.levelWeight, names.length)
  const named = (values: Float64Array) => Object.fromEntries(names.map((name, at) => [name, values[at]]))
  return { tau2: walk.tau2, omega2: walk.omega2, kappa2: walk.kappa2, history: named(expected), post: named(variance) }
})

check('variance-components', (given: Record<string, number>) => {
  const pairs = Object.entries(given).map(([years, moment]) => {
    const [t, u] = years.split(' ').map(Number) as [number, number]
    return { t, u, moment }
  })
  const furthest = Math.max(...pairs.map(({ u }) => u))
  return varianceComponentsOf(pairs.map(({ t, u, moment }) => ({ back: furthest - u, sameYear: t === u, moment })))
})

check('credibility', (given: { rule: Contract['credibility']; gains: Pair[]; trendVariance?: number }) => {
  const gains = given.gains.map(([netGain, ownVariance]) => ({ netGain, ownVariance }))
  const { collectiveMean, betweenVariance, partners } = credibilityOf(
    gains,
    given.rule,
    'hba1c',
    given.trendVariance ?? 0,
  )
  return {
    mean: collectiveMean,
    between: betweenVariance,
    credibility: partners.map(({ credibility }) => credibility),
    credible: partners.map(({ credibleGain }) => credibleGain),
    variance: partners.map(({ credibleVariance }) => credibleVariance),
  }
})

check('payment', (given: PaymentCase) => {
  const { value, sd, multiplier = 1, eligible = 100, patientYears = 100 } = given
  const terms = {
    deadBand: { eur: given.band ?? 5, z: given.z ?? 0 },
    share: { gain: 0.5, loss: given.loss ?? 0.25 },
    corridorEur: { floor: given.floor ?? null, cap: given.cap ?? null },
  }
  const steps = paymentStepsOf(value, deadBandOf(terms, sd), terms, multiplier, patientYears)
  const cents = withinBudget([steps.paymentEur], null).cents[0]!
  return {
    shared: steps.shared,
    cents,
    interval: interval90Of(value, sd, terms, multiplier, patientYears),
    reason: reasonOf({ cents, eligible, minPatients: 30, value, steps, budgetBound: false }),
  }
})

interface PaymentCase {
  readonly value: number
  readonly sd: number
  readonly band?: number
  readonly z?: number
  readonly loss?: number
  readonly floor?: number
  readonly cap?: number
  readonly multiplier?: number
  readonly eligible?: number
  readonly patientYears?: number
}

check('allocation', (given: { cents: number; weights: number[]; eur?: number[]; budget: number | null }) => ({
  parts: given.eur ? withinBudget(given.eur, given.budget).cents : allocated(given.cents, given.weights),
}))

check(
  'gates',
  (given: {
    gate: Gate
    quality?: Pair[]
    outcomes?: Pair[]
    left?: number
    late?: number
    deaths?: number
    expectedDeaths?: number
    expectedMissing?: number[]
  }) => {
    const { gate, quality = [], outcomes = [], left = 0, late = 0, deaths = 0, expectedDeaths, expectedMissing } = given
    const builtIn = builtInEvidenceOf({
      patients: 100,
      eligible: Math.max(0, ...outcomes.map(([eligible]) => eligible)),
      measured: 0,
      left,
      late,
      deaths,
      expectedDeaths: expectedDeaths ?? NaN,
      exposureDays: 0,
      insurerDays: [],
      outcomes: outcomes.map(([eligible, measured], k) => ({
        eligible,
        measured,
        exposureDays: 0,
        expectedMissing: expectedMissing?.[k] ?? NaN,
        missingVariance: NaN,
      })),
    })
    const rows = quality.map(([period, value]) => ({
      partnerId: 'p1',
      gate: gate.gate,
      value: String(value),
      period: String(period) === '-' ? null : String(period),
    }))
    const results = gatesOf([gate], 'p1', builtIn, rows, '2025')
    return { passed: results[0]?.passed, evidence: results[0]?.evidence, multiplier: gateMultiplierOf(results) }
  },
)

/** The input of a specified settlement without history and shrinking, unless it says otherwise. */
function plainInput(given: InputSpec) {
  const plain = { history: 'none', credibility: 'none' } as const
  const outcomes = (given.contract?.outcomes ?? [{}]).map(outcomeWith)
  return settlementInputOf({ ...given, contract: { ...plain, ...given.contract, outcomes } })
}

check('tipping', (given: InputSpec) => {
  const input = plainInput(given)
  return tippingOf(settlementOf(input), input.contract, given.partners[0]!)
})

check('settlement', (given: InputSpec) => {
  const settlement = settlementOf(plainInput(given))
  return { ...settlement, partners: Object.fromEntries(settlement.partners.map((p) => [p.partner_id, p])) }
})
