/** One step of a calculation as a bar: from where it begins to where it ends, on a scale that all steps share. */
import { markup, raw, type Html } from '../elements/html.ts'
import { INK } from './chart.ts'

/** The scale of the bars of one table: the least and the most that any of them reaches, 0 within. */
export const scaleOf = (moves: readonly (readonly [number, number])[]): readonly [number, number] => [
  Math.min(0, ...moves.flat()),
  Math.max(0, ...moves.flat()),
]

const WIDTH = 200
const at = (x: number, [low, high]: readonly [number, number]): number =>
  high === low ? 0 : Math.round(((x - low) / (high - low)) * WIDTH * 10) / 10

/** It has no text: the numbers stand beside it.
 *  @param isWhole an amount from 0, not a change */
export function stepBar(
  [from, to]: readonly [number, number],
  scale: readonly [number, number],
  isWhole: boolean,
): Html {
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map((x) => at(x, scale)) as [number, number]
  const zero = at(0, scale)
  return markup`<svg class="bar" viewBox="-1 0 ${WIDTH + 2} 14" preserveAspectRatio="none" aria-hidden="true">${raw(
    `<rect x="${left}" y="2" width="${Math.max(1, Math.round((right - left) * 10) / 10)}" height="10" fill="${isWhole ? INK.whole : INK.calm}"/><line x1="${zero}" x2="${zero}" y1="0" y2="14" stroke="${INK.text}" stroke-width="1" vector-effect="non-scaling-stroke"/>`,
  )}</svg>`
}
