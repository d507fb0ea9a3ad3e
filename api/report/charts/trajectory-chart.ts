/** A patient's readings, what was expected with its 50 and 90% bands, and what was reached. */
import type { CustomSeriesRenderItem } from 'echarts'
import type { EChartsCoreOption } from 'echarts/core'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Html } from '../elements/html.ts'
import { chartOf, INK } from './chart.ts'

/** A reading: its day and its value in the measure's unit. */
export type Reading = readonly [day: string, value: number]

export interface TrajectoryChart {
  readonly id: string
  readonly label: string
  readonly readings: readonly Reading[]
  readonly indexOn: string
  readonly targetOn: string
  /** of the expectation, in the measure's unit; null: none */
  readonly expected: {
    readonly q05: number
    readonly q25: number
    readonly q50: number
    readonly q75: number
    readonly q95: number
  } | null
  readonly realised: Reading | null
  readonly axis: string
  readonly tick: (value: number) => string
  readonly dayText: (day: string) => string
  readonly names: { readonly index: string; readonly expected: string; readonly realised: string }
}

export function trajectoryChart(chart: TrajectoryChart): Html {
  const { id, label } = chart
  return chartOf({
    id,
    width: 860,
    height: 340,
    label,
    option: optionOf(chart, 5),
    narrow: { height: 300, option: optionOf(chart, 2) },
  })
}

const DAY_MS = 86_400_000
const timeOf = (day: string): number => DAY_MS * epochDayOf(day as Day)

function optionOf(chart: TrajectoryChart, ticks: number): EChartsCoreOption {
  const { readings, indexOn, targetOn, expected, realised, axis, tick, dayText, names } = chart
  const values = [
    ...readings.map(([, value]) => value),
    ...(expected ? [expected.q05, expected.q95] : []),
    ...(realised ? [realised[1]] : []),
  ]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = (most - least || 1) * 0.12
  const days = [...readings.map(([day]) => day), indexOn, targetOn, ...(realised ? [realised[0]] : [])].map(timeOf)
  return {
    grid: { left: 58, right: 20, top: 34, bottom: 42 },
    xAxis: {
      type: 'value',
      min: Math.min(...days) - 20 * DAY_MS,
      max: Math.max(...days) + 40 * DAY_MS,
      splitNumber: ticks,
      axisLabel: {
        color: INK.soft,
        formatter: (time: number) => dayText(dayOf(Math.floor(time / DAY_MS))),
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: least - room,
      max: most + room,
      name: axis,
      nameLocation: 'end',
      nameTextStyle: { color: INK.soft, align: 'left' },
      axisLabel: { color: INK.soft, formatter: tick, showMinLabel: false, showMaxLabel: false },
      splitLine: { lineStyle: { color: INK.line } },
    },
    series: [
      {
        type: 'line',
        silent: true,
        symbolSize: 7,
        symbol: 'circle',
        lineStyle: { color: INK.calm, width: 1.5 },
        itemStyle: { color: INK.calm },
        data: readings.map(([day, value]) => [timeOf(day), value]),
        markLine: {
          silent: true,
          symbol: 'none',
          data: [
            {
              xAxis: timeOf(indexOn),
              label: { formatter: names.index, color: INK.soft, position: 'end' },
              lineStyle: { color: INK.soft, type: 'dashed', width: 1 },
            },
          ],
        },
      },
      ...(expected
        ? [
            {
              type: 'custom',
              silent: true,
              renderItem: bandsOf(timeOf(targetOn), expected),
              encode: { x: 0, y: 1 },
              data: [[timeOf(targetOn), expected.q50]],
            },
          ]
        : []),
      ...(realised
        ? [
            {
              type: 'scatter',
              silent: true,
              symbolSize: 13,
              symbol: 'diamond',
              itemStyle: { color: INK.gain, borderColor: '#ffffff', borderWidth: 1 },
              label: { show: true, position: 'left', formatter: names.realised, color: INK.text, fontSize: 12 },
              data: [[timeOf(realised[0]), realised[1]]],
            },
          ]
        : []),
    ],
  }
}

/** The 90% band light, the 50% band dark, the middle as a line. */
const bandsOf =
  (time: number, { q05, q25, q50, q75, q95 }: NonNullable<TrajectoryChart['expected']>): CustomSeriesRenderItem =>
  (_params, api) => {
    const at = (value: number): [number, number] => api.coord([time, value]) as [number, number]
    const band = (low: number, high: number, fill: string, wide: number) => {
      const [[x, bottom], [, top]] = [at(low), at(high)]
      return {
        type: 'rect' as const,
        shape: { x: x - wide / 2, y: top, width: wide, height: Math.max(1, bottom - top) },
        style: { fill },
      }
    }
    const [x, y] = at(q50)
    return {
      type: 'group',
      children: [
        band(q05, q95, INK.light, 22),
        band(q25, q75, '#6fb3b2', 22),
        {
          type: 'line' as const,
          shape: { x1: x - 15, y1: y, x2: x + 15, y2: y },
          style: { stroke: INK.whole, lineWidth: 2 },
        },
      ],
    }
  }
