/** Bias after training, month by month in predictive standard deviations: controls and contract apart. */
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'
import type { View } from '../elements/view.ts'

export interface DriftPoint {
  readonly side: 'control' | 'contract'
  /** its first day */
  readonly month: string
  readonly biasSd: number
}

export function driftChart(
  { words, format, titleOf }: Pick<View, 'words' | 'format' | 'titleOf'>,
  { id, measure, months }: { readonly id: string; readonly measure: string; readonly months: readonly DriftPoint[] },
): Html {
  const names = [...new Set(months.map(({ month }) => month))]
  const line = (side: DriftPoint['side'], colour: string) => ({
    type: 'line',
    name: side,
    silent: true,
    symbolSize: 7,
    lineStyle: { color: colour, width: 1.5, type: side === 'control' ? 'solid' : 'dashed' },
    itemStyle: { color: colour },
    data: names.map((name) => months.find((each) => each.side === side && each.month === name)?.biasSd ?? null),
  })
  const ends = Math.max(0.3, ...months.map(({ biasSd }) => Math.abs(biasSd))) * 1.1
  return chartOf({
    id,
    width: 420,
    height: 240,
    label: `${titleOf(measure)}: ${words.driftCaption}`,
    option: {
      grid: { left: 52, right: 12, top: 12, bottom: 34 },
      xAxis: { type: 'category', data: names.map((name) => name.slice(0, 7)), axisLabel: { color: INK.soft } },
      yAxis: {
        type: 'value',
        min: -ends,
        max: ends,
        axisLabel: {
          color: INK.soft,
          formatter: (value: number) => format.number(value, 1),
          showMinLabel: false,
          showMaxLabel: false,
        },
        splitLine: { lineStyle: { color: INK.line } },
      },
      series: [line('control', INK.soft), line('contract', INK.gain)],
    },
  })
}
