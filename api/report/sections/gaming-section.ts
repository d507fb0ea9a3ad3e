/** Signs of gaming: the result of each detector, and who stands out. Evidence for review; no amount follows from it. */
import { DETECTORS, type Detector } from '../../../engine/gaming/detectors.ts'
import { chartOf, INK } from '../charts/chart.ts'
import { GAMING_WORDS } from '../words/gaming-words.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { listed, type DisclosedSignal, type View } from '../elements/view.ts'

const order = Object.keys(DETECTORS) as Detector[]

export const gamingTitle = ({ lang }: View): string => GAMING_WORDS[lang].title

export function gaming(view: View): Html {
  const { format, lang, panels } = view
  const own = GAMING_WORDS[lang]
  const shown = new Set(panels.shown.map(({ partner_id }) => partner_id))
  const signals = view.signals.filter(({ partnerId }) => shown.has(partnerId))
  const out = signals.filter(({ standsOut }) => standsOut)
  const rows = order.map((detector): Row => {
    const [name, looks] = own.names[detector]
    const of = signals.filter((signal) => signal.detector === detector)
    const least = Math.min(...of.map(({ adjusted }) => adjusted))
    const named = of.filter(({ standsOut }) => standsOut).map((signal) => signalName(view, signal))
    const verdict =
      of.length === 0 ? own.nothing : named.length === 0 ? own.notSo : `${own.standsOut}: ${listed(view, named)}`
    return { cells: [name, looks, format.count(of.length), of.length === 0 ? '–' : format.number(least, 3), verdict] }
  })
  const columns = [text(own.detector), text(own.looks), numeric(own.looked), numeric(own.least), text(own.verdict)]
  const names = [...new Set(out.map(({ partnerId }) => view.nameOf(partnerId)))]
  return markup`<p>${own.intro}</p>
    <p><strong>${names.length === 0 ? own.none : own.found(listed(view, names))}</strong></p>
    ${signals.length === 0 ? null : markup`<figure>${gamingChart(view, signals)}</figure>`}
    ${tableOf(own.title, columns, rows)}`
}

function signalName(view: View, { partnerId, measure }: DisclosedSignal): string {
  const name = view.nameOf(partnerId)
  return measure === null ? name : `${name} (${view.titleOf(measure)})`
}

/** A row of marks per detector, one a partner and outcome; who stands out is larger, of another shape, and named. */
function gamingChart(view: View, signals: readonly DisclosedSignal[]): Html {
  const { format, lang } = view
  const own = GAMING_WORDS[lang]
  const present = order.filter((detector) => signals.some((signal) => signal.detector === detector))
  const pointOf = (signal: DisclosedSignal) => [Math.max(-8, Math.min(8, signal.z)), present.indexOf(signal.detector)]
  const [quiet, loud] = [signals.filter(({ standsOut }) => !standsOut), signals.filter(({ standsOut }) => standsOut)]
  const option = (left: number, right: number) => ({
    grid: { left, right, top: 16, bottom: 46 },
    xAxis: {
      type: 'value',
      name: own.axis,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: INK.soft },
      axisLabel: { color: INK.soft, formatter: (value: number) => format.number(value, 0) },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: present.map((detector) => own.names[detector][0]),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: INK.text, interval: 0 },
      splitLine: { show: true, lineStyle: { color: INK.line } },
    },
    series: [
      { type: 'scatter', silent: true, symbolSize: 7, itemStyle: { color: INK.calm }, data: quiet.map(pointOf) },
      {
        type: 'scatter',
        silent: true,
        symbol: 'diamond',
        symbolSize: 14,
        itemStyle: { color: INK.loss },
        data: loud.map((signal) => ({ value: pointOf(signal), name: view.nameOf(signal.partnerId) })),
        label: { show: true, position: 'right', formatter: '{b}', color: INK.text, fontSize: 11 },
      },
    ],
  })
  return chartOf({
    id: 'gaming',
    width: 860,
    height: 90 + 34 * present.length,
    label: `${own.axis}: ${loud.map((signal) => `${own.names[signal.detector][0]} ${signalName(view, signal)} ${format.number(signal.z, 1)}`).join('; ') || own.none}`,
    option: option(170, 130),
    narrow: { option: option(128, 60) },
  })
}
