/** Predicted against what came true, in tenths of the predicted mean: on the line is right. */
import { tenthsOf, type ReportCard } from '../elements/card.ts'
import { chartOf, INK } from './chart.ts'
import type { Html } from '../elements/html.ts'
import type { View } from '../elements/view.ts'

export function reliabilityChart(
  view: Pick<View, 'words' | 'format' | 'titleOf' | 'unitOf'>,
  card: ReportCard,
  id: string,
): Html {
  const { words, format } = view
  const tenths = tenthsOf(card)
  const { measure } = card.spec
  const ends = tenths.flatMap((tenth) => [tenth.expected, tenth.realised])
  const room = (Math.max(...ends) - Math.min(...ends) || 1) * 0.08
  const [low, high] = [Math.min(...ends) - room, Math.max(...ends) + room]
  const decimals = high - low < 5 ? 2 : high - low < 50 ? 1 : 0
  const unit = view.unitOf(measure)
  const axis = (name: string, nameGap: number) => ({
    type: 'value',
    min: low,
    max: high,
    name: unit === '' ? name : `${name} (${unit})`,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: { color: INK.soft },
    axisLabel: {
      color: INK.soft,
      formatter: (value: number) => format.number(value, decimals),
      showMinLabel: false,
      showMaxLabel: false,
    },
    splitLine: { lineStyle: { color: INK.line } },
  })
  return chartOf({
    id,
    width: 420,
    height: 360,
    label: `${view.titleOf(measure)}: ${words.predicted} / ${words.observed}`,
    option: {
      grid: { left: 62, right: 16, top: 16, bottom: 52 },
      xAxis: axis(words.predicted, 30),
      yAxis: axis(words.observed, 42),
      series: [
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          lineStyle: { color: INK.soft, type: 'dashed', width: 1 },
          data: [
            [low, low],
            [high, high],
          ],
        },
        {
          type: 'scatter',
          silent: true,
          symbolSize: 9,
          itemStyle: { color: INK.gain },
          data: tenths.map((tenth) => [tenth.expected, tenth.realised]),
        },
      ],
    },
  })
}
