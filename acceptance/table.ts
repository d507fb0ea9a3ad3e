/** The table that the suite prints: a row per figure, in the order of method.md 8. */
import type { Row } from './simulation/figure.ts'

const PROPERTIES = [
  'no effect, no pay',
  'right intervals',
  'the right pay for an effect',
  'regression to the mean pays nobody',
  'no skimming, no hiding',
  'missing at random',
  'trend is not merit',
  'no ratchet',
  'no future, no leak',
  'conservation',
  'reproducible',
  'a kept gain is paid every year',
  'one bad year is not a trend',
  'skew is no merit',
  'scores near their ceiling',
  'monotone',
] as const

const verdictOf = ({ holds }: Row): string => (holds === null ? 'told' : holds ? 'holds' : 'BROKEN')

/** The rows of each family as one: from the least to the largest figure, and the worst verdict. */
export function inFamilies(rows: readonly Row[]): Row[] {
  const families = new Map<string, Row[]>()
  rows.forEach((row, at) => {
    const key = row.family === undefined ? String(at) : `${row.property} ${row.family}`
    families.set(key, [...(families.get(key) ?? []), row])
  })
  return [...families.values()].map((members) => {
    const [first] = members
    if (members.length === 1) return first!
    const inOrder = members.toSorted((a, b) => parseFloat(a.figure) - parseFloat(b.figure))
    return {
      ...first!,
      regime: `${first!.family!} (${members.length})`,
      figure: `${inOrder[0]!.figure} to ${inOrder.at(-1)!.figure}`,
      error: members.map(({ error }) => error).toSorted((a, b) => parseFloat(b) - parseFloat(a))[0]!,
      holds: members.every(({ holds }) => holds === true),
    }
  })
}

/** Markdown, with the reasons of rows that are not judged below. */
export function tableOf(rows: readonly Row[]): string {
  const ordered = PROPERTIES.flatMap((property) => rows.filter((row) => row.property === property))
  const cells = ordered.map((row) => [
    row.property,
    row.tests,
    row.regime,
    row.limit,
    row.figure,
    row.error,
    verdictOf(row),
  ])
  const lines = [
    ['property', 'test', 'what, where', 'limit', 'figure', 'MC se', 'verdict'],
    Array(7).fill('---'),
    ...cells,
  ]
  const reasons = [...new Set(ordered.flatMap(({ regime, because }) => (because ? [`- ${regime}: ${because}.`] : [])))]
  return [
    ...lines.map((line) => `| ${line.join(' | ')} |`),
    ...(reasons.length > 0 ? ['', 'Told, not judged:', '', ...reasons] : []),
  ].join('\n')
}

export const brokenOf = (rows: readonly Row[]): Row[] => rows.filter(({ holds }) => holds === false)
