/** A frame on a terminal: in as many pieces as its width takes, each with the columns that say what a row is about. */
import type { DataFrame } from 'danfojs-node'

/** Where nothing says how wide the terminal is. */
const usualWidth = 100
/** beside each column, and for the numbers of the rows */
const [padding, numbering] = [2, 7]

/** @param width of the terminal, in characters */
export function printedFrame(full: DataFrame, width = usualWidth): string {
  const { columns, dtypes } = full
  if (columns.length === 0) return '(nothing)\n'
  const frame = full.applyMap(short)
  const values = frame.values as unknown[][]
  const widths = columns.map(
    (name, at) => padding + Math.max(name.length, ...values.map((row) => String(row[at]).length)),
  )
  const keys = Math.max(
    1,
    dtypes.findIndex((type) => type !== 'string'),
  )
  const room = width - numbering - sumOf(widths.slice(0, keys))
  const pieces: string[][] = [[]]
  let left = room
  for (let at = keys; at < columns.length; at++) {
    if (widths[at]! > left && pieces.at(-1)!.length > 0) {
      pieces.push([])
      left = room
    }
    pieces.at(-1)!.push(columns[at]!)
    left -= widths[at]!
  }
  return pieces.map((piece) => frame.loc({ columns: [...columns.slice(0, keys), ...piece] }).toString()).join('')
}

/** Six digits of a number that is not whole, nothing for nothing. */
function short(value: unknown): unknown {
  if (typeof value !== 'number') return value ?? ''
  if (Number.isNaN(value)) return ''
  return Number.isInteger(value) ? value : Number(value.toPrecision(6))
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
