/** Steps from one amount to another, drawn as a waterfall. */
import type { CustomSeriesRenderItem } from 'echarts'
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'
import type { View } from '../elements/view.ts'

/** One bar: an amount from zero (`isEnd`), or a change from where the bar before it ends. */
export interface Bar {
  readonly label: string
  readonly from: number
  readonly to: number
  readonly isEnd: boolean
}

/** @param bound lowest and highest amount drawn, EUR */
export function barsChart(
  { format }: Pick<View, 'format'>,
  picture: {
    readonly id: string
    readonly what: string
    readonly bars: readonly Bar[]
    readonly bound: readonly [number, number]
    readonly width: number
    readonly height: number
    readonly decimals: number
  },
): Html {
  const { id, what, bars, bound, width, height, decimals } = picture
  return chartOf({
    id,
    width,
    height,
    label: `${what}. ${bars.map(({ label, from, to, isEnd: end }) => `${label} ${format.euros(end ? to : to - from)}`).join('; ')}`,
    option: {
      grid: { left: 62, right: 8, top: 22, bottom: 30 },
      xAxis: {
        type: 'category',
        data: bars.map(({ label }) => label),
        axisTick: { show: false },
        axisLine: { onZero: false, lineStyle: { color: INK.line } },
        axisLabel: { color: INK.soft, interval: 0, fontSize: 11 },
      },
      yAxis: {
        type: 'value',
        min: bound[0],
        max: bound[1],
        splitNumber: 4,
        axisLabel: {
          color: INK.soft,
          fontSize: 11,
          formatter: (value: number) => `€ ${format.number(value, 0)}`,
          showMinLabel: false,
          showMaxLabel: false,
        },
        splitLine: { lineStyle: { color: INK.line } },
      },
      series: [
        {
          type: 'custom',
          silent: true,
          renderItem: barOf(format, bars, decimals),
          encode: { x: 0, y: [1, 2] },
          data: bars.map((bar, i) => [i, bar.from, bar.to]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            data: [{ yAxis: 0, lineStyle: { color: INK.text, type: 'solid', width: 1 } }],
          },
        },
      ],
    },
  })
}

/** A bar from where the step starts to where it ends, its change written above, a thin line on to the next. */
const barOf =
  (format: View['format'], steps: readonly Bar[], decimals: number): CustomSeriesRenderItem =>
  (params, api) => {
    const i = params.dataIndex
    const step = steps[i]
    if (!step) return null
    const [x = 0, from = 0] = api.coord([i, step.from])
    const to = api.coord([i, step.to])[1] ?? 0
    const size = api.size?.([1, 0])
    const cell = Array.isArray(size) ? (size[0] ?? 40) : 40
    const wide = cell * 0.62
    const change = step.isEnd ? step.to : step.to - step.from
    const fill = step.isEnd ? INK.whole : INK.calm
    const top = Math.min(from, to)
    // A figure stands outside its bar: above what lies over zero, below what lies under it.
    const under = step.from + step.to < 0
    const next = steps[i + 1]
    const children = [
      {
        type: 'rect' as const,
        shape: { x: x - wide / 2, y: top, width: wide, height: Math.max(1, Math.abs(from - to)) },
        style: { fill },
      },
      {
        type: 'text' as const,
        style: {
          text: step.isEnd ? format.number(change, decimals) : format.signed(change, decimals),
          x,
          y: under ? Math.max(from, to) + 4 : top - 4,
          align: 'center' as const,
          verticalAlign: under ? ('top' as const) : ('bottom' as const),
          fill: INK.text,
          fontSize: 11,
        },
      },
    ]
    if (!next) return { type: 'group', children }
    const onwards = {
      type: 'line' as const,
      shape: { x1: x + wide / 2, y1: to, x2: x + cell - wide / 2, y2: to },
      style: { stroke: INK.soft, lineWidth: 1 },
    }
    return { type: 'group', children: [...children, onwards] }
  }

/** A common scale for several waterfalls, with room for the figures above the bars. */
export function boundOf(all: readonly (readonly Pick<Bar, 'from' | 'to'>[])[]): readonly [number, number] {
  let [low, high] = [0, 0]
  for (const steps of all)
    for (const step of steps) {
      low = Math.min(low, step.from, step.to)
      high = Math.max(high, step.from, step.to)
    }
  const room = (high - low || 1) * 0.12
  return [low < 0 ? low - room : 0, high + room]
}
