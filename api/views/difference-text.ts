/** The difference between two settlements as text for a terminal. */
import { CAUSES } from '../../engine/explain/difference.ts'
import type { DisclosedDifference } from './difference.ts'

const euros = (cents: number): string => (cents / 100).toFixed(2)
const signed = (cents: number): string => `${cents > 0 ? '+' : ''}${euros(cents)}`

export function differenceText({ contract, from, to, partners, small_panels, totals }: DisclosedDifference): string {
  const rows = [
    ...partners.map(({ partner_id, ...row }) => [partner_id, row] as const),
    ...(small_panels ? [[`small panels (${small_panels.partners.length})`, small_panels] as const] : []),
    ...(totals ? [['in all', totals] as const] : []),
  ]
  const head = ['EUR', `on ${from.as_of}`, ...CAUSES.map((cause) => cause.replace('_', ' ')), `on ${to.as_of}`]
  const lines = rows.map(([name, { before_cents, after_cents, causes }]) => [
    name,
    euros(before_cents),
    ...CAUSES.map((cause) => (causes === null ? '' : signed(causes[cause]))),
    euros(after_cents),
  ])
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((cells) => cells[at]!.length)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!))).join('  ')
  return [
    `${contract}: what changed, one input replaced after the other, in this order`,
    `from ${from.settlement_id} (engine ${from.engine_version})`,
    `to   ${to.settlement_id} (engine ${to.engine_version})`,
    line(head),
    ...lines.map(line),
  ].join('\n')
}
