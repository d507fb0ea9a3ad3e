/** The columns of a table by the names that its file gives them: in any case, with spaces, in Dutch (header-names.yaml). */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { cleaned } from './text.ts'

const others = parse(readFileSync(new URL('header-names.yaml', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
>

/** A column that its file calls otherwise than the interface does. */
export interface Renamed {
  readonly column: string
  readonly written: string
}

/** A name as the interface would write it: lower case, underscores, no sign that cannot be seen. */
const plainName = (written: string): string =>
  cleaned(written)
    .toLowerCase()
    .replaceAll(/[\s.-]+/g, '_')

/** The names of a header's columns in the interface's words; a name that nobody knows stays as it is.
 *  @param table partners.csv and so on; of any other table no other names are known */
export function columnsNamed(
  table: string,
  written: readonly string[],
): { readonly columns: readonly string[]; readonly renamed: readonly Renamed[] } {
  const columns = written.map(plainName)
  const renamed: Renamed[] = []
  for (const [column, names] of Object.entries(others[table] ?? {})) {
    if (columns.includes(column)) continue
    const found = columns.flatMap((name, at) => (names.includes(name) ? [at] : []))
    // two columns that could be it are none: which one is meant is a guess
    const [at, second] = found
    if (at === undefined || second !== undefined) continue
    columns[at] = column
    renamed.push({ column, written: cleaned(written[at] ?? '') })
  }
  return { columns, renamed }
}
