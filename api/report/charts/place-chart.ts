/** One value among nameless others, on one line. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Html } from '../elements/html.ts'
import { chartOf, INK } from './chart.ts'

export interface PlaceChart {
  readonly id: string
  readonly label: string
  readonly own: number
  /** written at the own point */
  readonly ownLabel: string
  readonly others: readonly number[]
  readonly axis: string
  readonly tick: (value: number) => string
}

export function placeChart(chart: PlaceChart): Html {
  const { id, label } = chart
  return chartOf({ id, width: 860, height: 120, label, option: optionOf(chart), narrow: { option: optionOf(chart) } })
}

function optionOf({ own, ownLabel, others, axis, tick }: PlaceChart): EChartsCoreOption {
  return {
    grid: { left: 24, right: 24, top: 34, bottom: 46 },
    xAxis: {
      type: 'value',
      scale: true,
      name: axis,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: INK.soft },
      axisLabel: { color: INK.soft, formatter: tick, hideOverlap: true },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: { type: 'value', min: -1, max: 1, show: false },
    series: [
      {
        type: 'scatter',
        silent: true,
        symbolSize: 11,
        itemStyle: { color: '#ffffff', borderColor: INK.calm, borderWidth: 1.8 },
        data: others.map((value) => [value, 0]),
      },
      {
        type: 'scatter',
        silent: true,
        symbolSize: 14,
        itemStyle: { color: own < 0 ? INK.loss : INK.gain },
        label: { show: true, position: 'top', formatter: ownLabel, color: INK.text, fontSize: 12 },
        data: [[own, 0]],
      },
    ],
  }
}
