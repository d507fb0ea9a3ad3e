/** Sums and rounding as method.md writes them: plain doubles, in the order in which things come. */
import { aligned, decimal } from './decimals.ts'

export const sum = (values: readonly number[]): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

export const mean = (values: readonly number[]): number => sum(values) / values.length

/** Whole cents, half away from zero. */
export function cents(eur: number): number {
  const magnitude = Math.floor(Math.abs(eur * 100) + 0.5)
  return eur < 0 && magnitude > 0 ? -magnitude : magnitude
}

/** Splits a total by weights so that the parts sum to it exactly: what is left over goes to the largest remainders, of
 *  equal ones to the first. Negative totals split as their absolute value. */
export function split(total: number, weights: readonly number[]): number[] {
  const { whole } = aligned(weights.map(decimal))
  const all = whole.reduce((sum, weight) => sum + weight, 0n)
  if (all === 0n || total === 0) return weights.map(() => 0)
  const magnitude = BigInt(Math.abs(total))
  const parts = whole.map((weight) => (magnitude * weight) / all)
  const remainders = whole.map((weight) => (magnitude * weight) % all)
  const order = [...remainders.keys()].sort(
    (a, b) => Number(remainders[b]! > remainders[a]!) - Number(remainders[b]! < remainders[a]!) || a - b,
  )
  const left = Number(magnitude - parts.reduce((sum, part) => sum + part, 0n))
  for (const at of order.slice(0, left)) parts[at] = parts[at]! + 1n
  return parts.map((part) => (part === 0n ? 0 : Math.sign(total) * Number(part)))
}

/** The solution of G a = c, by elimination with the largest pivot first. */
export function solved(G: readonly (readonly number[])[], c: readonly number[]): number[] {
  const rows = G.map((row, at) => [...row, c[at]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!
    }
  }
  const a = Array.from({ length: size }, () => 0)
  for (let row = size - 1; row >= 0; row--) {
    let rest = rows[row]![size]!
    for (let at = row + 1; at < size; at++) rest -= rows[row]![at]! * a[at]!
    a[row] = rest / rows[row]![row]!
  }
  return a
}

/** Days since 1970-01-01 of a day written YYYY-MM-DD. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)

export const dayText = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10)

/** The same day so many calendar years earlier; 29 February becomes 28 February where there is none. */
export function yearsEarlier(day: string, years: number): string {
  const year = String(Number(day.slice(0, 4)) - years).padStart(4, '0')
  const leap = new Date(Date.UTC(Number(year), 1, 29)).getUTCMonth() === 1
  return day.slice(5) === '02-29' && !leap ? `${year}-02-28` : `${year}${day.slice(4)}`
}
