/** Lossless narrowing of number columns: whole numbers, and decimals of up to six places, as small integers. */

/** values[row] / unit is the number of a row, NaN where it is `nothing`. */
export interface NarrowColumn {
  readonly unit: number
  /** null: NaN stands for itself */
  readonly nothing: number | null
  readonly values: Uint8Array | Int16Array | Int32Array | Float64Array
}

/** Powers of ten that a number may be a whole multiple of, the likely ones first. */
const UNITS = [1, 10, 1e6] as const

/** A column as narrow as it goes; read back with `widen`, every number is the same double (NaN is NaN, and 0 is never -0). */
export function narrowed(column: Float64Array): NarrowColumn {
  for (const unit of UNITS) {
    const span = spanOf(column, unit)
    if (span === null) continue
    if (span.least >= 0 && span.most < 255) return integers(column, unit, 255, new Uint8Array(column.length))
    const size = Math.max(-span.least, span.most)
    if (size < 2 ** 15) return integers(column, unit, -(2 ** 15), new Int16Array(column.length))
    if (size < 2 ** 31) return integers(column, unit, -(2 ** 31), new Int32Array(column.length))
  }
  return { unit: 1, nothing: null, values: column }
}

/** Writes the number of every row to its place. */
export function widen(
  { unit, nothing, values }: NarrowColumn,
  places: Int32Array,
  into: Float64Array | Float32Array,
): void {
  for (let row = 0; row < places.length; row++) {
    const value = values[row]!
    into[places[row]!] = value === nothing ? NaN : value / unit
  }
}

/** Whether single precision holds every number of it exactly: small whole numbers. */
export const fitsInSingle = ({ unit, values }: NarrowColumn): boolean =>
  unit === 1 && (values instanceof Uint8Array || values instanceof Int16Array)

/** The least and the greatest multiple of 1 / unit, or null if a number of the column is no such multiple. */
function spanOf(column: Float64Array, unit: number): { least: number; most: number } | null {
  let [least, most] = [0, 0]
  for (let row = 0; row < column.length; row++) {
    const x = column[row]!
    if (x !== x) continue
    const whole = Math.round(x * unit)
    if (whole / unit !== x || Object.is(x, -0)) return null
    if (whole < least) least = whole
    if (whole > most) most = whole
  }
  return { least, most }
}

function integers(
  column: Float64Array,
  unit: number,
  nothing: number,
  values: Uint8Array | Int16Array | Int32Array,
): NarrowColumn {
  for (let row = 0; row < column.length; row++) {
    const x = column[row]!
    values[row] = x === x ? Math.round(x * unit) : nothing
  }
  return { unit, nothing, values }
}
