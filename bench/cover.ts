/** What a bench of models says of all sets together: ratios to the best peer, and cover by tenth beside what chance alone makes of it. */
import { tenthText, verdictOf, verdictText, type TenthCover } from '../models/evaluation/tenths.ts'
import type { FamilyScore } from './models-child.ts'
import type { Ratio } from './ratios.ts'

export interface SetScore {
  readonly name: string
  readonly blend: FamilyScore
}

const three = (value: number): string => value.toFixed(3)
const percent = (share: number): string => (100 * share).toFixed(1)
const ratioText = ({ ratio, interval: [low, high] }: Ratio): string => `${three(ratio)} [${three(low)}, ${three(high)}]`
const coverText = ({ cover, interval: [low, high] }: TenthCover): string =>
  `${percent(cover)} (${percent(low)} to ${percent(high)})`

/** The lines of the closing tables. */
export function closingLines(sets: readonly SetScore[]): string[] {
  const tenths = sets.flatMap(({ blend }) => blend.tenths)
  const rows = sets.map(({ name, blend }) => {
    const byCover = [...blend.tenths].sort((a, b) => a.cover - b.cover)
    const { inside, insideOfRight, largest } = verdictOf(blend.tenths)
    const cells = [
      name,
      blend.rows,
      blend.patients,
      ...(blend.ratios ? [ratioText(blend.ratios.rmse), ratioText(blend.ratios.crps)] : ['', '']),
      percent(blend.within),
      coverText(byCover[0]!),
      coverText(byCover.at(-1)!),
      `${inside} of ${blend.tenths.length}; ${insideOfRight.toFixed(1)}`,
      largest.toFixed(1),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '',
    '| set | landmarks | patients | RMSE / best peer | CRPS / best peer | cover, % | lowest tenth (95%) | highest tenth (95%) | tenths within 88.5 to 91.5; of a right model | largest deviation, errors |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...medianLines(sets),
    '',
    `All sets, tenth by tenth: ${pooled(sets).join('; ')}.`,
    '',
    verdictText(verdictOf(tenths)),
  ]
}

function medianLines(sets: readonly SetScore[]): string[] {
  const ratios = sets.flatMap(({ blend }) => blend.ratios ?? [])
  if (ratios.length === 0) return []
  const median = (of: 'rmse' | 'crps'): string => {
    const sorted = ratios.map((each) => each[of].ratio).sort((a, b) => a - b)
    return three((sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2)
  }
  return [`| **median** | | | **${median('rmse')}** | **${median('crps')}** | | | | | |`]
}

/** The tenths of all sets put together: rows weigh alike, and errors of the sets add. */
function pooled(sets: readonly SetScore[]): string[] {
  return Array.from({ length: 10 }, (_, at) => {
    const of = sets.flatMap(({ blend }) => blend.tenths[at] ?? [])
    const rows = of.reduce((sum, tenth) => sum + tenth.rows, 0)
    const cover = of.reduce((sum, tenth) => sum + tenth.rows * tenth.cover, 0) / rows
    const squares = of.reduce((sum, tenth) => sum + (tenth.rows * tenth.error) ** 2, 0)
    const half = (1.96 * Math.sqrt(squares)) / rows
    return `${percent(cover)} (${percent(cover - half)} to ${percent(cover + half)})`
  })
}

/** A line a tenth, for one set. */
export const tenthLines = (tenths: readonly TenthCover[]): string[] =>
  tenths.map((tenth, at) => `- ${at + 1}/10: ${tenthText(tenth)}`)
