/** What moves between hospital, home care, GP and insurer with one patient more at home. */
import type { Eur } from '../kernel/money.ts'
import type { Item, Party, Road } from './road.ts'
import { presentValueOf } from '../exchange/discount.ts'

/** In EUR for one patient and year, more is positive. */
export interface Move {
  readonly party: string
  /** what the insurer pays to it; of the insurer: what it pays, below 0 */
  readonly revenue: Eur
  /** cost that comes, below 0: that goes */
  readonly variableCost: Eur
  /** cost that stays behind without revenue */
  readonly fixedCostLeftBehind: Eur
  /** revenue - variable cost */
  readonly gain: Eur
  /** by how much the gain differs from patient to patient, one standard deviation */
  readonly risk: Eur
}

/** One move for each party, in their order. What all gain together is the cost that goes less the cost that comes: revenue moves between them and adds to nothing. */
export function movesOf({ parties, business: { items } }: Pick<Road, 'parties' | 'business'>): Move[] {
  return parties.map((party) => (party.kind === 'insurer' ? payerMove(party, items, parties) : careMove(party, items)))
}

const sum = (items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

const spread = (items: readonly Item[], perUnit: (item: Item) => number): number =>
  Math.sqrt(sum(items, (item) => (item.unitsSd * perUnit(item)) ** 2))

const variableOf = ({ unitCostEur, fixedShare }: Item): Eur => unitCostEur * (1 - fixedShare)

function careMove({ party }: Party, items: readonly Item[]): Move {
  const own = items.filter((item) => item.party === party)
  const revenue = sum(own, ({ units, tariffEur }) => units * tariffEur)
  const variableCost = sum(own, (item) => item.units * variableOf(item))
  return {
    party,
    revenue,
    variableCost,
    fixedCostLeftBehind: sum(own, (item) => Math.max(0, -item.units) * item.unitCostEur * item.fixedShare),
    gain: revenue - variableCost,
    risk: spread(own, (item) => item.tariffEur - variableOf(item)),
  }
}

/** Of several insurers each pays an equal part: the road does not say whose patients they are. */
function payerMove({ party }: Party, items: readonly Item[], parties: readonly Party[]): Move {
  const payers = parties.filter(({ kind }) => kind === 'insurer').length
  const revenue = -sum(items, ({ units, tariffEur }) => units * tariffEur) / payers
  const risk = spread(items, ({ tariffEur }) => tariffEur) / payers
  return { party, revenue, variableCost: 0, fixedCostLeftBehind: 0, gain: revenue, risk }
}

/** What a party gains over the years of the road with all its patients, counted today.
 *  @param rate of costs, a year */
export const presentGainOf = ({ gain }: Move, { patients, years }: Road['business'], rate: number): Eur =>
  presentValueOf(
    Array.from({ length: years }, () => gain * patients),
    rate,
  )
