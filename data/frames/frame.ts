/** Rows as a danfojs frame: for analysts at the command line and in notebooks, and nowhere else. The path from a file to a cent never comes
 *  here, and the library, which is optional, is loaded when the first frame is asked for. */
import type * as Danfo from 'danfojs-node'
import { Refusal } from '../../engine/kernel/refusal.ts'

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** How a frame is printed: every row and column, as wide as what stands in it, a line above and below. */
const PRINTED = {
  tableMaxRow: 1_000,
  tableMaxColInConsole: 100,
  tableDisplayConfig: {
    columns: {},
    drawVerticalLine: () => false,
    drawHorizontalLine: (line: number, lines: number) => line === 1 || line === lines,
  },
}

/** danfojs, if it is installed.
 *  @throws Refusal `not_installed` */
export async function danfo(): Promise<typeof Danfo> {
  try {
    return await import('danfojs-node')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Refusal(
      'not_installed',
      'Frames need danfojs-node, an optional dependency that is not installed here: npm install (without --omit=optional) brings it.',
      { package: 'danfojs-node' },
    )
  }
}

/** A frame of rows that all have the same keys. A column that has a number somewhere is one of numbers, NaN where it has none:
 *  danfojs knows no null in those.
 *  @param columns their names in order; default: the keys of the first row
 *  @throws Refusal `not_installed` */
export async function frameOf(rows: readonly Row[], columns = Object.keys(rows[0] ?? {})): Promise<Danfo.DataFrame> {
  const { DataFrame } = await danfo()
  const dtypes = columns.map((column) => dtypeOf(rows.map((row) => row[column] ?? null)))
  const values = rows.map((row) => columns.map((column, at) => row[column] ?? (isNumeric(dtypes[at]) ? NaN : null)))
  return new DataFrame(values, { columns, dtypes, config: PRINTED })
}

/** The type of a column as danfojs calls it (its values stay doubles); left to itself it takes a column of nulls for numbers. */
function dtypeOf(values: readonly Cell[]): string {
  const known = values.filter((value) => value !== null)
  if (known.some((value) => typeof value === 'number'))
    return known.length === values.length && known.every(Number.isInteger) ? 'int32' : 'float32'
  return known.length > 0 && known.every((value) => typeof value === 'boolean') ? 'boolean' : 'string'
}

const isNumeric = (dtype: string | undefined): boolean => dtype === 'int32' || dtype === 'float32'

/** What a description says of a column, over the values that are there. */
const STATISTICS = ['count', 'mean', 'std', 'min', 'median', 'max'] as const

/** A row per numeric column with its STATISTICS. The frame's own describe() gives NaN for a column in which any value is missing.
 *  @throws Refusal `not_installed` */
export async function descriptionOf(frame: Danfo.DataFrame): Promise<Danfo.DataFrame> {
  const { dtypes } = frame
  const numeric = frame.columns.filter((_, at) => isNumeric(dtypes[at]))
  const rows = numeric.map((column) => ({ column, ...statisticsOf(frame.column(column)) }))
  return await frameOf(rows, ['column', ...STATISTICS])
}

function statisticsOf(column: Danfo.Series): Record<(typeof STATISTICS)[number], Cell> {
  const count = column.count()
  if (count === 0) return { count, mean: null, std: null, min: null, median: null, max: null }
  const std = count < 2 ? null : column.std()
  return { count, mean: column.mean(), std, min: column.min(), median: column.median(), max: column.max() }
}

/** The rows of a frame, null where it has NaN. */
export function rowsOf(frame: Danfo.DataFrame): Row[] {
  const isMissing = (value: unknown) => value === undefined || Number.isNaN(value)
  const values = frame.values as (readonly Cell[])[]
  return values.map((row) =>
    Object.fromEntries(frame.columns.map((column, at) => [column, isMissing(row[at]) ? null : (row[at] ?? null)])),
  )
}
