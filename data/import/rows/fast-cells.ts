/** The fast path of a cell: the common case, read from the file's bytes and written to COPY without making a string. Anything
 *  else falls back to `Cells`, which alone reports faults: a fast cell only declines. */
import { type Day, epochDayOf } from '../../../engine/kernel/calendar.ts'
import { shardOf } from '../../../engine/panel/shard.ts'
import { liesOnLattice } from '../../../engine/contract/programme.ts'
import { DAY_PLACES, dayPlace, numberAt } from '../../cells/plain-bytes.ts'
import { cleaned } from '../../cells/text.ts'
import type { Cells, Convert } from './cells.ts'
import { longestName } from './cells.ts'
import type { Patients } from './import-context.ts'
import { NO_DAY, NO_YEAR } from './row-writer.ts'
import type { RowWriter } from './row-writer.ts'
import type { UsedUnit } from './unit-usage.ts'
import { conversionOf, isItself } from './value-cell.ts'
import { ByteDictionary } from '../../columns/byte-dictionary.ts'

/** A row without quotes: where each field stands in the block. */
export interface SplitRow {
  readonly bytes: Buffer
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Writes the cell's field. @returns false if the row must take the fallback path */
export type FastCell = (row: SplitRow, out: RowWriter) => boolean

const ZERO = 48
const NINE = 57
const POINT = 46
const COMMA = 44
const SMALL_A = 97
const SMALL_Z = 122
const UNKNOWN_DAY = NO_DAY

/** Makes fast cells for one file. */
export class FastCells {
  /** id of the current row's measure; its cell precedes that of the value */
  private measureId = -1
  private readonly days = new Int32Array(DAY_PLACES).fill(UNKNOWN_DAY)

  constructor(private readonly cells: Cells) {}

  /** The byte of a column's decimal sign. */
  private pointOf(column: string): number {
    return this.cells.reading.forms.sign(column) === ',' ? COMMA : POINT
  }

  patient(column: string): FastCell {
    const { patients } = this.cells.reading.context
    // an HMAC is slow: each pseudonym is computed once
    const key = patients.pseudonymous ? this.remembered(column, this.cells.patient) : storedKey(patients)
    const at = this.cells.at(column)
    return (row, out) => {
      const value = key(row, at)
      if (value < 0) return false
      out.int4(value)
      return true
    }
  }

  measure(column: string): FastCell {
    const at = this.cells.at(column)
    const id = this.remembered(column, this.cells.measure)
    return (row, out) => {
      this.measureId = id(row, at)
      if (this.measureId < 0) return false
      out.int2(this.measureId)
      return true
    }
  }

  /** A whole number of few distinct values. */
  smallint(column: string, convert: Convert): FastCell {
    const at = this.cells.at(column)
    const number = this.remembered(column, convert)
    return (row, out) => {
      const value = number(row, at)
      if (value < 0) return false
      out.int2(value)
      return true
    }
  }

  /** A text of few distinct values, each of which the full check has accepted once. */
  recurring(column: string, convert: Convert): FastCell {
    const at = this.cells.at(column)
    const checked = this.remembered(column, (text) => (convert(text, column) === text ? '1' : { fault: '' }))
    return (row, out) => {
      if (checked(row, at) < 0) return false
      out.bytes(row.bytes, row.starts[at] as number, row.ends[at] as number)
      return true
    }
  }

  /** An id or a code. Counted in bytes, which are no fewer than characters. */
  name(column: string): FastCell {
    const at = this.cells.at(column)
    return ({ bytes, starts, ends }, out) => {
      const from = starts[at] as number
      const to = ends[at] as number
      if (from === to || to - from > longestName || !isLetterOrDigit(bytes[from] as number)) return false
      if (bytes[to - 1] === SPACE || mayBeNull(bytes[from] as number, to - from)) return false
      return out.plainBytes(bytes, from, to)
    }
  }

  /** NULL where the field is empty. */
  optional(column: string, cell: FastCell): FastCell {
    const at = this.cells.at(column)
    return (row, out) => {
      if (at >= 0 && row.starts[at] !== row.ends[at]) return cell(row, out)
      out.nullField()
      return true
    }
  }

  day(column: string, convert: Convert): FastCell {
    const at = this.cells.at(column)
    return ({ bytes, starts, ends }, out) => {
      const from = starts[at] as number
      const place = (ends[at] as number) - from === 10 ? dayPlace(bytes, from) : -1
      if (place < 0) return false
      let day = this.days[place] as number
      if (day === UNKNOWN_DAY) {
        const text = convert(bytes.toString('latin1', from, from + 10), column)
        if (typeof text !== 'string') return false
        this.days[place] = day = epochDayOf(text as Day)
      }
      out.day(day)
      return true
    }
  }

  /** A number of at least `least`. */
  atLeast(column: string, least: number): FastCell {
    const at = this.cells.at(column)
    const point = this.pointOf(column)
    return ({ bytes, starts, ends }, out) => {
      const value = numberAt(bytes, starts[at] as number, ends[at] as number, point)
      if (!(value >= least)) return false
      out.float8(value)
      return true
    }
  }

  cents(column: string): FastCell {
    const at = this.cells.at(column)
    const point = this.pointOf(column)
    return ({ bytes, starts, ends }, out) => {
      const from = starts[at] as number
      const to = ends[at] as number
      // exactly two decimals: then the digits are the cents
      if (to - from < 4 || bytes[to - 3] !== point) return false
      const value = numberAt(bytes, from, to, point)
      if (!(Math.abs(value) < 1e11)) return false
      out.int8(Math.round(value * 100))
      return true
    }
  }

  /** The value of the measure before it, in the measure's unit and plausible. */
  value(valueColumn: string, unitColumn: string): FastCell {
    const [at, unitAt] = [this.cells.at(valueColumn), this.cells.at(unitColumn)]
    const measures = new Map([...this.cells.reading.context.measures.values()].map(({ id, measure }) => [id, measure]))
    const { unitUsage, codes } = this.cells.reading.context
    const point = this.pointOf(valueColumn)
    const units = new ByteDictionary()
    let unitCount = 1
    const rules: (Rule | undefined)[][] = []
    const ruleOf = ({ bytes, starts, ends }: SplitRow): Rule | undefined => {
      const from = unitAt < 0 ? 0 : (starts[unitAt] as number)
      const to = unitAt < 0 ? 0 : (ends[unitAt] as number)
      const unit = from === to ? 0 : units.get(bytes, from, to)
      const known = unit < 0 ? undefined : rules[this.measureId]?.[unit]
      if (known) return known
      const measure = measures.get(this.measureId)
      const text = cleaned(bytes.toString('utf8', from, to))
      const conversion = measure && conversionOf(measure, text, codes)
      if (!conversion) return undefined
      const place = unit < 0 ? unitCount++ : unit
      if (unit < 0) units.set(bytes, from, to, place)
      const rule = {
        ...conversion,
        least: measure.plausible[0],
        most: measure.plausible[1],
        step: measure.step ?? 0,
        usage: unitUsage.unit(this.measureId, text, !isItself(conversion)),
      }
      ;(rules[this.measureId] ??= [])[place] = rule
      return rule
    }
    return (row, out) => {
      const rule = ruleOf(row)
      if (!rule) return false
      const value =
        rule.scale * numberAt(row.bytes, row.starts[at] as number, row.ends[at] as number, point) + rule.offset
      if (!(value >= rule.least && value <= rule.most)) return false
      if (rule.step > 0 && !liesOnLattice(value, rule.least, rule.step)) return false
      unitUsage.read(rule.usage)
      out.float8(value)
      return true
    }
  }

  /** The result of the full check of a text, cached by its bytes once accepted. @returns the number, or -1 */
  private remembered(column: string, convert: Convert): (row: SplitRow, at: number) => number {
    const dictionary = new ByteDictionary()
    return ({ bytes, starts, ends }, at) => {
      const from = starts[at] as number
      const to = ends[at] as number
      if (from === to) return -1
      const found = dictionary.get(bytes, from, to)
      if (found >= 0) return found
      const cell = convert(bytes.toString('utf8', from, to), column)
      if (typeof cell !== 'string') return -1
      dictionary.set(bytes, from, to, Number(cell))
      return Number(cell)
    }
  }
}

/** The checks of the cells that are not of ids. */
interface Checks {
  readonly birthYear: Convert
  readonly sex: Convert
}

/** The fast cells of patients.csv, of which each row also counts towards what its ids look like. Null where ids become pseudonyms: nothing of those is written as it stands.
 *  A row is counted by its last cell: one that falls back is counted there. */
export function fastPatientCells(c: Cells, q: FastCells, { birthYear, sex }: Checks): readonly FastCell[] | null {
  const { patients, bsn } = c.reading.context
  if (patients.pseudonymous) return null
  const at = c.at('patient_id')
  const name = q.name('patient_id')
  const year = q.optional('birth_year', q.smallint('birth_year', birthYear))
  const died = q.optional('died_on', q.day('died_on', c.day))
  let id = ''
  let bornIn = NO_YEAR
  return [
    (row, out) => {
      id = row.bytes.toString('latin1', row.starts[at], row.ends[at]) // what is not ASCII is no plain name
      return name(row, out)
    },
    (_, out) => {
      out.int2(shardOf(id))
      return true
    },
    (row, out) => {
      const from = out.at
      if (!year(row, out)) return false
      bornIn = out.smallAt(from)
      return true
    },
    q.recurring('sex', sex),
    q.optional('postcode4', q.recurring('postcode4', c.postcode4)),
    q.optional('insurer', q.recurring('insurer', c.digits(4))),
    (row, out) => {
      const from = out.at
      if (!died(row, out)) return false
      const day = out.dayAt(from)
      if (day !== NO_DAY && bornIn !== NO_YEAR && day < epochDayOf(`${bornIn}-01-01`)) return false
      bsn.count(id)
      return true
    },
  ]
}

const storedKey =
  (patients: Patients) =>
  ({ bytes, starts, ends }: SplitRow, at: number): number =>
    patients.keyAt(bytes, starts[at] as number, ends[at] as number)

interface Rule {
  readonly scale: number
  readonly offset: number
  readonly least: number
  readonly most: number
  /** 0: none */
  readonly step: number
  readonly usage: UsedUnit
}

/** The first character of an ordinary id; a formula never begins with it. */
const isLetterOrDigit = (code: number): boolean =>
  (code >= ZERO && code <= NINE) || ((code | 32) >= SMALL_A && (code | 32) <= SMALL_Z)

const SPACE = 32

/** Whether it could be what a database writes for nothing: null, none. */
const mayBeNull = (first: number, length: number): boolean => (first | 32) === 110 && length <= 4
