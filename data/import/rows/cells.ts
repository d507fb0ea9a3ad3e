/** Cells: from the text of one field to the text that the store takes, or a fault. */
import { isDay } from '../../../engine/kernel/calendar.ts'
import { birthYearIn, dayIn, whyNoDay } from '../../cells/dates.ts'
import { centsOf, numberOf, whyNoNumber } from '../../cells/numbers.ts'
import { cleaned, isNothing, isNull } from '../../cells/text.ts'
import { meaningOf, WORDS } from '../../cells/words.ts'
import type { WordKind } from '../../cells/words.ts'
import type { Header } from '../../files/header.ts'
import { isFormula, unguarded } from '../../files/formulas.ts'
import type { ColumnForms } from './column-survey.ts'
import type { Faults } from './faults.ts'
import type { ImportContext, StoredMeasure } from './import-context.ts'
import type { Cause } from '../../profile/likely-cause.ts'
import * as notes from './notes.ts'
import type { Note } from './notes.ts'

/** What to store, as text; ABSENT for null; FAULTY if a fault was reported. */
export type Cell = (fields: readonly string[], line: number) => string
export const ABSENT = '\0' // no file that is read has a zero byte
export const FAULTY = ''

/** The file being read, as its cells see it. */
interface Reading {
  readonly header: Header
  readonly faults: Faults
  readonly context: ImportContext
  readonly forms: ColumnForms
}

/** Why a field is rejected; `shown` in place of a value that must not be repeated, `cause` if the fault has a likely one. */
export interface Fault {
  readonly fault: string
  readonly shown?: string
  readonly cause?: Cause
  /** the row goes, even where the cell may be empty */
  readonly ofRow?: boolean
}

/** What was read of a field that is written otherwise than the interface asks: counted and reported in warnings.csv. */
export interface ReadOtherwise {
  readonly read: string
  readonly note: Note
}

/** A field that stands for nothing. */
export interface Placeholder {
  readonly nothing: string
}

/** From the text of a field that is not empty to what to store. */
export type Convert = (text: string, column: string) => string | Fault | ReadOtherwise | Placeholder

/** Makes cells for one file. A required column is there: that is checked before any row is read. */
export class Cells {
  private readonly days = new Set<string>()
  private readonly measureNames = new Map<string, NamedMeasure | undefined>()

  constructor(readonly reading: Reading) {}

  /** Where a column stands in a row; -1 if the file has none. */
  at(column: string): number {
    return this.reading.header.columns.indexOf(column)
  }

  required(column: string, convert: Convert, isEmpty: (text: string) => boolean = isNothing): Cell {
    const at = this.at(column)
    return (fields, line) => {
      const text = cleaned(fields[at] ?? '')
      const cell = isEmpty(text) ? empty : convert(text, column)
      if (typeof cell === 'string') return cell
      if ('nothing' in cell) return this.reject(line, column, text, { fault: cell.nothing })
      return 'read' in cell ? this.noted(line, column, text, cell) : this.reject(line, column, text, cell)
    }
  }

  /** An id, a name or a code, where NA may be one. */
  requiredName(column: string, convert: Convert): Cell {
    return this.required(column, convert, isNull)
  }

  /** A cell that may be empty or whose column may be absent: one that cannot be read is left blank, and the row is kept. */
  optional(column: string, convert: Convert, isEmpty: (text: string) => boolean = isNothing): Cell {
    const at = this.at(column)
    if (at < 0) return () => ABSENT
    const { faults, context } = this.reading
    return (fields, line) => {
      const written = fields[at] ?? ''
      if (written === '') return ABSENT
      const text = cleaned(written)
      if (isEmpty(text)) {
        if (text !== '') faults.note(line, column, text, notes.nothing)
        return ABSENT
      }
      const cell = convert(text, column)
      if (typeof cell === 'string') return cell
      if ('read' in cell) return this.noted(line, column, text, cell)
      if ('nothing' in cell) {
        faults.note(line, column, text, notes.nothing)
        return ABSENT
      }
      if (cell.ofRow) return this.reject(line, column, text, cell)
      if (cell.cause) context.unitUsage.suspect(null, cell.cause)
      faults.warn(line, column, cell.shown ?? text, `${cell.fault}; left blank`)
      return ABSENT
    }
  }

  private noted(line: number, column: string, text: string, { read, note }: ReadOtherwise): string {
    this.reading.faults.note(line, column, text, note)
    return read
  }

  private reject(line: number, column: string, text: string, { fault, shown, cause }: Fault): typeof FAULTY {
    const { faults, context } = this.reading
    if (cause) context.unitUsage.suspect(null, cause)
    faults.add(line, column, shown ?? text, fault)
    return FAULTY
  }

  readonly text: Convert = (text) =>
    text.length > longestText ? { fault: `longer than ${longestText} characters` } : unguarded(text)

  /** An id or a code: what an index is built on. */
  readonly name: Convert = (text) => {
    if (text.length > longestName) return { fault: `longer than ${longestName} characters` }
    return isFormula(text) ? { fault: 'a spreadsheet would run it as a formula; ids and codes may not' } : text
  }

  /** An id or a code without which its row would mean something else: one that cannot be read is a fault of the row. */
  readonly keyName: Convert = (text, column) => {
    const cell = this.name(text, column)
    return typeof cell !== 'string' && 'fault' in cell ? { ...cell, ofRow: true } : cell
  }

  /** A day that exists, and is not later than the delivery. */
  readonly day: Convert = (text, column) => {
    if (this.days.has(text)) return text
    const cell = this.plannedDay(text, column)
    const found = typeof cell === 'string' ? cell : 'read' in cell ? cell.read : undefined
    if (found === undefined) return cell
    const { delivered } = this.reading.context
    if (delivered !== null && found > delivered)
      return { fault: `in the future: later than the delivery of ${delivered}`, cause: 'future_date' }
    if (found === text) this.days.add(text)
    return cell
  }

  /** A day that exists, even if it is still to come. */
  readonly plannedDay: Convert = (text, column) => {
    const order = this.reading.forms.dateOrder(column)
    const found = dayIn(text, order)
    if (found !== undefined && WORDS.noDay.has(found)) return { nothing: 'a placeholder for no date' }
    if (found === undefined || !isDay(found)) return { fault: whyNoDay(text) }
    if (found === text) return text
    return { read: found, note: order === 'iso' ? notes.otherDate : notes.dateOrder(order) }
  }

  /** The year of a birth; of a whole date its year alone is kept. */
  birthYear(least: number, most: number): Convert {
    return (text) => {
      const year = birthYearIn(text)
      if (year === undefined) return { fault: whyNoYear(text) }
      if (Number(year) < least || Number(year) > most) return { fault: `outside ${least} to ${most}` }
      return year === text ? year : { read: year, note: notes.yearOfDate }
    }
  }

  readonly patient: Convert = (text) => {
    const { patients, lost } = this.reading.context
    const key = patients.keyOf(text)
    if (key >= 0) return String(key)
    const root = lost.patients.get(patients.storedId(text))
    return { fault: root ? `its patient was rejected: ${root}` : 'unknown patient', shown: patients.storedId(text) }
  }

  readonly partner: Convert = (text) => {
    const { partners, lost } = this.reading.context
    if (partners.has(text)) return text
    const root = lost.partners.get(text)
    return { fault: root ? `its partner was rejected: ${root}` : 'unknown partner' }
  }

  readonly programme: Convert = (text) => {
    const { programmes } = this.reading.context
    if (programmes.has(text)) return text
    const lower = text.toLowerCase()
    return programmes.has(lower) ? { read: lower, note: notes.word(lower) } : { fault: 'unknown programme' }
  }

  readonly measure: Convert = (text) => {
    const found = this.measureNamed(text)
    if (!found) return { fault: 'unknown measure' }
    const { id, measure } = found.stored
    return measure.key === text ? String(id) : { read: String(id), note: notes.word(measure.key) }
  }

  /** A measure by its key in any case, or by its LOINC, NHG or SNOMED code, with the unit that the code implies. */
  measureNamed(text: string): NamedMeasure | undefined {
    if (!this.measureNames.has(text)) this.measureNames.set(text, this.lookUpMeasure(text))
    return this.measureNames.get(text)
  }

  private lookUpMeasure(text: string): NamedMeasure | undefined {
    const { measures, codes } = this.reading.context
    const stored = measures.get(text) ?? measures.get(text.toLowerCase())
    if (stored) return { stored, implied: '' }
    const coded = codes.measureOf(['LOINC', 'NHG', 'SNOMED'].map((system) => ({ system, code: text })))
    const meant = coded && measures.get(coded.key)
    return meant && { stored: meant, implied: coded.implied }
  }

  readonly cents: Convert = (text, column) => {
    const sign = this.reading.forms.sign(column)
    return centsOf(text, sign) ?? { fault: 'not an amount of at most two decimals' }
  }

  /** A number; below 0 it is that of a credit. */
  readonly quantity: Convert = (text, column) => {
    const sign = this.reading.forms.sign(column)
    const value = numberOf(text, sign)
    return Number.isFinite(value) ? String(value) : { fault: whyNoNumber(text, sign) }
  }

  /** One of the words of the interface, in any case, or another word that stands for it. */
  oneOf(values: readonly string[], kind: WordKind): Convert {
    return (text, column) => {
      if (values.includes(text)) return text
      const meant = meaningOf(kind, text) ?? (column === 'sex' ? this.sexNumbered(text) : undefined)
      if (meant === undefined || !values.includes(meant)) return { fault: `not one of ${values.join(', ')}` }
      return { read: meant, note: notes.word(meant) }
    }
  }

  private sexNumbered(text: string): string | undefined {
    return this.reading.forms.sexNumbers ? WORDS.sexNumbers.get(text) : undefined
  }

  /** A text in which yes and no may be written in other words. */
  readonly truth: Convert = (text, column) => {
    const meant = meaningOf('boolean', text)
    return meant === undefined || meant === text ? this.text(text, column) : { read: meant, note: notes.word(meant) }
  }

  /** A code of so many digits, which spreadsheets take for a number. */
  digits(count: number): Convert {
    const whole = new RegExp(`^\\d{${count}}$`)
    return (text, column) => {
      if (whole.test(text)) return text
      const bare = text.replace(/\.0$/, '').replaceAll(/[ .-]/g, '')
      if (whole.test(bare)) return { read: bare, note: notes.word(bare) }
      const padded = `0${bare}`
      if (!whole.test(padded)) return { fault: `not ${count} digits` }
      if (this.reading.forms.lostZeros(column)) return { read: padded, note: notes.lostZero(padded) }
      return { fault: `not ${count} digits; probably ${padded}, which lost its leading zero` }
    }
  }

  /** The four digits of a Dutch postcode, whatever follows them. */
  readonly postcode4: Convert = (text) => {
    if (/^\d{4}$/.test(text)) return text
    const digits = /^(\d{4})(?:\s?[A-Z]{2}|\.0)$/i.exec(text)?.[1]
    return digits === undefined ? { fault: 'not a Dutch postcode' } : { read: digits, note: notes.postcode(digits) }
  }
}

export interface NamedMeasure {
  readonly stored: StoredMeasure
  /** the unit where the row names none; blank: the measure's own */
  readonly implied: string
}

function whyNoYear(text: string): string {
  const two = /^\d{2}$/.exec(text)?.[0]
  return two === undefined ? 'not a year of four digits' : `not a year of four digits; 19${two} or 20${two}`
}

const empty: Fault = { fault: 'is empty' }
const longestText = 10_000
/** PostgreSQL keeps no more than 2,704 bytes of a row in an index: three of these are 1,800 at the most. */
export const longestName = 200
