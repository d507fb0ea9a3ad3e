/** Three ways to pay for the same care, side by side per partner. */
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'
import { nameWidth, shortened } from './interval-chart.ts'
import type { View } from '../elements/view.ts'

const LINE_HEIGHT = 48

export function comparisonChart(view: View): Html {
  const { words, format } = view
  const partners = view.panels.shown
  const bar = (name: string, color: string, values: readonly number[]) => ({
    type: 'bar',
    name,
    silent: true,
    barMaxWidth: 12,
    itemStyle: { color },
    data: values.map((cents) => cents / 100),
  })
  const option = (left: number, letters: number) => ({
    legend: { top: 0, left, icon: 'rect', itemWidth: 14, itemHeight: 10, textStyle: { color: INK.text } },
    grid: { left, right: 40, top: 34, bottom: 32 },
    xAxis: {
      type: 'value',
      axisLabel: { color: INK.soft, formatter: (value: number) => `€ ${format.number(value, 0)}`, hideOverlap: true },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: partners.map((partner) => shortened(view.nameOf(partner.partner_id), letters)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: INK.soft } },
      axisLabel: { color: INK.text, interval: 0 },
    },
    series: [
      bar(
        words.outcomePayment,
        INK.gain,
        partners.map((partner) => partner.payment_cents),
      ),
      bar(
        words.perProcedure,
        INK.calm,
        partners.map((partner) => partner.per_procedure_cents),
      ),
      bar(
        words.bundled,
        '#c9a227',
        partners.map((partner) => partner.bundled_cents),
      ),
    ],
  })
  return chartOf({
    id: 'comparison',
    width: 860,
    height: 84 + LINE_HEIGHT * partners.length,
    label: `${words.comparisonTitle}: ${words.outcomePayment}, ${words.perProcedure}, ${words.bundled}`,
    option: option(nameWidth(partners.map((partner) => view.nameOf(partner.partner_id))), 28),
    narrow: { option: option(104, 14) },
  })
}
