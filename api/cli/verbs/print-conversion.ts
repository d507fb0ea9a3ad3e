/** The account of a conversion as text: every kind with its fates, and codes without a mapping. */
import type { Conversion } from '../../../data/interchange/convert.ts'
import type { Terminal } from '../terminal.ts'

const mostListed = 20

export function printConversion({ terminal }: { readonly terminal: Terminal }, conversion: Conversion): void {
  const { format, files, ignored, beside, read, unmapped, derived, notes } = conversion
  terminal.line(
    `Read as ${format}: ${files} files.${ignored.length > 0 ? ` Not of that format: ${listed(ignored)}.` : ''}`,
  )
  if (beside.length > 0) terminal.line(`Taken as delivered with it: ${beside.join(', ')}.`)
  for (const { of, read: count, fates } of read)
    terminal.line(
      `  ${of} ${count}: ${Object.entries(fates)
        .map(([fate, times]) => `${times} ${fate}`)
        .join('; ')}`,
    )
  for (const { programme, derived: made, withoutOrganisation } of derived)
    terminal.line(
      `Enrolments in ${programme} are derived from diagnoses and contacts: ${made}${withoutOrganisation > 0 ? `; for ${withoutOrganisation} more no organisation is known` : ''}.`,
    )
  if (derived.some(({ derived: made }) => made > 0))
    terminal.line('Each of them is listed in derived.csv, next to the rejects.')
  for (const [remark, times] of Object.entries(notes)) terminal.line(`${times} ${remark}`)
  if (unmapped.length === 0) return
  terminal.line('No mapping (mapping.yaml in the directory can give one):')
  for (const { what, system, code, display, count } of unmapped.slice(0, mostListed))
    terminal.line(
      `  ${String(count).padStart(8)} ${what} ${[system, code, display].filter((each) => each !== '').join(' ')}`,
    )
  if (unmapped.length > mostListed)
    terminal.line(`  and ${unmapped.length - mostListed} other codes; --json lists them all.`)
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
