/** How the columns of one file are written where a cell alone does not say: the order of dates, the decimal sign, lost zeros, sexes as numbers. */
import { DateEvidence } from '../../cells/dates.ts'
import type { DateOrder } from '../../cells/dates.ts'
import { areDigits, isDigit, NumberEvidence, other } from '../../cells/numbers.ts'
import type { DecimalSign } from '../../cells/numbers.ts'
import { cleaned, isNothing } from '../../cells/text.ts'
import { readCsv } from '../../files/csv.ts'
import type { Header } from '../../files/header.ts'

export interface ColumnForms {
  dateOrder(column: string): DateOrder
  sign(column: string): DecimalSign
  /** whether every code of the column that could begin with a zero has lost it */
  lostZeros(column: string): boolean
  /** whether 1 and 2 are sexes */
  readonly sexNumbers: boolean
}

/** Columns whose cells are numbers, by table. */
const numeric: Readonly<Record<string, readonly string[]>> = {
  'observations.csv': ['value'],
  'claims.csv': ['quantity', 'amount_eur'],
}
/** Tables that are small beside the others, and read whole. */
const people = ['partners.csv', 'patients.csv']
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const codes: Readonly<Record<string, number>> = { agb: 8, insurer: 4 }

const blockBytes = 1 << 18

/** Surveys a file: the first quarter of a megabyte, and the rest only where something in that has no meaning of its own.
 *  @param table of the interface: partners.csv and so on */
export async function surveyOf(path: string, name: string, table: string, header: Header): Promise<ColumnForms> {
  const survey = new Survey(table, header)
  await readCsv(path, name, header, () => survey, undefined, blockBytes)
  return survey
}

class Survey implements ColumnForms {
  private readonly own: DecimalSign
  private readonly dates = new Map<string, DateEvidence>()
  private readonly numbers = new Map<string, NumberEvidence>()
  private readonly zeros = new Map<string, { leading: number; short: number }>()
  private readonly sexes = new Set<string>()
  private readonly delimiter: number
  /** the columns that are surveyed, from left to right, without those that are settled */
  private seen: readonly Surveyed[]

  constructor(
    private readonly table: string,
    header: Header,
  ) {
    this.own = header.delimiter === ';' ? ',' : '.'
    this.delimiter = header.delimiter.charCodeAt(0)
    this.seen = header.columns.flatMap((column, at) => {
      const observer = this.observerOf(column)
      return observer ? [{ at, ...observer }] : []
    })
  }

  readonly record = (fields: readonly string[], count: number): void => {
    for (const column of this.seen) if (column.at < count) this.look(column, fields[column.at] ?? '')
  }

  private look(column: Surveyed, written: string): void {
    const text = cleaned(written)
    if (isNothing(text)) return
    column.see(text)
    if (column.isSettled()) this.seen = this.seen.filter((each) => each !== column)
  }

  /** The same of lines without quotes, where a text is made of those cells only that can still show something. */
  lines(bytes: Buffer, from: number, firstLine: number): number {
    let [at, line] = [from, firstLine]
    while (at < bytes.length && this.seen.length > 0) {
      const found = bytes.indexOf(LINE_FEED, at)
      const end = found < 0 ? bytes.length : found
      this.cellsOf(bytes, at, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end)
      line++
      at = end + 1
    }
    return line
  }

  private cellsOf(bytes: Buffer, from: number, to: number): void {
    let [column, at] = [0, from]
    for (const surveyed of this.seen) {
      for (; column < surveyed.at; column++) {
        while (at < to && bytes[at] !== this.delimiter) at++
        if (at++ >= to) return
      }
      let end = at
      while (end < to && bytes[end] !== this.delimiter) end++
      if (end > at && surveyed.shows(bytes, at, end)) this.look(surveyed, bytes.toString('utf8', at, end))
    }
  }

  /** Nothing more is to be learned from the rest of the file: a cell without a meaning of its own asks for it only where others of its
   *  column have not settled how it is read. */
  get isDone(): boolean {
    if (this.seen.length === 0) return true
    if (people.includes(this.table)) return false
    return (
      [...this.dates.values()].every((each) => each.isIso || each.uncertain === 0) &&
      [...this.numbers.values()].every((each) => each.has(this.own) || !each.has(other[this.own]))
    )
  }

  flush = (): Promise<void> => Promise.resolve()

  dateOrder(column: string): DateOrder {
    return this.dates.get(column)?.order ?? 'iso'
  }

  sign(column: string): DecimalSign {
    return this.numbers.get(column)?.signOr(this.own) ?? this.own
  }

  lostZeros(column: string): boolean {
    const found = this.zeros.get(column)
    return found !== undefined && found.leading === 0 && found.short > 0
  }

  get sexNumbers(): boolean {
    return this.sexes.has('2')
  }

  private observerOf(column: string): Observer | undefined {
    if (column.endsWith('_on')) {
      const evidence = new DateEvidence()
      this.dates.set(column, evidence)
      return {
        see: (text) => evidence.see(text),
        shows: () => true,
        isSettled: () => evidence.isIso,
      }
    }
    if (numeric[this.table]?.includes(column)) {
      const evidence = new NumberEvidence()
      this.numbers.set(column, evidence)
      return {
        see: (text) => evidence.see(text),
        shows: (bytes, from, to) => !areDigits(bytes, from, to),
        isSettled: () => evidence.has(this.own),
      }
    }
    if (column === 'sex')
      return {
        see: (text) => void (text.length === 1 && this.sexes.add(text)),
        shows: mayBeTwo,
        isSettled: () => this.sexNumbers,
      }
    const length = codes[column]
    if (length === undefined) return undefined
    const counts = { leading: 0, short: 0 }
    this.zeros.set(column, counts)
    return {
      see: (text) => {
        if (!/^\d+$/.test(text)) return
        if (text.startsWith('0')) counts.leading++
        else if (text.length === length - 1) counts.short++
      },
      shows: (bytes, from, to) => to - from < length || bytes[from] === ZERO || !isDigit(bytes[from]),
      isSettled: () => counts.leading > 0,
    }
  }
}

interface Observer {
  readonly see: (text: string) => void
  /** whether a cell that is not empty can show anything that is not known yet */
  readonly shows: (bytes: Buffer, from: number, to: number) => boolean
  /** whether nothing that is still to come can change how the column is read */
  readonly isSettled: () => boolean
}

interface Surveyed extends Observer {
  readonly at: number
}

const ZERO = 48
const TWO = 50
/** Of sexes as numbers, the 2 alone tells that they are; it may have space around it. */
const mayBeTwo = (bytes: Buffer, from: number, to: number): boolean => to - from > 1 || bytes[from] === TWO
