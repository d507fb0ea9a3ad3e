/** Apache Parquet: a file for each table, or a directory patients.parquet/ of parts; one group of rows in memory at a time. */
import type { FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync, parquetScan, type AsyncBuffer, type FileMetaData, type RowGroup } from 'hyparquet'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { openRegular } from '../../files/regular-file.ts'
import { tabularFilesAt, type TabularFile } from './files.ts'
import { columnsIn, PARSERS, type ParquetColumn } from './parquet-cells.ts'
import { COMPRESSORS } from './parquet-compressors.ts'
import { refuseLargePages } from './parquet-pages.ts'
import type { SourceRow, SourceTable, TabularSource } from './table.ts'

const ending = /\.(parquet)$/i

/** Writers make groups of a hundred thousand to a million rows. */
const mostRowsInGroup = 10_000_000
const batchRows = 10_000
/** The footer describes columns and groups; some kilobytes, a few megabytes at most. */
const mostFooterBytes = 64 << 20

/** @throws Refusal `missing_directory`, `missing_file`, `unreadable_file` */
export async function parquetAt(path: string): Promise<TabularSource> {
  const { read, ignored } = await tabularFilesAt(path, ending, 'a file of Parquet (.parquet)')
  const opened: FileHandle[] = []
  const close = async () => {
    for (const handle of opened) await handle.close()
  }
  try {
    const tables: SourceTable[] = []
    for (const file of read) {
      const handle = await openRegular(file.path, file.name)
      opened.push(handle)
      tables.push(await tableIn(file, handle))
    }
    return { tables, ignored, files: read.length, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function tableIn(file: TabularFile, handle: FileHandle): Promise<SourceTable> {
  const buffer = bufferOf(file, handle)
  return await refusing(file, async () => {
    await refuseLargeFooter(file, buffer)
    const metadata = await parquetMetadataAsync(buffer)
    const columns = columnsIn(metadata)
    return {
      table: file.stem,
      file: file.name,
      where: '',
      bytes: file.bytes,
      columns: columns.map(({ name }) => name),
      rows: () => rowsOf(file, buffer, metadata, columns),
    }
  })
}

async function* rowsOf(
  file: TabularFile,
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
): AsyncGenerator<readonly SourceRow[]> {
  let start = 0
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows)
    const values = await refusing(file, () => groupOf(buffer, metadata, columns, { group, start, rows }))
    for (let from = 0; from < rows; from += batchRows) {
      const batch: SourceRow[] = []
      for (let at = from; at < Math.min(rows, from + batchRows); at++)
        batch.push({
          cells: columns.map(({ cellOf }, column) => cellOf(values[column]?.[at])),
          line: start + at + 1,
        })
      yield batch
    }
    start += rows
  }
}

/** The values of one group, by column. */
async function groupOf(
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
  { group, start, rows }: { readonly group: RowGroup; readonly start: number; readonly rows: number },
) {
  if (!(rows >= 0 && rows <= mostRowsInGroup))
    throw new Error(`a group of ${rows} rows; at most ${mostRowsInGroup} are read`)
  await refuseLargePages(buffer, group)
  const scan = await parquetScan({
    file: buffer,
    metadata,
    compressors: COMPRESSORS,
    parsers: PARSERS,
    utf8: false,
    rowStart: start,
    rowEnd: start + rows,
  })
  const values = []
  for (const { name } of columns) {
    const column = await scan.readColumn({ column: name, rowStart: start, rowEnd: start + rows })
    if (column.length !== rows) throw new Error(`column ${name} has ${column.length} values in a group of ${rows} rows`)
    values.push(column)
  }
  return values
}

function bufferOf({ bytes }: TabularFile, handle: FileHandle): AsyncBuffer {
  return {
    byteLength: bytes,
    async slice(start, end = bytes) {
      const [from, to] = [start < 0 ? bytes + start : start, end < 0 ? bytes + end : end]
      if (!(from >= 0 && to >= from && to <= bytes)) throw new Error(`bytes ${from} to ${to} of a file of ${bytes}`)
      const read = new Uint8Array(to - from)
      const { bytesRead } = await handle.read(read, 0, read.length, from)
      if (bytesRead < read.length) throw new Error('the file has become shorter')
      return read.buffer
    },
  }
}

/** The last eight bytes are the footer's length and PAR1. */
async function refuseLargeFooter(file: TabularFile, buffer: AsyncBuffer): Promise<void> {
  if (file.bytes < 12) throw new Error('shorter than any Parquet file')
  const end = new DataView(await buffer.slice(file.bytes - 8))
  const length = end.getUint32(0, true)
  if (length > Math.min(mostFooterBytes, file.bytes)) throw new Error(`a footer of ${length} bytes`)
}

/** What the reader finds wrong with a file is a fault of the file, not of ours. */
async function refusing<T>(file: TabularFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) throw error
    const { message } = error as Error
    throw new Refusal(
      'unreadable_file',
      `${file.name} cannot be read as Parquet (${message.slice(0, 200)}); it was probably cut off in transfer. Send it again.`,
      { file: file.name },
    )
  }
}
