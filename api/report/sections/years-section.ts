/** The years of a term beside each other: what each partner was paid, in the settlement that stands for each year. */
import { panelsOf } from '../../../engine/disclosure/small-groups.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import type { View } from '../elements/view.ts'

/** The amounts of the years before, then this one's; a panel that is small in a year has none of its own in it. */
export function years(view: View): Html {
  const { settlement, contract, format, panels, words, earlierYears } = view
  const all = [...earlierYears, { start: contract.period.start, settlement }]
  const shownIn = all.map((year) => new Set(panelsOf(year.settlement.partners, contract.minPatients).shown.map(idOf)))
  const sum = (cents: readonly number[]) => cents.reduce((total, each) => total + each, 0)
  const centsOf = (at: number, partnerId: string): number | null => {
    if (!shownIn[at]!.has(partnerId)) return null
    return all[at]!.settlement.partners.find(({ partner_id }) => partner_id === partnerId)?.payment_cents ?? null
  }
  const rows = panels.shown.map(({ partner_id }): Row => ({
    cells: [
      view.nameOf(partner_id),
      ...all.map((_, at) => {
        const cents = centsOf(at, partner_id)
        return cents === null ? '–' : format.cents(cents)
      }),
    ],
  }))
  const whole = all.map((year) => year.settlement.totals.payment_cents)
  const others = all.map(
    (_, at) => whole[at]! - sum(panels.shown.map(({ partner_id }) => centsOf(at, partner_id) ?? 0)),
  )
  const rest: Row = { kind: 'folded', cells: [words.otherPartners, ...others.map((cents) => format.cents(cents))] }
  const total: Row = { kind: 'total', cells: [words.total, ...whole.map((cents) => format.cents(cents))] }
  const columns = [text(words.partner), ...all.map(({ start }) => numeric(words.yearFrom(format.day(start))))]
  return markup`<p>${words.yearsIntro}</p>
    ${tableOf(words.yearsTitle, columns, [...rows, ...(others.some((cents) => cents !== 0) ? [rest] : []), total])}`
}

const idOf = ({ partner_id }: PartnerStatement): string => partner_id
