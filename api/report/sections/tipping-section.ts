/** How much worse the missing patients would have to be before a bonus vanishes, compared with the contract's allowance. */
import { tippingOf, type Tipping } from '../../../engine/explain/tipping.ts'
import { chartOf, INK } from '../charts/chart.ts'
import { markup, type Html } from '../elements/html.ts'
import { nameWidth, shortened } from '../charts/interval-chart.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { TIPPING_WORDS } from '../words/tipping-words.ts'
import type { View } from '../elements/view.ts'

export const tippingTitle = ({ lang }: View): string => TIPPING_WORDS[lang].title

export function tipping(view: View): Html {
  const { settlement, contract, format, panels, lang, words } = view
  const own = TIPPING_WORDS[lang]
  const points = panels.shown.map(({ partner_id }) => tippingOf(settlement, contract, partner_id))
  const columns = [
    text(words.partner),
    numeric(words.payment),
    numeric(own.gapSd),
    ...contract.outcomes.map(({ measure }) => numeric(own.gap(view.titleOf(measure), view.unitOf(measure) || 'h'))),
    text(own.verdict),
  ]
  const rows = points.map((point): Row => {
    const partner = panels.shown.find(({ partner_id }) => partner_id === point.partner_id)!
    return {
      cells: [
        view.nameOf(point.partner_id),
        format.cents(partner.payment_cents),
        format.number(point.gap_sd, 2),
        ...point.outcomes.map(({ gap }) => format.number(gap, 1)),
        verdictText(view, point),
      ],
    }
  })
  const shift = contract.pessimisticShiftSd
  return markup`<p>${own.intro}</p>
    <p>${shift > 0 ? own.covered(format.number(shift, 2)) : own.nothingCovered}</p>
    ${points.some(({ gap_sd }) => gap_sd !== null) ? markup`<figure>${tippingChart(view, points)}</figure>` : null}
    ${rows.length === 0 ? null : tableOf(own.title, columns, rows)}`
}

function verdictText({ format, lang }: View, { verdict, gap_sd }: Tipping): string {
  const own = TIPPING_WORDS[lang]
  return verdict === 'tips' ? own.tips(format.number(gap_sd, 2)) : own.verdicts[verdict]
}

const LINE_HEIGHT = 26
const WIDTH = 860

/** A bar per partner that tips, and a line where the contract's allowance ends. */
function tippingChart(view: View, points: readonly Tipping[]): Html {
  const { format, contract, lang } = view
  const own = TIPPING_WORDS[lang]
  const drawn = points.flatMap(({ partner_id, gap_sd }) =>
    gap_sd === null ? [] : [{ name: view.nameOf(partner_id), gap: gap_sd }],
  )
  const option = (left: number, letters: number) => ({
    grid: { left, right: 60, top: 34, bottom: 46 },
    xAxis: {
      type: 'value',
      min: 0,
      name: own.axis,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: INK.soft },
      axisLabel: { color: INK.soft, formatter: (value: number) => format.number(value, 1), hideOverlap: true },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: drawn.map(({ name }) => shortened(name, letters)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: INK.text } },
      axisLabel: { color: INK.text, interval: 0 },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: 12,
        itemStyle: { color: INK.gain },
        data: drawn.map(({ gap }) => gap),
        label: {
          show: true,
          position: 'right',
          color: INK.text,
          formatter: ({ value }: { value: number }) => format.number(value, 2),
        },
        markLine:
          contract.pessimisticShiftSd > 0
            ? {
                silent: true,
                symbol: 'none',
                data: [
                  {
                    xAxis: contract.pessimisticShiftSd,
                    label: { formatter: own.allowed, color: INK.soft, position: 'start' },
                    lineStyle: { color: INK.loss, type: 'dashed', width: 1.5 },
                  },
                ],
              }
            : undefined,
      },
    ],
  })
  return chartOf({
    id: 'tipping',
    width: WIDTH,
    height: 80 + LINE_HEIGHT * drawn.length,
    label: `${own.axis}: ${drawn.map(({ name, gap }) => `${name} ${format.number(gap, 2)}`).join('; ')}`,
    option: option(nameWidth(drawn.map(({ name }) => name)), 28),
    narrow: { option: option(104, 14) },
  })
}
