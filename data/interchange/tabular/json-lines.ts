/** JSON Lines: a file for each table, an object for each row, a key for each column; gzipped or not. */
import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { chunksOf } from '../../files/file-chunks.ts'
import { firstBadByte } from '../../files/text-file.ts'
import { tabularFilesAt, type TabularFile } from './files.ts'
import { longestRow, NESTED, type SourceRow, type SourceTable, type TabularSource } from './table.ts'

const ending = /\.(jsonl|ndjson)(\.gz)?$/i

/** A record has some columns, not thousands. */
const mostKeys = 500
const LF = 10

/** @throws Refusal `missing_directory`, `missing_file`, `unreadable_file` */
export async function jsonLinesAt(path: string): Promise<TabularSource> {
  const { read, ignored } = await tabularFilesAt(path, ending, 'a file of JSON Lines (.jsonl)')
  const tables: SourceTable[] = []
  for (const file of read) {
    const columns = await keysIn(file)
    tables.push({
      table: file.stem,
      file: file.name,
      where: '',
      bytes: file.bytes,
      columns,
      rows: () => rowsOf(file, columns),
    })
  }
  return { tables, ignored, files: read.length, close: () => Promise.resolve() }
}

/** Every key of every row, in the order in which they are first met: a file is read twice, and never held. */
async function keysIn(file: TabularFile): Promise<string[]> {
  const keys = new Set<string>()
  for await (const lines of linesOf(file))
    for (const { text, line } of lines) {
      for (const key of Object.keys(recordIn(text) ?? {})) keys.add(key)
      if (keys.size > mostKeys)
        throw unreadable(file, line, `more than ${mostKeys} different keys; one object is one row, with a key a column`)
    }
  return [...keys]
}

async function* rowsOf(file: TabularFile, columns: readonly string[]): AsyncGenerator<readonly SourceRow[]> {
  for await (const lines of linesOf(file))
    yield lines.map(({ text, line }) => {
      const record = recordIn(text)
      if (record === null) return { cells: [], line, broken: text.slice(0, 200) }
      return { cells: columns.map((key) => cellOf(Object.hasOwn(record, key) ? record[key] : null)), line }
    })
}

function recordIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? NESTED : JSON.stringify(value)
}

/** The lines of a file that are not blank, with their numbers, a chunk of the file at a time. */
async function* linesOf(
  file: TabularFile,
): AsyncGenerator<readonly { readonly text: string; readonly line: number }[]> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  const taken = (bytes: Buffer) => {
    const texts = textOf(bytes, file, line + 1).split('\n')
    const lines = texts.map((text, at) => ({ text: text.trim(), line: line + at + 1 }))
    line += texts.length
    return lines.filter(({ text }) => text !== '')
  }
  for await (const chunk of chunksOf(file.path, file.name)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(LF)
    rest = bytes.subarray(end + 1)
    if (rest.length > longestRow) throw unreadable(file, line + 1, `longer than ${longestRow >> 20} MB without an end`)
    if (end >= 0) yield taken(bytes.subarray(0, end))
  }
  yield taken(rest)
}

/** @param line the first of the bytes */
function textOf(bytes: Buffer, file: TabularFile, line: number): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\uFEFF/, '')
  const before = bytes.subarray(0, firstBadByte(bytes)).filter((byte) => byte === LF).length
  throw unreadable(file, line + before, 'not UTF-8; save the file as UTF-8')
}

const unreadable = ({ name }: TabularFile, line: number, what: string): Refusal =>
  new Refusal('unreadable_file', `${name}, line ${line}: ${what}.`, { file: name, line })
