/** How the columns of one file are written where a cell alone does not say: the order of dates, the decimal sign, lost zeros, sexes as numbers. */
import { DateEvidence } from '../../cells/dates.ts'
import type { DateOrder } from '../../cells/dates.ts'
import { NumberEvidence } from '../../cells/numbers.ts'
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
const codes: Readonly<Record<string, number>> = { agb: 8, insurer: 4 }

/** Surveys a file: the first megabyte of it, and the rest only where something in that has no meaning of its own.
 *  @param table of the interface: partners.csv and so on */
export async function surveyOf(path: string, name: string, table: string, header: Header): Promise<ColumnForms> {
  const survey = new Survey(table, header)
  await readCsv(path, name, header, () => survey)
  return survey
}

class Survey implements ColumnForms {
  private readonly own: DecimalSign
  private readonly dates = new Map<string, DateEvidence>()
  private readonly numbers = new Map<string, NumberEvidence>()
  private readonly zeros = new Map<string, { leading: number; short: number }>()
  private readonly sexes = new Set<string>()
  private readonly seen: readonly (readonly [at: number, see: (text: string) => void])[]

  constructor(
    private readonly table: string,
    header: Header,
  ) {
    this.own = header.delimiter === ';' ? ',' : '.'
    this.seen = header.columns.flatMap((column, at) => {
      const see = this.observerOf(column)
      return see ? [[at, see] as const] : []
    })
  }

  readonly record = (fields: readonly string[], count: number): void => {
    for (const [at, see] of this.seen) {
      if (at >= count) continue
      const text = cleaned(fields[at] ?? '')
      if (!isNothing(text)) see(text)
    }
  }

  /** Nothing more is to be learned from the rest of the file. */
  get isDone(): boolean {
    if (people.includes(this.table)) return false
    return (
      [...this.dates.values()].every(({ uncertain }) => uncertain === 0) &&
      [...this.numbers.values()].every((each) => !each.hasOther(this.own))
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

  private observerOf(column: string): ((text: string) => void) | undefined {
    if (column.endsWith('_on')) return observing(this.dates, column, new DateEvidence())
    if (numeric[this.table]?.includes(column)) return observing(this.numbers, column, new NumberEvidence())
    if (column === 'sex') return (text) => void (text.length === 1 && this.sexes.add(text))
    const length = codes[column]
    if (length === undefined) return undefined
    const counts = { leading: 0, short: 0 }
    this.zeros.set(column, counts)
    return (text) => {
      if (!/^\d+$/.test(text)) return
      if (text.startsWith('0')) counts.leading++
      else if (text.length === length - 1) counts.short++
    }
  }
}

function observing<T extends { see(text: string): void }>(
  all: Map<string, T>,
  column: string,
  evidence: T,
): (text: string) => void {
  all.set(column, evidence)
  return (text) => evidence.see(text)
}
