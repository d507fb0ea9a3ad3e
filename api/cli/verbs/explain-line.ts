/** `winst explain --line`: a declared line, from its cents back to patient, day, rule and rows, and on to who got them. */
import { regionAsked } from '../../../data/region/regions.ts'
import { originOfLine } from '../../../data/segment2/line-origin.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { noteLook } from '../looks.ts'
import type { Terminal } from '../terminal.ts'
import { euro } from './print-settlement.ts'

export async function explainLine(
  store: Store,
  { line: lineId, region: asked }: { readonly line: string; readonly region?: string | undefined },
  terminal: Terminal,
): Promise<unknown> {
  const { regionId } = await regionAsked(store, asked)
  const origin = await originOfLine(store, { regionId, lineId })
  const { line, asOf, rows, yearCents, parts, answers, passed } = origin
  await noteLook(store, { command: 'winst explain', regionId, object: { line: lineId }, patients: [line.patientId] })
  const what = line.credits === null ? 'declared' : `credit of ${line.credits}`
  terminal.line(
    `${lineId}: ${euro(line.cents)}, ${what}, ${line.programme}, patient ${line.patientId} on ${line.quarterDay}`,
  )
  terminal.line(`with ${line.practice} under ${line.partner}, to insurer ${line.insurer}, as known on ${asOf}`)
  terminal.line(
    `\nThe tariff of contract ${line.contract}: ${euro(yearCents)} a year, a quarter of it on each quarter day`,
  )
  for (const { activity, provider, cents } of parts)
    terminal.line(`  ${activity.padEnd(24)} ${provider.padEnd(16)} ${euro(cents).padStart(12)}`)
  terminal.line('\nThe rows that the count rests on')
  for (const { shows, file, line: at, says } of rows) terminal.line(`  ${shows.padEnd(10)} ${file}:${at}  ${says}`)
  terminal.line('\nWhat came of it')
  for (const { state, cents, paidOn, reason } of answers)
    terminal.line(`  ${state} ${euro(cents)} ${paidOn ?? ''} ${reason}`.trimEnd())
  for (const { partnerId, cents, due, on } of passed)
    terminal.line(
      `  passed on ${on}, due ${due}: ${(partnerId || 'organisation').padEnd(14)} ${euro(cents).padStart(12)}`,
    )
  return origin
}
