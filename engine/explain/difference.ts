/** The difference between two settlements of one contract, split over what caused it.
 *
 *  One input after the other is replaced, in a fixed order, and each step is settled anew: what a step changes in cents is that cause's. The
 *  steps run from the one settlement to the other, so they add up by construction; a cause without a change is 0; and in the opposite direction
 *  every sign changes. An interaction of two causes is attributed to the later of them. */
import type { Cents } from '../kernel/money.ts'
import { invariant } from '../kernel/refusal.ts'
import type { Settlement } from '../settlement/statement.ts'

/** In the order in which they are replaced. `late_data`: readings, persons, evidence. `ruling`: what was upheld in a dispute, which is a fact like
 *  late data and no such thing; it is taken from the step in which it became a fact. `attribution`: who is enrolled where, and which practice
 *  belongs to whom. `engine_version`: what no input explains. */
export const CAUSES = ['late_data', 'ruling', 'attribution', 'model', 'contract', 'engine_version'] as const
export type Cause = (typeof CAUSES)[number]

/** The identity of a settlement. */
export interface DifferenceEnd {
  readonly settlement_id: string
  readonly as_of: string
  readonly engine_version: string
  readonly dataset_sha256: string
  readonly contract_sha256: string
}

/** One partner, or all of them: before + the sum of causes = after, in cents. */
export interface DifferenceRow {
  readonly before_cents: Cents
  readonly after_cents: Cents
  readonly causes: Readonly<Record<Cause, number>>
}

export interface Difference {
  readonly contract: string
  readonly from: DifferenceEnd
  readonly to: DifferenceEnd
  /** ascending by partner_id; one that a settlement does not have is paid 0 there */
  readonly partners: readonly (DifferenceRow & { readonly partner_id: string })[]
  readonly totals: DifferenceRow
}

type Paid = Pick<Settlement, 'partners'>

/** What a ruling between the two changed for a partner, in cents, and with which input it came. */
export interface Ruled {
  readonly partner_id: string
  readonly cents: Cents
  readonly input: 'late_data' | 'attribution'
}

/** The states of a path: one before the first input is replaced, and one after each of late data, attribution, model and contract. */
const STATES = 5

/** The difference along a path of settlements.
 *  @param path the earlier settlement as this engine settles it, then after late data, attribution, model and contract: five of them, the same
 *  one again where a cause changed nothing
 *  @param from, to as they were settled; where another engine did, what it paid otherwise is the last cause
 *  @param ruled what upheld disputes between the two were previewed to change */
export function differenceOf(
  from: Settlement,
  to: Settlement,
  path: readonly Paid[],
  ruled: readonly Ruled[] = [],
): Difference {
  invariant(path.length === STATES, 'a path has a settlement before and after each input')
  invariant(from.contract === to.contract, 'a difference is of one contract')
  const ids = [...new Set([...from.partners, ...to.partners].map(({ partner_id }) => partner_id))].sort()
  const partners = ids.map((partner_id) => {
    const [before, after] = [paidIn(from, partner_id), paidIn(to, partner_id)]
    const along = path.map((settlement) => paidIn(settlement, partner_id))
    const [late_data, attribution, model, contract] = along.slice(1).map((cents, at) => cents - along[at]!)
    const explained = along.at(-1)! - along[0]!
    const ruledIn = (input: Ruled['input']) =>
      ruled.reduce((sum, each) => sum + (each.partner_id === partner_id && each.input === input ? each.cents : 0), 0)
    const [ofData, ofAttribution] = [ruledIn('late_data'), ruledIn('attribution')]
    const causes = {
      late_data: late_data! - ofData,
      ruling: ofData + ofAttribution,
      attribution: attribution! - ofAttribution,
      model: model!,
      contract: contract!,
      engine_version: after - before - explained,
    }
    return { partner_id, before_cents: before, after_cents: after, causes }
  })
  return { contract: from.contract, from: endOf(from), to: endOf(to), partners, totals: sumOf(partners) }
}

const paidIn = ({ partners }: Paid, partnerId: string): number =>
  partners.find(({ partner_id }) => partner_id === partnerId)?.payment_cents ?? 0

const endOf = ({ settlement_id, as_of, engine_version, dataset_sha256, contract_sha256 }: Settlement) => ({
  settlement_id,
  as_of,
  engine_version,
  dataset_sha256,
  contract_sha256,
})

/** The sum of rows, for small panels and totals. */
export function sumOf(rows: readonly DifferenceRow[]): DifferenceRow {
  const total = (cents: (row: DifferenceRow) => number) => rows.reduce((sum, row) => sum + cents(row), 0)
  return {
    before_cents: total((row) => row.before_cents),
    after_cents: total((row) => row.after_cents),
    causes: causesWith((cause) => total((row) => row.causes[cause])),
  }
}

/** The same difference in the opposite direction. */
export function reversedOf({ contract, from, to, partners, totals }: Difference): Difference {
  const turned = <R extends DifferenceRow>(row: R): R => ({
    ...row,
    before_cents: row.after_cents,
    after_cents: row.before_cents,
    causes: causesWith((cause) => 0 - row.causes[cause]),
  })
  return { contract, from: to, to: from, partners: partners.map(turned), totals: turned(totals) }
}

/** A difference of before rulings were told apart: what a ruling changed stands with the input that it came with. */
export const completed = ({ partners, totals, ...ends }: Difference): Difference => {
  const whole = <R extends DifferenceRow>(row: R): R => ({
    ...row,
    causes: causesWith((cause) => row.causes[cause] ?? 0),
  })
  return { ...ends, partners: partners.map(whole), totals: whole(totals) }
}

const causesWith = (cents: (cause: Cause) => number): Record<Cause, number> =>
  Object.fromEntries(CAUSES.map((cause) => [cause, cents(cause)])) as Record<Cause, number>
