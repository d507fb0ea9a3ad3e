/** Every parameter of a contract, changed by itself: it moves what is paid the way it says, or is declared inert here. */
import { describe, expect, test } from 'vitest'
import type { Segment3 } from '../../../engine/contract/segment3.ts'
import type { Bundled, BundledComponent, Contract, Gate, Outcome } from '../../../engine/contract/contract.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import type { PartnerStatement, Settlement } from '../../../engine/settlement/statement.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { parametersOf } from '../../support/oracles/parameters.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'
import { settledFrom } from '../../support/regions/settled-panel.ts'

/** What a partner's patients gain in the contract year, and how they fared in each year before, in the measure's unit. */
const EFFECTS: Readonly<Record<string, number>> = { p1: 9, p2: 4, p3: -6, c1: 1, c2: 1.5, r1: 0, r2: 0 }
const BEFORE: Readonly<Record<string, number>> = { p1: 2, p2: -1, p3: 0.5, c1: -0.5, c2: 1, r1: 3, r2: -3 }

const patientsOf = (partner: string, at: number): PatientSpec[] =>
  Array.from({ length: 24 }, (_, i) => {
    const dice = randomOf(20, at, i)
    const level = 62 + 5 * dice.normal()
    const missing = ['p1', 'p2'].includes(partner) && i % 5 === 0
    const reading = (better: number) => level + 3 * dice.normal() - better
    const years = [2019, 2020, 2021, 2022, 2023, 2024].map((year) => [`${year}-12-15`, reading(0)] as const)
    // a better year shows in a reading in its window, and not in the one that the next year is expected from
    const followUps = [2021, 2022, 2023, 2024].map((year) => [`${year}-12-28`, reading(BEFORE[partner]!)] as const)
    const result = reading(EFFECTS[partner]!)
    const hba1c = Object.fromEntries([
      ...years,
      ...followUps,
      ['2025-05-01', level + 2 * dice.normal()] as const,
      ...(missing ? [] : [[i % 7 === 3 ? '2026-03-20' : '2025-12-20', result] as const]),
      ...(i === 11 ? [['2024-09-01', level] as const] : []),
    ])
    return {
      id: `${partner}-${String(i).padStart(2, '0')}`,
      insurer: i % 3 === 0 ? '3311' : '7095',
      birthYear: 1940 + dice.below(40),
      enrolments: [
        {
          partner: partner === 'p1' && i % 2 === 1 ? 'g1' : partner,
          from: i === 13 ? '2025-04-10' : '2019-01-01',
          ...(i === 17 ? { until: '2025-10-01' } : {}),
        },
      ],
      readings: { hba1c, sbp: Object.fromEntries(Object.entries(hba1c).map(([day, y]) => [day, 2 * y])) },
    }
  })

const panel = panelFrom({
  partners: [...Object.keys(EFFECTS).map((id) => ({ id })), { id: 'g1', memberOf: 'p1' }],
  patients: Object.keys(EFFECTS).flatMap(patientsOf),
  measures: ['hba1c', 'sbp'],
})

const BASE: Partial<Contract> = {
  partners: ['p1', 'p2', 'p3'],
  control: ['c1', 'c2'],
  trend: 'control',
  outcomes: [outcomeWith({ priceEur: 10 })],
}
const quality = [{ partnerId: 'p1', gate: 'prem', value: '6', period: null }]
const settled = (change: Partial<Contract> = {}, base = BASE): Settlement =>
  settledFrom(panel, contractWith({ ...base, ...change }), quality)
const partner = (settlement: Settlement, id = 'p1'): PartnerStatement =>
  settlement.partners.find(({ partner_id }) => partner_id === id)!
const outcome = (change: Partial<Outcome>): Partial<Contract> => ({ outcomes: [outcomeWith(change)] })
const base = settled()

/** Fields of a contract, and of its parts, that each have a row below. */
const covered = new Set<string>()

/** @param field as in engine/contract.ts   @param shows what is to be looked at   @param told the way that it says */
function moves(
  field: string,
  says: string,
  change: Partial<Contract>,
  check: (is: Settlement, was: Settlement) => void,
  from?: Partial<Contract>,
) {
  covered.add(field)
  test(`${field}: ${says}`, () => {
    const was = from === undefined ? base : settled({}, { ...BASE, ...from })
    check(settled({ ...from, ...change }), was)
  })
}
const cents = (settlement: Settlement, id = 'p1') => partner(settlement, id).payment_cents
const more = (is: Settlement, was: Settlement) => expect(cents(is)).toBeGreaterThan(cents(was))
const less = (is: Settlement, was: Settlement) => expect(cents(is)).toBeLessThan(cents(was))
const same = (is: Settlement, was: Settlement) =>
  expect(is.partners.map(({ payment_cents }) => payment_cents)).toEqual(was.partners.map((p) => p.payment_cents))
const first = (settlement: Settlement, id = 'p1') => partner(settlement, id).outcomes[0]!

test('the region that is perturbed has gains, missing outcomes, a history and a trend', () => {
  expect(cents(base)).toBeGreaterThan(0)
  expect(first(base).measured).toBeLessThan(first(base).eligible)
  expect(base.outcomes[0]).toMatchObject({ placebo_years: 3 })
  expect(base.outcomes[0]!.tau2).toBeGreaterThan(0)
  expect(base.outcomes[0]!.trend).not.toBe(0)
})

describe('who is paid for', () => {
  moves('insurers', 'other insurers pay nothing, and fewer patient-years count', { insurers: ['7095'] }, (is, was) => {
    expect(partner(was).insurers.map(({ insurer }) => insurer)).toEqual(['3311', '7095'])
    expect(partner(is).insurers).toEqual([{ insurer: '7095', cents: cents(is) }])
    expect(partner(is).patient_years).toBeLessThan(partner(was).patient_years)
    expect(is.outcomes[0]!.trend_se).not.toBe(0)
  })
  moves('partners', 'one that is not named is not paid', { partners: ['p1', 'p2'] }, (is) =>
    expect(is.partners.map(({ partner_id }) => partner_id)).toEqual(['p1', 'p2']),
  )
  moves('control', 'a control that did better takes more off', { control: ['c2'] }, (is, was) => {
    expect(is.outcomes[0]!.trend).not.toBe(was.outcomes[0]!.trend)
    expect(is.outcomes[0]!.trend_se).toBeGreaterThan(was.outcomes[0]!.trend_se)
  })
  moves('minPatients', 'a panel below it is not paid', { minPatients: 25 }, (is) => {
    expect(partner(is)).toMatchObject({ payment_cents: 0, reason: 'panel_too_small' })
  })
})

describe('when', () => {
  moves(
    'period.start',
    'the history is that of the years before it',
    { period: { start: '2024-01-01', end: '2024-12-31' } },
    (is, was) => {
      expect(first(is).mean_gain).not.toBe(first(was).mean_gain)
      expect(cents(is)).toBeLessThan(cents(was))
    },
  )
  moves(
    'period.end',
    'an earlier end leaves out who came too late for it',
    { period: { start: '2025-01-01', end: '2025-12-01' } },
    (is, was) => expect(first(is).eligible).toBe(first(was).eligible - 1),
  )
  moves(
    'reference.start',
    'a later start leaves fewer years to tell a history',
    { reference: { start: '2023-01-01', end: '2024-12-31', partners: null } },
    (is) => expect(is.outcomes[0]!.placebo_years).toBe(1),
  )
  moves(
    'reference.end',
    'an earlier end does too',
    { reference: { start: '2021-01-01', end: '2023-12-31', partners: null } },
    (is) => expect(is.outcomes[0]!.placebo_years).toBe(2),
  )
  moves(
    'reference.partners',
    'whom partners stand among before the contract',
    { reference: { start: '2021-01-01', end: '2024-12-31', partners: ['p1', 'p2', 'p3'] } },
    (is, was) => {
      expect(is.outcomes[0]!.tau2).not.toBe(was.outcomes[0]!.tau2)
      expect(first(is).history).not.toBe(first(was).history)
    },
  )
})

describe('what is paid for', () => {
  moves('outcomes.measure', 'another measure, other gains', outcome({ measure: 'sbp' }), (is, was) =>
    expect(first(is).mean_gain).toBeGreaterThan(first(was).mean_gain!),
  )
  moves('outcomes.priceEur', 'a higher price pays in proportion', outcome({ priceEur: 20 }), (is, was) =>
    expect(Math.abs(cents(is) - 2 * cents(was))).toBeLessThanOrEqual(1),
  )
  moves(
    'outcomes.exchange',
    'a price that is not known exactly widens the interval of a payment, and moves no payment without a band that goes by z',
    outcome({ exchange: { via: 'eq5d', qalyEur: 20000, rate: 0.0005, priceSe: 3, source: 'agreed', certainty: 'S' } }),
    (is, was) => {
      same(is, was)
      const [wide, narrow] = [partner(is).value_sd, partner(was).value_sd]
      expect(wide ** 2 - narrow ** 2).toBeCloseTo((3 * first(is).credible_gain!) ** 2, 6)
      expect(partner(is).interval90_cents[1]).toBeGreaterThan(partner(was).interval90_cents[1])
    },
  )
  moves(
    'outcomes.countedRange',
    'what lies beyond it does not count',
    outcome({ countedRange: [58, 120] }),
    (is, was) => {
      expect(first(is).mean_gain).toBeLessThan(first(was).mean_gain!)
      less(is, was)
    },
  )
  moves('outcomes.target', 'within the window nothing more is gained', outcome({ target: [50, 60] }), (is, was) =>
    expect(first(is).mean_gain).toBeLessThan(first(was).mean_gain!),
  )
  moves('outcomes.horizonDays', 'another day is looked at', outcome({ horizonDays: 440, windowDays: 60 }), (is, was) =>
    expect(first(is).measured).toBeLessThan(first(was).measured),
  )
  moves('outcomes.windowDays', 'a narrower window measures fewer', outcome({ windowDays: 30 }), (is, was) =>
    expect(first(is).measured).toBeLessThan(first(was).measured),
  )
  moves('outcomes.baselineDays', 'a shorter look back knows fewer', outcome({ baselineDays: 20 }), (is, was) =>
    expect(first(is).eligible).toBeLessThan(first(was).eligible),
  )
})

describe('how a gain is measured', () => {
  moves('missing', 'zero for the missing pays less than leaving them out', { missing: 'zero' }, less, {
    missing: 'exclude',
  })
  moves('missing', 'exclude is the mean of the measured', { missing: 'exclude' }, (is, was) =>
    expect(first(is).mean_gain).not.toBe(first(was).mean_gain),
  )
  moves('pessimisticShiftSd', 'takes off a gain for what is missing', { pessimisticShiftSd: 0.3 }, (is, was) => {
    less(is, was)
    expect(cents(is, 'p3')).toBe(cents(was, 'p3')) // nobody of p3 is missing
  })
  moves(
    'excessMissing',
    'takes off for whom controls would have measured, and leaves others alone',
    { excessMissing: 'deduct' },
    (is, was) => {
      less(is, was)
      expect(cents(is, 'p2')).toBeLessThan(cents(was, 'p2'))
      expect(cents(is, 'p3')).toBe(cents(was, 'p3')) // nobody of p3 is missing
    },
  )
  moves('history', 'what was so before the contract is not paid', { history: 'none' }, (is, was) => {
    expect(first(was).history).toBeGreaterThan(0)
    expect(first(is).history).toBe(0)
    more(is, was)
  })
  moves('levelWeight', 'the less it weighs, the more of the level is paid', { levelWeight: 0.4 }, (is, was) => {
    expect(first(is).history).toBeCloseTo(0.4 * first(was).history!, 12)
    more(is, was)
  })
  moves('trend', 'without it what moved everybody is paid', { trend: 'none' }, more)
  moves('credibility', 'none: each its own', { credibility: 'none' }, (is) => {
    expect(first(is)).toMatchObject({ credibility: 1 })
    expect(first(is).credible_gain).toBe(first(is).net_gain)
  })
  moves(
    'credibility.betweenSd',
    'the wider partners may differ, the more the best keeps',
    { credibility: { betweenSd: { hba1c: 4 } } },
    more,
    {
      credibility: { betweenSd: { hba1c: 1 } },
    },
  )
})

describe('from value to payment', () => {
  moves('share.gain', 'half the share, half the pay', { share: { gain: 0.5, loss: 1 } }, less)
  moves(
    'share.loss',
    'a loss is charged by its share, a gain is left alone',
    { share: { gain: 1, loss: 0.25 } },
    (is, was) => {
      expect(cents(is)).toBe(cents(was))
      expect(cents(was, 'p3')).toBeLessThan(0)
      expect(Math.abs(cents(is, 'p3') - 0.25 * cents(was, 'p3'))).toBeLessThanOrEqual(1)
    },
  )
  moves('deadBand.eur', 'is deducted', { deadBand: { eur: 5, z: 0 } }, less)
  moves('deadBand.z', 'in standard errors', { deadBand: { eur: 0, z: 1 } }, less)
  moves(
    'corridorEur.floor',
    'bounds a loss, and leaves a gain alone',
    { corridorEur: { floor: -3, cap: null } },
    (is, was) => {
      expect(cents(is)).toBe(cents(was))
      expect(cents(is, 'p3')).toBe(-Math.round(300 * partner(is, 'p3').patient_years))
    },
  )
  moves('corridorEur.cap', 'bounds a gain', { corridorEur: { floor: null, cap: 5 } }, (is) =>
    expect(cents(is)).toBe(Math.round(500 * partner(is).patient_years)),
  )
  const gate = (rule: Gate['rule'], weight = 0.25, name = 'prem'): Partial<Contract> => ({
    gates: [{ gate: name, weight, rule }],
  })
  const quarterLess = (is: Settlement, was: Settlement) =>
    expect(Math.abs(cents(is) - 0.75 * cents(was))).toBeLessThanOrEqual(1)
  moves('gates.rule.atLeast', 'too little takes the weight of the gate', gate({ atLeast: 7 }), quarterLess)
  moves('gates.rule.atLeast', 'enough takes nothing', gate({ atLeast: 6 }), (is, was) =>
    expect(cents(is)).toBe(cents(was)),
  )
  moves('gates.rule.atMost', 'too much takes it too', gate({ atMost: 5 }), quarterLess)
  moves('gates.rule.equals', 'and so does another word', gate({ equals: 'true' }), quarterLess)
  moves(
    'gates.weight',
    'half the weight, half of what it takes',
    gate({ atLeast: 7 }, 0.125),
    (is, was) => expect(Math.abs(cents(is) - (0.875 / 0.75) * cents(was))).toBeLessThanOrEqual(2),
    gate({ atLeast: 7 }),
  )
  moves(
    'gates.gate',
    'one of 24 came after the first quarter',
    gate({ atMost: 0.04 }, 0.25, 'max_late_share'),
    (is, was) => {
      expect(partner(is).gates[0]!.evidence).toBe(String(1 / 24))
      quarterLess(is, was)
    },
  )
  moves(
    'gates.gate',
    'which evidence is asked for: a built-in one looks at the data',
    gate({ atLeast: 0.9 }, 1, 'min_measured_share'),
    (is, was) => {
      expect(partner(is)).toMatchObject({ payment_cents: 0, reason: 'gates_failed' })
      expect(cents(is, 'p3')).toBe(cents(was, 'p3'))
    },
  )
  const episodes = (start: Day, end: Day): Partial<Contract> => ({ index: 'enrolment', inclusion: { start, end } })
  const counted = (patients: number) => (is: Settlement) => {
    expect(partner(is)).toMatchObject({ patients, patient_years: patients })
  }
  moves('index', 'episodes: who starts in the inclusion window counts, as one', episodes('2025-01-01', '2025-12-31'), counted(1)) // prettier-ignore
  moves('inclusion.start', 'not who starts before it', episodes('2025-06-01', '2025-12-31'), counted(0))
  moves('inclusion.end', 'nor who starts after it', episodes('2025-01-01', '2025-03-31'), counted(0))
  moves(
    'term.start',
    'a year of the term behind the period: other placebo years count, and more is unknown of a partner',
    { term: { start: '2024-01-01', end: '2025-12-31' } },
    (is, was) => expect(partner(is).outcomes[0]!.variance).not.toBe(partner(was).outcomes[0]!.variance),
  )
  moves('budgetEur', 'is all there is', { budgetEur: 100 }, (is, was) => {
    less(is, was)
    expect(is.partners.reduce((sum, { payment_cents }) => sum + Math.max(0, payment_cents), 0)).toBe(10_000)
  })
})

describe('declared inert on what a partner is paid', () => {
  moves('term.end', 'how long the contract goes on', { term: { start: '2025-01-01', end: '2027-12-31' } }, same)
  moves('reference.includesContractYears', 'a signature', { reference: { ...contractWith().reference, includesContractYears: 'agreed' } }, same) // prettier-ignore
  const beside3: Segment3 = {
    eurPerPatient: 4,
    conditions: ['main_practitioner_known'],
    thresholds: {},
    deliverBy: null,
  }
  moves('segment3', 'it stands beside the gain', { segment3: beside3 }, same)
  moves('contract', 'a name', { contract: 'another' }, same)
  moves('title', 'a title', { title: 'Another' }, same)
  moves('programme', 'the panel is of the programme already', { programme: 'copd' }, same)
  const passedOn = (kind: string, share: number): Partial<Contract> => ({
    attribution: [
      { kind, share },
      { kind: 'diagnostic_centre', share: 1 - share },
    ],
  })
  moves('attribution.kind', 'to whom a payment is passed on', passedOn('hospital', 0.5), (is, was) => {
    same(is, was)
    expect(partner(is).attribution.map(({ kind }) => kind)).toEqual(['hospital', 'diagnostic_centre'])
  })
  moves('attribution.share', 'and in which parts', passedOn('hospital', 0.8), (is, was) => {
    same(is, was)
    expect(Math.abs(partner(is).attribution[0]!.cents - 0.8 * cents(is))).toBeLessThan(1)
  })
  const consult = { activity: 'consult', provider: 'gp', prevalence: 1, minutes: 30, hourlyEur: 100 }
  const tariff = (
    change: Partial<BundledComponent> = {},
    advanceShare = 0,
    rest: Partial<Bundled> = {},
  ): Partial<Contract> => ({
    bundled: { components: [{ ...consult, ...change }], advanceShare, ...rest },
  })
  const beside = (bundledCents: number) => (is: Settlement, was: Settlement) => {
    same(is, was)
    expect(partner(is).bundled_cents).toBe(bundledCents)
  }
  moves(
    'bundled.components.prevalence',
    'half the patients, half the tariff',
    tariff({ prevalence: 0.5 }),
    beside(25_000),
  )
  moves('bundled.components.minutes', 'twice the time, twice the tariff', tariff({ minutes: 60 }), beside(100_000))
  moves('bundled.components.hourlyEur', 'twice the wage, twice the tariff', tariff({ hourlyEur: 200 }), beside(100_000))
  moves('bundled.components.activity', 'a name', tariff({ activity: 'other' }), beside(50_000))
  moves('bundled.components.provider', 'a name', tariff({ provider: 'other' }), beside(50_000))
  moves('bundled.components.phase', 'a name', tariff({ phase: 'first year' }), beside(50_000))
  moves('bundled.components.module', 'a name', tariff({ module: 'diet' }), beside(50_000))
  moves('bundled.components.times', 'twice a year, twice the tariff', tariff({ times: 2 }), beside(100_000))
  moves('bundled.components.materialEur', 'EUR 10 more each time', tariff({ materialEur: 10 }), beside(60_000))
  moves('bundled.overhead', 'a tenth more', tariff({}, 0, { overhead: 0.1 }), beside(55_000))
  moves('bundled.organisationFeeEur', 'is paid apart', tariff({}, 0, { organisationFeeEur: 12 }), beside(50_000))
  moves('bundled.beside', 'who is declared, by precedence', tariff({}, 0, { beside: ['astma'] }), beside(50_000))
  moves('bundled.advanceShare', 'what is paid ahead of the tariff', tariff({}, 0.7), beside(50_000))
})

test('no parameter of engine/contract.ts is left out', () => {
  const parameters = parametersOf('engine/contract/contract.ts', 'Contract')
  expect(parameters).toContain('outcomes.priceEur')
  expect(parameters.filter((parameter) => !covered.has(parameter))).toEqual([])
  const isThere = (field: string) => parameters.some((each) => each === field || each.startsWith(`${field}.`))
  expect([...covered].filter((field) => !isThere(field))).toEqual([])
})
