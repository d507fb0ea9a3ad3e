/** What a society pays for a QALY, by how much of their remaining healthy life people lose without treatment. */
import type { Eur } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Sourced } from './sourced.ts'

/** From `from` to `to`, both themselves, in hundredths as the brackets are published; null: no reference value. */
export interface BurdenBracket extends Sourced {
  readonly from: number
  readonly to: number
  readonly qalyEur: Eur | null
}

/** The proportional shortfall: 1 - QALY with the disease / QALY without it, each what is left of life.
 *  @param withDisease 0 or more, at most `without`   @param without above 0
 *  @see Zorginstituut Nederland (2018), Ziektelast in de praktijk */
export const shortfallOf = (withDisease: number, without: number): number => 1 - withDisease / without

/** The bracket that a burden lies in, to the hundredth, half up.
 *  @throws Refusal `invalid_burden` where it is no share of one */
export function bracketOf(brackets: readonly BurdenBracket[], burden: number): BurdenBracket {
  const hundredths = Math.round(burden * 100 + 1e-9)
  const found = brackets.find(
    ({ from, to }) => hundredths >= Math.round(from * 100) && hundredths <= Math.round(to * 100),
  )
  if (burden >= 0 && burden <= 1 && found !== undefined) return found
  throw new Refusal(
    'invalid_burden',
    `A burden of disease of ${burden} is no share of 1; it is the proportional shortfall, from 0 to 1.`,
    { burden },
  )
}
