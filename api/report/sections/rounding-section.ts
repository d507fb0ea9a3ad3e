/** How the amounts were rounded and split, in the words of the contract. */
import { partnerWorthOf, type PartnerWorth } from '../../../engine/explain/partner-worth.ts'
import { isBudgetBound } from '../../../engine/explain/rounding.ts'
import { decimalOf, roundedTo } from '../../../engine/kernel/decimal.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { inWords, listed, type View } from '../elements/view.ts'
import { roundingWords } from '../words/episode-words.ts'

export const roundingTitle = (view: View): string => roundingWords(view).title

export function rounding(view: View): Html {
  const { settlement, contract, format, panels, words } = view
  const own = roundingWords(view)
  const worths = panels.shown.map(({ partner_id }) => partnerWorthOf(settlement, contract, partner_id))
  const sum = (shares: readonly { readonly cents: number }[]) => shares.reduce((total, { cents }) => total + cents, 0)
  const rows = worths.map(({ partner, steps, isPaid, budgetFactor }): Row => ({
    cells: [
      view.nameOf(partner.partner_id),
      format.decimal(roundedTo(decimalOf(exactOf({ steps, isPaid, budgetFactor })), 6), 'euros'),
      format.cents(partner.payment_cents),
      partner.insurers.length === 0 ? '–' : format.cents(sum(partner.insurers)),
      contract.attribution.length === 0 ? '–' : format.cents(sum(partner.attribution)),
    ],
  }))
  const columns = [text(words.partner), ...[own.exact, words.payment, own.insurers, own.chain].map(numeric)]
  return markup`<ul>
      ${rulesOf(view, worths.some(isBudgetBound)).map((sentence) => markup`<li>${sentence}</li>`)}
    </ul>
    ${rows.length === 0 ? null : tableOf(own.title, columns, rows)}`
}

/** What is rounded: the payment before its cents, the budget taken into account. */
const exactOf = ({ steps, isPaid, budgetFactor }: Pick<PartnerWorth, 'steps' | 'isPaid' | 'budgetFactor'>): number =>
  !isPaid ? 0 : steps.paymentEur > 0 ? steps.paymentEur * budgetFactor : steps.paymentEur

/** How one contract rounds and splits. */
function rulesOf(view: View, isBound: boolean): string[] {
  const { contract, format, words } = view
  const own = roundingWords(view)
  const shares = contract.attribution.map(
    ({ kind, share }) =>
      `${words.kinds[kind] ?? inWords(kind)} ${format.decimal(decimalOf(percentOf(share)), 'plain')}%`,
  )
  const budget = contract.budgetEur === null ? null : format.euros(contract.budgetEur)
  return [
    own.once,
    ...(budget === null ? [] : [isBound ? own.budgetBound(budget) : own.budgetFree(budget)]),
    own.byInsurer,
    ...(shares.length === 0 ? [] : [own.byChain(listed(view, shares))]),
    own.negative,
  ]
}

// 0.7 is seventy, not 70.00000000000001
const percentOf = (share: number): number => Math.round(share * 1e12) / 1e10
