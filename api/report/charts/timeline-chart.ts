/** Spans of days under one another on one axis of time. */
import type { CustomSeriesRenderItem } from 'echarts'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'

export interface Span {
  readonly name: string
  readonly start: string
  readonly end: string
  /** what is paid about, among what it is compared with */
  readonly isMain: boolean
}

const LINE_HEIGHT = 30

/** @param label what the chart shows, for who cannot see it */
export function timelineChart(id: string, label: string, spans: readonly Span[]): Html {
  const days = spans.flatMap(({ start, end }) => [epochDayOf(start as Day), epochDayOf(end as Day)])
  const [first, last] = [Math.min(...days), Math.max(...days)]
  const option = (left: number) => ({
    grid: { left, right: 20, top: 8, bottom: 28 },
    xAxis: {
      type: 'value',
      min: epochDayOf(`${dayOf(first).slice(0, 4)}-01-01` as Day),
      max: epochDayOf(`${Number(dayOf(last).slice(0, 4)) + 1}-01-01` as Day),
      interval: 365.25,
      axisLabel: {
        color: INK.soft,
        hideOverlap: true,
        formatter: (value: number) => dayOf(Math.round(value) + 1).slice(0, 4),
      },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: spans.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: INK.text, interval: 0, width: left - 14, overflow: 'break' },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        renderItem: barOf(spans),
        encode: { x: [0, 1], y: 2 },
        data: spans.map(({ start, end }, i) => [epochDayOf(start as Day), epochDayOf(end as Day) + 1, i]),
      },
    ],
  })
  const height = 44 + LINE_HEIGHT * spans.length
  return chartOf({ id, label, width: 860, height, option: option(210), narrow: { option: option(124) } })
}

const barOf =
  (spans: readonly Span[]): CustomSeriesRenderItem =>
  ({ dataIndex }, api) => {
    const [from = 0, y = 0] = api.coord([api.value(0), dataIndex])
    const to = api.coord([api.value(1), dataIndex])[0] ?? from
    return {
      type: 'rect',
      shape: { x: from, y: y - 8, width: Math.max(2, to - from), height: 16 },
      style: { fill: spans[dataIndex]?.isMain ? INK.gain : INK.calm },
    }
  }
