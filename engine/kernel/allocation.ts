/** Allocation of cents that preserves the total exactly (method.md 5.7 and 5.8). */
import type { Cents, Eur } from './money.ts'
import { decimalOf, inOneUnit } from './decimal.ts'
import { unsigned } from './quantise.ts'
import { invariant } from './refusal.ts'

/** Cents from euros, rounded half away from zero: the only rounding of a payment. */
export const centsOf = (eur: Eur): Cents => unsigned(Math.sign(eur) * Math.round(Math.abs(eur) * 100))

/** Largest remainder on the absolute value: parts proportional to the weights that sum to the total exactly.
 *  Equal remainders go in the order given. A negative total is allocated symmetrically.
 *  @param totalCents an integer   @param weights >= 0, not all 0 unless the total is 0
 *  @example allocated(-100, [1, 1, 1]) = [-34, -33, -33] */
export function allocated(totalCents: Cents, weights: readonly number[]): Cents[] {
  invariant(Number.isSafeInteger(totalCents), 'what is dealt out is a whole number of cents')
  if (totalCents === 0) return weights.map(() => 0)
  const exact = wholeWeights(weights)
  const sum = exact.reduce((total, weight) => total + weight, 0n)
  invariant(sum > 0n, 'cents are dealt out to somebody')
  const total = BigInt(Math.abs(totalCents))
  const parts = exact.map((weight) => (total * weight) / sum)
  const remainders = exact.map((weight) => (total * weight) % sum)
  const left = Number(total - parts.reduce((dealt, part) => dealt + part, 0n))
  const first = [...weights.keys()].sort((a, b) => compared(remainders[b]!, remainders[a]!) || a - b)
  for (const index of first.slice(0, left)) parts[index]! += 1n
  return parts.map((part) => (part === 0n ? 0 : Math.sign(totalCents) * Number(part)))
}

const compared = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** The weights as whole numbers in the same proportions, taken as the decimals that people wrote: 0.7 is seven tenths. */
function wholeWeights(weights: readonly number[]): readonly bigint[] {
  for (const weight of weights) invariant(weight >= 0 && Number.isFinite(weight), 'a weight is a number of at least 0')
  return inOneUnit(weights.map(decimalOf)).whole
}

/** Payments in cents under a ceiling on the sum of the positive ones: where they pass it, each is scaled by one factor and
 *  the cents are allocated by largest remainder, ties in the order given. Negative ones are left alone.
 *  @param eur unrounded payments, ascending by partner_id   @param budgetEur null: no ceiling */
export function withinBudget(eur: readonly Eur[], budgetEur: Eur | null): { cents: Cents[]; bound: boolean } {
  const positive = eur.map((payment) => Math.max(0, payment))
  const sum = positive.reduce((total, payment) => total + payment, 0)
  if (budgetEur === null || sum <= budgetEur) return { cents: eur.map(centsOf), bound: false }
  const dealt = allocated(centsOf(budgetEur), positive)
  return { cents: eur.map((payment, index) => (payment > 0 ? dealt[index]! : centsOf(payment))), bound: true }
}
