/** A frame as a file, CSV or Parquet. Not by danfojs: its CSV has no quotes, and it knows no Parquet. */
import type { Writable } from 'node:stream'
import type { DataFrame } from 'danfojs-node'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { guarded } from '../files/formulas.ts'
import { cell } from '../settlements/outputs.ts'
import { rowsOf } from './frame.ts'

/** The formats in which a frame is written, by the end of the file's name. */
export const FRAME_FORMATS = ['csv', 'parquet'] as const
export type FrameFormat = (typeof FRAME_FORMATS)[number]

export function writeFrame(frame: DataFrame, format: FrameFormat, to: Writable): void {
  to.write(format === 'csv' ? csvOf(frame) : parquetOf(frame))
}

/** Numbers as their shortest round trip, blank where there is nothing. */
function csvOf(frame: DataFrame): string {
  const lines = rowsOf(frame).map((row) => frame.columns.map((column) => cell(guarded(String(row[column] ?? '')))))
  return [frame.columns.map(cell), ...lines].map((line) => `${line.join(',')}\n`).join('')
}

/** Numbers as doubles, all else as UTF-8; null where there is nothing. */
function parquetOf(frame: DataFrame): Uint8Array {
  const rows = rowsOf(frame)
  const { dtypes } = frame
  const columnData = frame.columns.map((name, at) => {
    const isText = dtypes[at] === 'string'
    const data = rows.map((row) => (row[name] === null || !isText ? row[name] : String(row[name])))
    return { name, data, type: isText ? ('STRING' as const) : ('DOUBLE' as const), nullable: true }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}
