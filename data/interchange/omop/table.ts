/** The tables of the CDM in a directory as people export them: names in either case, gzipped or not. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { regularIn } from '../../files/regular-file.ts'
import { readRows } from '../../files/table-rows.ts'
import type { OnRow, TableRow } from '../../files/table-rows.ts'
import { columnsOf, OMOP_TABLES } from './columns.ts'
import type { OmopTable } from './columns.ts'

export interface OmopFile {
  readonly table: OmopTable
  readonly path: string
  readonly name: string
  readonly bytes: number
}

const ending = /\.(csv|tsv|txt)(\.gz)?$/i

/** @throws Refusal `missing_directory`, `missing_file`, `two_files` */
export async function omopFilesIn(dir: string): Promise<{ files: Map<OmopTable, OmopFile>; ignored: string[] }> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Refusal('missing_directory', `${dir} is no directory; give the one with PERSON.csv and the rest.`, {
      dir,
    })
  })
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length))
    .sort()
  const files = new Map<OmopTable, OmopFile>()
  const ignored: string[] = []
  for (const name of names) {
    const table = OMOP_TABLES.find((each) => each === basename(name).replace(ending, '').toUpperCase())
    const before = table && files.get(table)
    if (!table || !ending.test(name)) ignored.push(name)
    else if (before)
      throw new Refusal('two_files', `${dir} has both ${before.name} and ${name}; keep one of them.`, { table })
    else files.set(table, { table, name, ...(await regularIn(dir, name)) })
  }
  if (!files.has('PERSON'))
    throw new Refusal('missing_file', `${dir} has no PERSON.csv; an OMOP dataset needs it.`, { dir, files: ['PERSON'] })
  return { files, ignored }
}

/** Reads a table from front to back; one without a header has the standard's own columns.
 *  @throws Refusal `unreadable_file`, `missing_column` */
export const readOmop = (
  file: OmopFile,
  onRow: OnRow,
  malformed: (line: number) => void,
  flush: () => Promise<void>,
  bytesRead?: (bytes: number) => void,
): Promise<void> =>
  readRows(
    file,
    { columns: columnsOf(file.table), table: file.table, by: 'OMOP CDM 5.4' },
    { onRow: cleaned(onRow), malformed, flush, bytesRead },
  )

/** What databases and data frames write for nothing. */
const nullMarks = new Set(['NULL', 'null', '\\N', 'NA', 'NaN', 'nan', 'None', '<NA>'])

/** Rows without the marks of the tool that wrote them: nothing as blank, and keys as whole numbers where a data frame made 8507.0 of 8507. */
function cleaned(onRow: OnRow): OnRow {
  let clean: TableRow | undefined
  return (row, line) => {
    clean ??= Object.assign(
      (column: string) => {
        const text = row(column)
        if (nullMarks.has(text)) return ''
        return text.endsWith('.0') && /_id$|^year_of_birth$/.test(column) ? text.slice(0, -2) : text
      },
      { has: (column: string) => row.has(column) },
    )
    onRow(clean, line)
  }
}
