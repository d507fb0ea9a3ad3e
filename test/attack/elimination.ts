/** Gaussian elimination over what was published: which other sums of persons follow, exactly, from adding and subtracting. */
import type { Knowledge } from './knowledge.ts'

/** A prime whose square a double holds: what is no combination modulo it is none at all. */
const PRIME = 67_108_859

/** Unknowns that stand in the same equations are one column: nothing published tells them apart. */
export interface Columns {
  /** the unknowns of each column */
  readonly members: readonly (readonly number[])[]
  /** the column of each unknown; -1: in no equation */
  readonly of: Int32Array
}

/** The equations in reduced form, columns of unchanged persons first. */
export interface Reduced {
  readonly columns: Columns
  readonly rows: readonly Float64Array[]
  /** the first column of each row */
  readonly pivots: readonly number[]
}

function columnsOf({ unknowns, equations }: Knowledge): Columns {
  const signs = unknowns.map((): number[] => [])
  for (const [number, equation] of equations.entries()) for (const at of equation.unknowns) signs[at]!.push(number)
  const bySign = new Map<string, number[]>()
  for (const [at, sign] of signs.entries()) {
    if (sign.length === 0) continue
    const key = sign.join()
    bySign.set(key, [...(bySign.get(key) ?? []), at])
  }
  const isChanged = (members: readonly number[]) => members.every((at) => unknowns[at]!.changed)
  const members = [...bySign.values()].sort((a, b) => Number(isChanged(a)) - Number(isChanged(b)))
  const of = new Int32Array(unknowns.length).fill(-1)
  for (const [column, each] of members.entries()) for (const at of each) of[at] = column
  return { members, of }
}

export function reduced(knowledge: Knowledge): Reduced {
  const columns = columnsOf(knowledge)
  const width = columns.members.length
  const left = knowledge.equations.map(({ unknowns }) => rowOf(columns, unknowns, width))
  const rows: Float64Array[] = []
  const pivots: number[] = []
  for (let column = 0; column < width && left.length > 0; column++) {
    const at = left.findIndex((row) => row[column] !== 0)
    if (at < 0) continue
    const [row] = left.splice(at, 1)
    scale(row!, inverse(row![column]!))
    for (const other of [...left, ...rows]) if (other[column] !== 0) subtract(other, row!, other[column]!, column)
    rows.push(row!)
    pivots.push(column)
  }
  return { columns, rows, pivots }
}

function rowOf({ of }: Columns, unknowns: readonly number[], width: number): Float64Array {
  const row = new Float64Array(width)
  for (const at of unknowns) row[of[at]!] = 1
  return row
}

function scale(row: Float64Array, by: number): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at]! * by) % PRIME
}

function subtract(from: Float64Array, row: Float64Array, times: number, since: number): void {
  const back = PRIME - times
  for (let at = since; at < row.length; at++) if (row[at] !== 0) from[at] = (from[at]! + back * row[at]!) % PRIME
}

function inverse(of: number): number {
  let [result, base, power] = [1n, BigInt(of), BigInt(PRIME - 2)]
  const prime = BigInt(PRIME)
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % prime
    base = (base * base) % prime
  }
  return Number(result)
}

/** Whether the number of persons in a set of unknowns follows from what was published.
 *  A set that takes some members of a column and not the others does not: nothing tells them apart. */
export function follows({ columns, rows, pivots }: Reduced, set: ReadonlySet<number>): boolean {
  const row = new Float64Array(columns.members.length)
  for (const at of set) {
    const column = columns.of[at]!
    if (column < 0 || columns.members[column]!.some((other) => !set.has(other))) return false
    row[column] = 1
  }
  for (const [number, pivot] of pivots.entries()) if (row[pivot] !== 0) subtract(row, rows[number]!, row[pivot]!, pivot)
  return row.every((value) => value === 0)
}

/** Reduced rows that count persons once each, or that are of changed persons alone: sums over groups that nobody asked for. */
export function* groupsFound({ columns, rows }: Reduced, { unknowns }: Knowledge): Generator<readonly number[]> {
  for (const row of rows) {
    const used = [...row.keys()].filter((column) => row[column] !== 0)
    const members = used.flatMap((column) => columns.members[column]!)
    const countsOnce = used.every((column) => row[column] === 1)
    if (countsOnce || members.every((at) => unknowns[at]!.changed)) yield members
  }
}
