/** Days and numbers as they are usually written, read from the bytes of a file without making a string. */

const ZERO = 48
const NINE = 57
const MINUS = 45
const firstYear = 1800
const yearsKept = 400
const mostDigits = 15 // exact in a double, as is the quotient by a power of ten
const powersOfTen = Array.from({ length: mostDigits + 1 }, (_, k) => 10 ** k)

/** A place for each day of each month from 1800 on, those that are no days too. */
export const DAY_PLACES = yearsKept * 12 * 31

/** Where YYYY-MM-DD stands in a table of DAY_PLACES days; -1 if it does not look like one. */
export function dayPlace(bytes: Buffer, at: number): number {
  if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS) return -1
  const century = twoDigits(bytes, at)
  const year = twoDigits(bytes, at + 2)
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  const since = 100 * century + year - firstYear
  if (century < 0 || year < 0 || since < 0 || since >= yearsKept || month < 1 || month > 12 || day < 1 || day > 31)
    return -1
  return (since * 12 + month - 1) * 31 + day - 1
}

/** Two digits as a number; negative if they are none. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] as number) - ZERO
  const ones = (bytes[at + 1] as number) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1000
}

/** Digits with at most one point between them, exactly; NaN if it is written otherwise.  @param point the byte of the decimal sign */
export function numberAt(bytes: Buffer, from: number, to: number, point: number): number {
  const negative = bytes[from] === MINUS
  const first = negative ? from + 1 : from
  if (to - first > mostDigits + 1) return NaN
  let mantissa = 0
  let digits = 0
  let decimals = -1
  for (let i = first; i < to; i++) {
    const code = bytes[i] as number
    if (code >= ZERO && code <= NINE) {
      mantissa = 10 * mantissa + code - ZERO
      digits++
      if (decimals >= 0) decimals++
    } else if (code === point && decimals < 0 && digits > 0) decimals = 0
    else return NaN
  }
  if (digits === 0 || digits > mostDigits || decimals === 0) return NaN
  const value = decimals > 0 ? mantissa / (powersOfTen[decimals] as number) : mantissa
  return negative ? 0 - value : value
}
