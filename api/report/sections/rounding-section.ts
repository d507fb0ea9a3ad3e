/** How the amounts were rounded and split, in the words of the contract. */
import { partnerWorthOf } from '../../../engine/explain/partner-worth.ts'
import { isBudgetBound, roundingRulesOf } from '../../../engine/explain/rounding.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import type { View } from '../elements/view.ts'

const WORDS = {
  nl: {
    title: 'Afronding en verdeling',
    exact: 'Onafgerond, in euro',
    insurers: 'Verzekeraars samen',
    chain: 'Keten samen',
  },
  en: {
    title: 'Rounding and splitting',
    exact: 'Unrounded, in euros',
    insurers: 'Insurers together',
    chain: 'Chain together',
  },
} as const

export const roundingTitle = ({ lang }: View): string => WORDS[lang].title

export function rounding(view: View): Html {
  const { settlement, contract, format, panels, lang, words } = view
  const own = WORDS[lang]
  const worths = panels.shown.map(({ partner_id }) => partnerWorthOf(settlement, contract, partner_id))
  const sum = (shares: readonly { readonly cents: number }[]) => shares.reduce((total, { cents }) => total + cents, 0)
  const rows = worths.map(({ partner, steps, isPaid }): Row => ({
    cells: [
      view.nameOf(partner.partner_id),
      format.number(isPaid ? steps.paymentEur : 0, 6),
      format.cents(partner.payment_cents),
      partner.insurers.length === 0 ? '–' : format.cents(sum(partner.insurers)),
      contract.attribution.length === 0 ? '–' : format.cents(sum(partner.attribution)),
    ],
  }))
  const columns = [text(words.partner), ...[own.exact, words.payment, own.insurers, own.chain].map(numeric)]
  const rules = roundingRulesOf(contract, worths.some(isBudgetBound))
  return markup`<ul>
      ${rules[lang].map((sentence) => markup`<li>${sentence}</li>`)}
    </ul>
    ${rows.length === 0 ? null : tableOf(own.title, columns, rows)}`
}
