/** Values with their intervals, one line per partner, around zero: the payments, and the caterpillar of gains. */
import type { CustomSeriesRenderItem } from 'echarts'
import type { EChartsCoreOption } from 'echarts/core'
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'

export interface IntervalLine {
  readonly name: string
  readonly low: number
  readonly value: number
  readonly high: number
  /** a second mark: the credible gain */
  readonly diamond?: number
  /** written at the right */
  readonly note: string
}

export interface IntervalChart {
  readonly id: string
  readonly label: string
  readonly lines: readonly IntervalLine[]
  readonly axis: string
  readonly tick: (value: number) => string
  /** a dashed line: the average of the partners */
  readonly average?: { readonly value: number; readonly label: string }
}

const LINE_HEIGHT = 26
const MOST_NAME_WIDTH = 190
const NOTE_WIDTH = 120
const WIDTH = 860
const TOP = 26
const BOTTOM = 46

/** Room for the longest name, at about six and a half pixels a letter. */
export const nameWidth = (names: readonly string[]): number =>
  Math.min(MOST_NAME_WIDTH, 18 + 6.5 * Math.max(0, ...names.map((name) => name.length)))

/** Names longer than their column are cut. */
export const shortened = (name: string, most = 28): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name

export function intervalChart(chart: IntervalChart): Html {
  const { id, label, lines } = chart
  return chartOf({
    id,
    width: WIDTH,
    height: TOP + BOTTOM + LINE_HEIGHT * lines.length,
    label,
    option: optionOf(chart, { left: nameWidth(lines.map((line) => line.name)), right: NOTE_WIDTH, letters: 28 }),
    narrow: { option: optionOf(chart, NARROW_ROOM) },
  })
}

/** Room for names and notes beside the lines. */
interface Room {
  readonly left: number
  readonly right: number
  readonly letters: number
}

const NARROW_ROOM: Room = { left: 104, right: 88, letters: 14 }

function optionOf({ lines, average, axis, tick }: IntervalChart, { left, right, letters }: Room): EChartsCoreOption {
  return {
    grid: { left, right, top: TOP, bottom: BOTTOM },
    xAxis: {
      type: 'value',
      name: axis,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: INK.soft },
      axisLabel: { color: INK.soft, formatter: tick, hideOverlap: true },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: [
      {
        type: 'category',
        inverse: true,
        data: lines.map((line) => shortened(line.name, letters)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: INK.text, interval: 0 },
      },
      {
        type: 'category',
        inverse: true,
        position: 'right',
        data: lines.map((line) => line.note),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: INK.text, interval: 0 },
      },
    ],
    series: [
      {
        type: 'custom',
        silent: true,
        renderItem: lineOf(lines),
        encode: { x: [0, 1, 2], y: 3 },
        data: lines.map((line, i) => [line.low, line.value, line.high, i]),
        markLine: {
          silent: true,
          symbol: 'none',
          data: [
            { xAxis: 0, label: { show: false }, lineStyle: { color: INK.text, type: 'solid', width: 1 } },
            ...(average
              ? [
                  {
                    xAxis: average.value,
                    label: { formatter: average.label, color: INK.soft, position: 'start' },
                    lineStyle: { color: INK.soft, type: 'dashed', width: 1 },
                  },
                ]
              : []),
          ],
        },
      },
    ],
  }
}

/** By whether the interval excludes zero: only then does a value say more than chance. */
const inkOf = ({ low, high }: IntervalLine): string => (low > 0 ? INK.gain : high < 0 ? INK.loss : INK.calm)

/** A whisker with end caps, a dot for the value (hollow where the interval holds zero), a diamond for the credible value. */
const lineOf =
  (lines: readonly IntervalLine[]): CustomSeriesRenderItem =>
  (params, api) => {
    const line = lines[params.dataIndex]
    if (!line) return null
    const at = (x: number): number => api.coord([x, params.dataIndex])[0] ?? 0
    const y = api.coord([0, params.dataIndex])[1] ?? 0
    const colour = inkOf(line)
    const stroke = (x1: number, y1: number, x2: number, y2: number, lineWidth: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour, lineWidth },
    })
    const [low, value, high] = [at(line.low), at(line.value), at(line.high)]
    const marks = [
      stroke(low, y, high, y, 2),
      stroke(low, y - 4, low, y + 4, 2),
      stroke(high, y - 4, high, y + 4, 2),
      {
        type: 'circle' as const,
        shape: { cx: value, cy: y, r: 4.5 },
        style: { fill: colour === INK.calm ? '#ffffff' : colour, stroke: colour, lineWidth: 1.8 },
      },
    ]
    if (line.diamond === undefined) return { type: 'group', children: marks }
    const x = at(line.diamond)
    const points = [
      [x, y - 7],
      [x + 6, y],
      [x, y + 7],
      [x - 6, y],
    ]
    const diamond = {
      type: 'polygon' as const,
      shape: { points },
      style: { fill: '#ffffff', stroke: colour, lineWidth: 1.8 },
    }
    return { type: 'group', children: [...marks, diamond] }
  }
