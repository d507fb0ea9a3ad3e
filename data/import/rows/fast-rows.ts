/** The fast path of a row: lines whose cells are all ordinary go directly to COPY; others fall back to the full check. */
import type { Header } from '../../files/header.ts'
import { placesOf } from './fact-file.ts'
import type { FactFile, Places } from './fact-file.ts'
import type { ImportContext } from './import-context.ts'
import type { FastCell, SplitRow } from './fast-cells.ts'
import { NO_DAY } from './row-writer.ts'
import type { RowWriter } from './row-writer.ts'
import type { Lifetimes } from './lifetimes.ts'
import type { UnitUsage } from './unit-usage.ts'

const CR = 13
const LF = 10

/** Receives each line, on the fast path or the fallback path. */
export interface RowTarget {
  /** before the first field is written */
  begin(): void
  /** every field is written, at the offsets in `starts` */
  take(line: number): void
  /** the line needs the full check */
  fallback(bytes: Buffer, from: number, to: number, line: number): void
}

export class FastRows {
  private readonly row: { bytes: Buffer; readonly starts: Int32Array; readonly ends: Int32Array }
  private readonly width: number
  private readonly separator: number
  private readonly places: Places
  private readonly lifetimes: Lifetimes
  private readonly unitUsage: UnitUsage | null

  /** @param starts filled with where in `out` each column of the payload begins */
  constructor(
    private readonly cells: readonly FastCell[],
    fact: FactFile,
    { lifetimes, unitUsage }: ImportContext,
    header: Header,
    private readonly out: RowWriter,
    private readonly starts: Int32Array,
    private readonly target: RowTarget,
  ) {
    this.places = placesOf(fact)
    this.lifetimes = lifetimes
    this.unitUsage = fact.table === 'observation' ? unitUsage : null
    this.width = header.columns.length
    this.separator = header.delimiter.charCodeAt(0)
    this.row = { bytes: Buffer.alloc(0), starts: new Int32Array(this.width), ends: new Int32Array(this.width) }
  }

  /** Every line of `bytes`, in which there is no quote, from one of them on. Blank lines are no rows.
   *  @returns the number of the line after the last */
  take(bytes: Buffer, from: number, firstLine: number): number {
    const { row, width, separator, target } = this
    const { starts, ends } = row
    row.bytes = bytes
    const { length } = bytes
    let line = firstLine
    let at = from
    while (at < length) {
      const start = at
      let count = 0
      let field = at
      let code = 0
      for (; at < length && (code = bytes[at] as number) !== LF; at++)
        if (code === separator) {
          if (count < width) {
            starts[count] = field
            ends[count] = at
          }
          count++
          field = at + 1
        }
      const stop = at > start && bytes[at - 1] === CR ? at - 1 : at
      if (count < width) {
        starts[count] = field
        ends[count] = stop
      }
      count++
      if (stop > start && !(count === width && this.takeFast(row, line))) target.fallback(bytes, start, stop, line)
      line++
      at++
    }
    return line
  }

  private takeFast(row: SplitRow, line: number): boolean {
    const { cells, out, starts } = this
    this.target.begin()
    for (let i = 0; i < cells.length; i++) {
      starts[i] = out.at
      if (!(cells[i] as FastCell)(row, out)) return false
    }
    if (!this.inOrder() || !this.isOfALife()) return false
    this.unitUsage?.accepted()
    this.target.take(line)
    return true
  }

  private inOrder(): boolean {
    const { out, starts } = this
    const { since, until } = this.places
    if (until < 0) return true
    const end = out.dayAt(starts[until] as number)
    return end === NO_DAY || end >= out.dayAt(starts[since] as number)
  }

  private isOfALife(): boolean {
    const { out, starts } = this
    const { lifePatient, lifeDay } = this.places
    return (
      lifeDay < 0 || this.lifetimes.has(out.intAt(starts[lifePatient] as number), out.dayAt(starts[lifeDay] as number))
    )
  }
}
