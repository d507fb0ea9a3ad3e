import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { centsOf } from '../../../engine/kernel/allocation.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { settlementInputOf, type RowSpec, type InputSpec } from '../../support/settlements/settlement-input.ts'
import { secondReadingOf } from '../../support/oracles/second-reading.ts'

// in steps that keep standard errors of any two partners within what doubles can weigh against each other
const gains = fc.integer({ min: -2000, max: 2000 }).map((hundredths) => hundredths / 100)

/** A patient of one of the partners, with both outcomes in any state. */
const rowOf = (partners: readonly string[], practices: number): fc.Arbitrary<RowSpec> =>
  fc
    .record({
      partner: fc.constantFrom(...partners),
      practice: fc.integer({ min: 1, max: practices }),
      insurer: fc.constantFrom('7095', '3311', ''),
      days: fc.integer({ min: 1, max: 365 }),
      state: fc.array(fc.constantFrom('measured', 'measured', 'measured', 'missing', 'left', 'no_baseline'), {
        minLength: 2,
        maxLength: 2,
      }),
      values: fc.array(gains, { minLength: 4, maxLength: 4 }),
    })
    .map(({ partner, practice, insurer, days, state, values }) => ({
      partner,
      practice: practice === 1 ? partner : `${partner}.${practice}`,
      insurer,
      days,
      status: state,
      gain: state.map((status, k) => (status === 'measured' ? values[k]! : null)),
      contribution: state.map((status, k) => (status === 'measured' || status === 'missing' ? values[k + 2]! : null)),
    }))

const region = fc.integer({ min: 1, max: 5 }).chain((size) => {
  const partners = Array.from({ length: size }, (_, at) => `p${at}`)
  const everybody = [...partners, 'c1', 'c2']
  const rows = fc.array(rowOf(everybody, 3), { minLength: 0, maxLength: 70, size: 'max' })
  const placebo = fc
    .constantFrom<number[][]>([], [1], [1, 2], [1, 2, 3], [2, 3], [3])
    .chain((years) => fc.tuple(...years.map((yearsBefore) => rows.map((list) => ({ yearsBefore, rows: list })))))
  return fc.record({ partners: fc.constant(partners), control: fc.constant(['c1', 'c2']), rows, placebo })
})

const clauses: fc.Arbitrary<Partial<Contract>> = fc.record({
  history: fc.constantFrom('own', 'none'),
  levelWeight: fc.constantFrom(0, 0.4, 1),
  trend: fc.constantFrom('control', 'none'),
  credibility: fc.constantFrom<Contract['credibility'][]>('estimated', 'none', { betweenSd: { hba1c: 1.5, sbp: 3 } }),
  pessimisticShiftSd: fc.constantFrom(0, 0.3),
  deadBand: fc.constantFrom({ eur: 0, z: 0 }, { eur: 5, z: 0 }, { eur: 1, z: 0.5 }),
  share: fc.constantFrom({ gain: 1, loss: 1 }, { gain: 0.5, loss: 0.2 }, { gain: 0.5, loss: 0 }),
  corridorEur: fc.constantFrom({ floor: null, cap: null }, { floor: -10, cap: 25 }),
  minPatients: fc.constantFrom(0, 3),
  outcomes: fc.constant([outcomeWith({ priceEur: 12.5 }), outcomeWith({ measure: 'sbp', priceEur: 3 })]),
})

const near = (expected: number) => expect.closeTo(expected, 6)

test('a second reading of the method pays the same', () => {
  fc.assert(
    fc.property(region, clauses, (spec, terms) => {
      const input = settlementInputOf({ ...spec, contract: terms })
      const settlement = settlementOf(input)
      const second = secondReadingOf(spec, input.contract, 365)
      expect(settlement.partners.map((partner) => [partner.partner_id, partner.eligible])).toEqual(
        second.map(({ p, eligible }) => [p, eligible]),
      )
      settlement.partners.forEach((partner, at) => {
        const { v, sd, eur, PY, terms } = second[at]!
        expect(partner).toMatchObject({
          patient_years: near(PY),
          value_eur_per_patient_year: near(v),
          value_sd: near(sd),
          payment_cents: centsOf(eur),
        })
        for (const { k, d, V, Z, S, credible } of terms)
          expect(partner.outcomes[k]).toMatchObject({
            net_gain: near(d),
            variance: near(V),
            credibility: near(Z),
            credible_gain: near(credible),
            credible_variance: near(S),
          })
        expect(partner.outcomes.filter(({ se }) => se !== null)).toHaveLength(terms.length)
      })
    }),
    { numRuns: 300 },
  )
})

test('the same input gives the same bytes, with the keys of the interface in their order', () => {
  fc.assert(
    fc.property(region, clauses, (spec, terms) => {
      const write = () => settlementText(settlementOf(settlementInputOf({ ...spec, contract: terms })))
      expect(write()).toBe(write())
      expect(write()).not.toMatch(/NaN|Infinity|-0[,\n]/)
    }),
    { numRuns: 30 },
  )
  const settlement = settlementOf(settlementInputOf({ partners: ['p1'], rows: [{ partner: 'p1', gain: [1] }] }))
  expect(Object.keys(settlement).join()).toBe(
    'settlement_id,contract,as_of,engine_version,dataset_sha256,contract_sha256,model_ids,totals,outcomes,partners,excluded',
  )
  expect(Object.keys(settlement.outcomes[0]!).join()).toBe(
    'measure,better,trend,trend_se,tau2,omega2,kappa2,placebo_years,collective_mean,between_variance,residual_sd',
  )
  expect(Object.keys(settlement.partners[0]!).join()).toBe(
    'partner_id,patients,eligible,measured,patient_years,outcomes,value_eur_per_patient_year,value_sd,dead_band_eur,' +
      'shared_eur_per_patient_year,reason,gates,gate_multiplier,payment_cents,interval90_cents,per_procedure_cents,bundled_cents,insurers,attribution',
  )
  expect(Object.keys(settlement.partners[0]!.outcomes[0]!).join()).toBe(
    'measure,eligible,measured,patient_years,mean_gain,se,history,net_gain,variance,credibility,credible_gain,credible_variance',
  )
})

test('what insurers and the chain get is what the partner gets, and the partners get what is paid in all', () => {
  const chain = [
    { kind: 'gp_practice', share: 0.65 },
    { kind: 'diagnostic_centre', share: 0.35 },
  ]
  fc.assert(
    fc.property(region, clauses, fc.option(fc.integer({ min: 0, max: 50_000 })), (spec, terms, budget) => {
      const budgetEur = budget === null ? null : budget / 100
      const settlement = settlementOf(
        settlementInputOf({ ...spec, contract: { ...terms, budgetEur, attribution: chain } }),
      )
      const sum = (cents: readonly number[]) => cents.reduce((all, one) => all + one, 0)
      for (const { payment_cents, insurers, attribution, reason } of settlement.partners) {
        expect(sum(attribution.map(({ cents }) => cents))).toBe(payment_cents)
        expect(sum(insurers.map(({ cents }) => cents))).toBe(payment_cents)
        expect(reason === null).toBe(payment_cents !== 0)
      }
      const payments = settlement.partners.map(({ payment_cents }) => payment_cents)
      expect(settlement.totals.payment_cents).toBe(sum(payments))
      if (budget !== null) {
        const rounding = settlement.partners.length / 2
        expect(sum(payments.map((cents) => Math.max(0, cents)))).toBeLessThanOrEqual(budget + rounding)
      }
    }),
    { numRuns: 60 },
  )
})

describe('each clause moves the payment the way it says', () => {
  const rows = (partner: string, level: number, missing: number): RowSpec[] => [
    ...[-1, 0, 1, 2].map((at) => ({ partner, gain: [level + at] })),
    ...Array.from({ length: missing }, () => ({ partner, gain: [null], contribution: [level] })),
  ]
  const spec: InputSpec = {
    partners: ['p1', 'p2'],
    control: ['c1'],
    rows: [...rows('p1', 5, 2), ...rows('p2', 2, 0), ...rows('c1', 1, 0)],
    placebo: [{ yearsBefore: 1, rows: [...rows('p1', 1, 0), ...rows('p2', -1, 0), ...rows('c1', -1, 0)] }],
    quality: [{ partnerId: 'p1', gate: 'prem', value: '6', period: null }],
  }
  const base: Partial<Contract> = { history: 'none', credibility: 'none', share: { gain: 0.5, loss: 0 } }
  const paid = (change: Partial<Contract>) =>
    settlementOf(settlementInputOf({ ...spec, contract: { ...base, ...change } })).partners[0]!.payment_cents

  test.each<[string, Partial<Contract>, 'less' | 'more' | 'same']>([
    ['a higher price pays more', { outcomes: [outcomeWith({ priceEur: 11 })] }, 'more'],
    ['a larger share pays more', { share: { gain: 0.6, loss: 0 } }, 'more'],
    ['a share of losses leaves a gain alone', { share: { gain: 0.5, loss: 1 } }, 'same'],
    ['a dead band is deducted', { deadBand: { eur: 5, z: 0 } }, 'less'],
    ['so is one in standard errors', { deadBand: { eur: 0, z: 1 } }, 'less'],
    ['a shift for what is missing lessens', { pessimisticShiftSd: 0.3 }, 'less'],
    ['a trend of the controls is taken off', { trend: 'control' }, 'less'],
    ['so is what the own years expect', { history: 'own' }, 'less'],
    ['less so where the level is paid', { history: 'own', levelWeight: 0 }, 'same'],
    ['the better of two is drawn to the mean', { credibility: { betweenSd: { hba1c: 1 } } }, 'less'],
    ['a cap', { corridorEur: { floor: null, cap: 10 } }, 'less'],
    ['a floor leaves a gain alone', { corridorEur: { floor: 0, cap: null } }, 'same'],
    ['a gate that fails', { gates: [{ gate: 'prem', weight: 0.5, rule: { atLeast: 7 } }] }, 'less'],
    ['a gate that passes', { gates: [{ gate: 'prem', weight: 0.5, rule: { atLeast: 6 } }] }, 'same'],
    ['a gate of no weight', { gates: [{ gate: 'prem', weight: 0, rule: { atLeast: 7 } }] }, 'same'],
    ['a budget', { budgetEur: 100 }, 'less'],
    ['a budget that nobody reaches', { budgetEur: 1000 }, 'same'],
    ['a minimum above the panel', { minPatients: 7 }, 'less'],
    ['a minimum of the panel', { minPatients: 6 }, 'same'],
  ])('%s', (_, change, expected) => {
    const difference = paid(change) - paid({})
    expect(difference === 0 ? 'same' : difference > 0 ? 'more' : 'less').toBe(expected)
  })
})

describe('at the edges', () => {
  const contract = { credibility: 'estimated', history: 'own', trend: 'control' } as const
  const plain = { contract, partners: ['p1', 'p2'], control: ['c1'] }

  test('nobody at all', () => {
    const { partners, outcomes, totals } = settlementOf(settlementInputOf({ ...plain, rows: [] }))
    expect(partners.map(({ reason }) => reason)).toEqual(['no_eligible_patients', 'no_eligible_patients'])
    expect(outcomes[0]).toMatchObject({ trend: 0, tau2: 0, placebo_years: 0, collective_mean: null, residual_sd: null })
    expect(totals.payment_cents).toBe(0)
  })

  test('one partner with statistics has no collective to lean on', () => {
    const rows = [
      { partner: 'p1', gain: [1] },
      { partner: 'p1', gain: [2] },
      { partner: 'p2', gain: [9] },
    ]
    const { partners, outcomes } = settlementOf(settlementInputOf({ ...plain, rows }))
    expect(outcomes[0]).toMatchObject({ collective_mean: null, between_variance: null })
    expect(partners[0]!.outcomes[0]).toMatchObject({ credibility: 1, credible_gain: 1.5 })
    expect(partners[1]!.outcomes[0]).toMatchObject({ eligible: 1, measured: 1, mean_gain: null })
  })

  test('a contract that pays above nothing never pays a null outcome', () => {
    const two = { outcomes: [outcomeWith(), outcomeWith({ measure: 'sbp' })] }
    const rows = [
      { partner: 'p1', gain: [1, 4] },
      { partner: 'p1', gain: [2, 4] },
    ]
    const [first] = settlementOf(
      settlementInputOf({ partners: ['p1'], contract: { ...two, history: 'none' }, rows }),
    ).partners
    expect(first!.outcomes.map(({ credible_gain }) => credible_gain)).toEqual([1.5, null])
    expect(first!.value_eur_per_patient_year).toBe(15)
  })

  test('a year that counts without patients leaves nobody a history', () => {
    const rows = ['p1', 'p2'].flatMap((partner, at) => [3, 5].map((x) => ({ partner, gain: [at === 0 ? x : -x] })))
    const spec = (years: readonly number[]) => ({
      partners: ['p1', 'p2'],
      rows,
      placebo: years.map((yearsBefore) => ({ yearsBefore, rows: yearsBefore === 2 ? [] : rows })),
    })
    const outcome = (years: readonly number[]) => settlementOf(settlementInputOf(spec(years))).outcomes[0]!
    expect(outcome([1]).tau2).toBeGreaterThan(1)
    expect(outcome([1, 2])).toMatchObject({ tau2: 0, omega2: 0, placebo_years: 2 })
    const input = settlementInputOf(spec([1, 2]))
    const unheard = settlementOf({ ...input, placeboYears: input.placeboYears.slice(0, 1) })
    expect(unheard).toEqual(settlementOf(input))
  })

  test('a column that is not aligned is a bug, not a payment', () => {
    const input = settlementInputOf({ ...plain, rows: [{ partner: 'p1', gain: [1] }] })
    const broken = { ...input, contractYear: { ...input.contractYear, insurer: new Int32Array(2) } }
    expect(() => settlementOf(broken)).toThrow('a row per patient')
  })

  test('defaults of the interface settle', () => {
    const { partners } = settlementOf(
      settlementInputOf({ contract: contractWith(), partners: ['p1'], rows: [{ partner: 'p1', gain: [1] }] }),
    )
    expect(partners).toHaveLength(1)
  })
})
