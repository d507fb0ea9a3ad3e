/** A funnel: net gains against how surely they are known, between the limits that chance alone seldom passes. */
import { FUNNEL_LIMITS, limitLine, type Funnel } from '../../../engine/explain/funnel.ts'
import type { Html } from '../elements/html.ts'
import { chartOf, INK } from './chart.ts'
import { shortened } from './interval-chart.ts'

export interface FunnelChart {
  readonly id: string
  readonly label: string
  readonly funnel: Funnel
  readonly nameOf: (partnerId: string) => string
  readonly axes: readonly [precision: string, gain: string]
  readonly tick: (value: number) => string
}

/** Points beyond the 95% limits are filled and named; all others are hollow. */
export function funnelChart({ id, label, funnel, nameOf, axes, tick }: FunnelChart): Html {
  const line = (z: number, side: 1 | 2, type: 'solid' | 'dashed') => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    lineStyle: { color: INK.soft, type, width: 1 },
    data: limitLine(funnel, z).map((row) => [row[0], row[side]]),
  })
  const beyond = funnel.points.filter((point) => point.beyond !== null)
  const axis = (name: string, nameGap: number) => ({
    type: 'value',
    scale: true,
    name,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: { color: INK.soft },
    axisLabel: { color: INK.soft, formatter: tick, hideOverlap: true },
    splitLine: { lineStyle: { color: INK.line } },
  })
  return chartOf({
    id,
    width: 860,
    height: 420,
    label,
    option: {
      grid: { left: 58, right: 24, top: 16, bottom: 48 },
      xAxis: axis(axes[0], 30),
      yAxis: axis(axes[1], 42),
      series: [
        ...([1, 2] as const).flatMap((side) => [
          line(FUNNEL_LIMITS['95'], side, 'dashed'),
          line(FUNNEL_LIMITS['99.8'], side, 'solid'),
        ]),
        {
          type: 'scatter',
          silent: true,
          symbolSize: 9,
          itemStyle: { color: '#ffffff', borderColor: INK.calm, borderWidth: 1.8 },
          data: funnel.points
            .filter((point) => point.beyond === null)
            .map(({ precision, netGain }) => [precision, netGain]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            data: [{ yAxis: funnel.centre, lineStyle: { color: INK.text, type: 'solid', width: 1 } }],
          },
        },
        ...([1, -1] as const).map((sign) => ({
          type: 'scatter',
          silent: true,
          symbolSize: 10,
          itemStyle: { color: sign > 0 ? INK.gain : INK.loss },
          label: { show: true, position: 'left', formatter: '{b}', color: INK.text, fontSize: 11 },
          data: beyond
            .filter(({ netGain }) => sign * (netGain - funnel.centre) > 0)
            .map(({ partner_id, precision, netGain }) => ({
              value: [precision, netGain],
              name: shortened(nameOf(partner_id), 20),
            })),
        })),
      ],
    },
  })
}
