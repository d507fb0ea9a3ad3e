/** The difference from the previous settlement: a waterfall of the totals, and a table by partner and cause. */
import { CAUSES, type DifferenceRow } from '../../../engine/explain/difference.ts'
import { invariant } from '../../../engine/kernel/refusal.ts'
import { DIFFERENCE_WORDS } from '../words/difference-words.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import type { View } from '../elements/view.ts'
import { differenceChart } from '../charts/difference-chart.ts'

export const differenceTitle = ({ lang }: View): string => DIFFERENCE_WORDS[lang].title

export function difference(view: View): Html {
  const { format, lang, words, difference } = view
  const own = DIFFERENCE_WORDS[lang]
  invariant(difference, 'a section about a difference has one')
  const { partners, small_panels: small, totals } = difference
  const rows: Row[] = partners.map(({ partner_id, before_cents, after_cents, causes }) => ({
    cells: [
      view.nameOf(partner_id),
      format.cents(before_cents),
      ...CAUSES.map((cause) => (causes === null ? '–' : changeText(view, causes[cause]))),
      format.cents(after_cents),
    ],
  }))
  const rowOf = (name: string, row: DifferenceRow, kind: 'folded' | 'total'): Row => ({
    kind,
    cells: [
      name,
      format.cents(row.before_cents),
      ...CAUSES.map((cause) => changeText(view, row.causes[cause])),
      format.cents(row.after_cents),
    ],
  })
  if (small) {
    const count = words.partnersCount(small.partners.length, format.count(small.partners.length))
    rows.push(rowOf(words.smallPanels(count), small, 'folded'))
  }
  if (totals) rows.push(rowOf(words.total, totals, 'total'))
  const columns = [
    text(words.partner),
    numeric(format.day(difference.from.as_of)),
    ...CAUSES.map((cause) => numeric(own.causes[cause])),
    numeric(format.day(difference.to.as_of)),
  ]
  const isSame = [...partners, ...(small ? [small] : [])].every((row) => row.before_cents === row.after_cents)
  return markup`<p>${own.intro(format.day(difference.from.as_of))}</p>
    ${isSame ? markup`<p>${own.unchanged}</p>` : null}
    ${totals ? markup`<figure>${differenceChart(view, totals, [difference.from.as_of, difference.to.as_of])}</figure>` : null}
    ${tableOf(own.title, columns, rows)}
    <p>${own.order}</p>
    <dl class="terms">
      ${own.meanings.map(
        ([cause, meaning]) =>
          markup`<div>
            <dt>${own.causes[cause]}</dt>
            <dd>${meaning}</dd>
          </div>`,
      )}
    </dl>`
}

const changeText = ({ format }: View, cents: number): string =>
  cents === 0 ? '–' : `${cents > 0 ? '+' : ''}${format.cents(cents)}`
