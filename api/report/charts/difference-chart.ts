/** All payments together, from one settlement to the next of its contract: a waterfall of what changed them. */
import { CAUSES, type DifferenceRow } from '../../../engine/explain/difference.ts'
import type { Html } from '../elements/html.ts'
import type { View } from '../elements/view.ts'
import { DIFFERENCE_WORDS } from '../words/difference-words.ts'
import { barsChart, boundOf, type Bar } from './waterfall.ts'

/** Eight bars leave no room for cents beside ten thousands. */
const decimalsFor = (bars: readonly Bar[]): number =>
  bars.some(({ to, from }) => Math.abs(to - from) >= 10_000) ? 0 : 2

/** @param days as of which the two settlements are, the former first */
export function differenceChart(
  { format }: Pick<View, 'format'>,
  { before_cents, after_cents, causes }: DifferenceRow,
  days: readonly [string, string],
): Html {
  const words = DIFFERENCE_WORDS[format.lang]
  const bars: Bar[] = [{ label: format.day(days[0]), from: 0, to: before_cents / 100, isEnd: true }]
  let at = before_cents
  for (const cause of CAUSES) {
    bars.push({ label: words.causes[cause], from: at / 100, to: (at + causes[cause]) / 100, isEnd: false })
    at += causes[cause]
  }
  bars.push({ label: format.day(days[1]), from: 0, to: after_cents / 100, isEnd: true })
  return barsChart(
    { format },
    {
      id: 'difference',
      what: words.total(format.cents(before_cents), format.cents(after_cents)),
      bars,
      bound: boundOf([bars]),
      width: 860,
      height: 260,
      decimals: decimalsFor(bars),
    },
  )
}
