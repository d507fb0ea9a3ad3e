/** At fixed variances a payment is continuous and non-decreasing in every d_p (method.md 8, "monotone"): contracts drawn with every clause, years of
 *  a term and episodes among them. Only gates and min_patients jump, and neither looks at a gain. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SettlementInput } from '../../../engine/assessment/assessment.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const CASES = 60

/** What keeps every variance as it is while a result moves: the spread between partners is agreed, or nothing is shrunk. */
const atFixedVariances = ({ credibility }: Contract): Contract['credibility'] =>
  credibility === 'estimated' ? { betweenSd: { hba1c: 0.8, sbp: 1.5, egfr: 1 } } : credibility

/** An input under its own contract with fixed variances.  @param budgetEur null: without */
function drawn(seed: number, budgetEur: number | null): SettlementInput {
  const { input } = simulatedSettlement(seed)
  const { contract } = input
  return { ...input, contract: { ...contract, credibility: atFixedVariances(contract), budgetEur } }
}

/** The contributions of one partner to one outcome raised by a constant: d_p rises by it, and no variance moves. */
function raised(input: SettlementInput, partner: number, outcome: number, by: number): SettlementInput {
  const { contractYear } = input
  const outcomes = contractYear.outcomes.map(
    (columns, k) =>
    k !== outcome
      ? columns
      : { ...columns, contribution: columns.contribution.map((a, row) => (contractYear.partner[row] === partner ? a + by : a)) }, // prettier-ignore
  )
  return { ...input, contractYear: { ...contractYear, outcomes } }
}

const step = fc.oneof(fc.double({ min: 1e-6, max: 1e-2, noNaN: true }), fc.double({ min: 1e-2, max: 8, noNaN: true }))
/** Which result moves, and by how much. */
interface Move {
  readonly seed: number
  readonly partner: number
  readonly outcome: number
  readonly by: number
}
const move: fc.Arbitrary<Move> = fc.record({
  seed: fc.nat(1_000_000),
  partner: fc.nat(4),
  outcome: fc.nat(2),
  by: step,
})

/** A move of a drawn settlement, before and after; `own`: whose result moved. */
function moved({ seed, partner, outcome, by }: Move, budgetEur: number | null) {
  const input = drawn(seed, budgetEur)
  const { contractPartners, contract } = input
  const own = partner % contractPartners.length
  const k = outcome % contract.outcomes.length
  const [before, after] = [input, raised(input, contractPartners[own]!, k, by)].map(
    (each) => settlementOf(each).partners,
  )
  /** in cents, what the step may add: the price for every patient-year of the outcome */
  const most = ({ outcomes }: PartnerStatement) =>
    100 * contract.outcomes[k]!.priceEur * outcomes[k]!.patient_years * by * (1 + 1e-9)
  return { before: before!, after: after!, own, k, most }
}

test('a better result pays nobody less, and nothing jumps: at most the price of the step, and a cent of rounding', () => {
  let rose = 0
  fc.assert(
    fc.property(move, (drawnMove) => {
      const { before, after, most } = moved(drawnMove, null)
      before.forEach((was, p) => {
        const rise = after[p]!.payment_cents - was.payment_cents
        expect(rise).toBeGreaterThanOrEqual(0)
        expect(rise).toBeLessThanOrEqual(most(was) + 1)
        if (rise > 0) rose++
      })
    }),
    { numRuns: CASES },
  )
  // payments do move: the law is not kept by standing still
  expect(rose).toBeGreaterThan(CASES / 4)
})

test('within a budget too a better result pays its partner no less, but for the cent that is dealt', () => {
  let bound = 0
  fc.assert(
    fc.property(move, fc.constantFrom(0.05, 0.55, 10.55), (drawnMove, budgetEur) => {
      const { before, after, own, most } = moved(drawnMove, budgetEur)
      const rise = after[own]!.payment_cents - before[own]!.payment_cents
      expect(rise).toBeGreaterThanOrEqual(-1)
      expect(rise).toBeLessThanOrEqual(most(before[own]!) + 2)
      const paid = after.reduce((sum, { payment_cents }) => sum + Math.max(0, payment_cents), 0)
      expect(paid).toBeLessThanOrEqual(Math.round(100 * budgetEur))
      if (paid === Math.round(100 * budgetEur)) bound++
    }),
    { numRuns: CASES },
  )
  expect(bound).toBeGreaterThan(CASES / 20)
})

test('no variance, gate or count of patients looks at the result that moved', () => {
  const fixed = ({ outcomes, gates, gate_multiplier, eligible }: PartnerStatement) => ({
    gates,
    gate_multiplier,
    eligible,
    histories: outcomes.map(({ history }) => history),
  })
  fc.assert(
    fc.property(move, (drawnMove) => {
      const { before, after, own, k } = moved(drawnMove, null)
      before.forEach((was, p) => {
        const is = after[p]!
        expect(fixed(is)).toEqual(fixed(was))
        is.outcomes.forEach(({ variance, credible_variance, net_gain }, j) => {
          const [spread, credible] = [was.outcomes[j]!.variance, was.outcomes[j]!.credible_variance!]
          if (spread === null) return expect(variance).toBeNull()
          expect(variance).toBeCloseTo(spread, 9)
          expect(credible_variance).toBeCloseTo(credible, 9)
          expect(net_gain! - was.outcomes[j]!.net_gain!).toBeCloseTo(p === own && j === k ? drawnMove.by : 0, 9)
        })
      })
    }),
    { numRuns: CASES },
  )
})
