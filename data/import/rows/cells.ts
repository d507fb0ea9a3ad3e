/** Cells: from the text of one field to the text that the store takes, or a fault. */
import { isDay } from '../../../engine/kernel/calendar.ts'
import type { Header } from '../../files/header.ts'
import { isFormula, unguarded } from '../../files/formulas.ts'
import type { Faults } from './faults.ts'
import type { ImportContext } from './import-context.ts'
import type { Cause } from '../../profile/likely-cause.ts'
import { centsOf, numberOf } from './numbers.ts'

/** What to store, as text; ABSENT for null; FAULTY if a fault was reported. */
export type Cell = (fields: readonly string[], line: number) => string
export const ABSENT = '\0' // no file that is read has a zero byte
export const FAULTY = ''

/** The file being read, and the context of the import. */
export interface Reading {
  readonly header: Header
  readonly faults: Faults
  readonly context: ImportContext
}

/** Why a field cannot be taken; `shown` where the field itself must not be repeated, `cause` where the likely cause is known. */
export interface Fault {
  readonly fault: string
  readonly shown?: string
  readonly cause?: Cause
}

/** From the text of a field that is not empty to what to store. */
export type Convert = (text: string) => string | Fault

/** Makes cells for one file. A required column is there: that is checked before any row is read. */
export class Cells {
  readonly decimalComma: boolean
  private readonly days = new Set<string>()

  constructor(readonly reading: Reading) {
    this.decimalComma = reading.header.delimiter === ';'
  }

  /** Where a column stands in a row; -1 if the file has none. */
  at(column: string): number {
    return this.reading.header.columns.indexOf(column)
  }

  required(column: string, convert: Convert): Cell {
    const at = this.at(column)
    const { faults, context } = this.reading
    return (fields, line) => {
      const text = fields[at] ?? ''
      const cell = text === '' ? empty : convert(text)
      if (typeof cell === 'string') return cell
      if (cell.cause) context.unitUsage.suspect(null, cell.cause)
      faults.add(line, column, cell.shown ?? text, cell.fault)
      return FAULTY
    }
  }

  /** The same for a cell that may be empty or whose column may be absent. */
  optional(column: string, convert: Convert): Cell {
    const at = this.at(column)
    if (at < 0) return () => ABSENT
    const required = this.required(column, convert)
    return (fields, line) => (fields[at] === '' ? ABSENT : required(fields, line))
  }

  readonly text: Convert = (text) =>
    text.length > longestText ? { fault: `longer than ${longestText} characters` } : unguarded(text)

  /** An id or a code: what an index is built on. */
  readonly name: Convert = (text) => {
    if (text.length > longestName) return { fault: `longer than ${longestName} characters` }
    return isFormula(text) ? { fault: 'a spreadsheet would run it as a formula; ids and codes may not' } : text
  }

  /** A day that exists, and is not later than the delivery. */
  readonly day: Convert = (text) => {
    if (this.days.has(text)) return text
    if (!isDay(text)) return noDay
    const { delivered } = this.reading.context
    if (delivered !== null && text > delivered)
      return { fault: `in the future: later than the delivery of ${delivered}`, cause: 'future_date' }
    this.days.add(text)
    return text
  }

  /** A valid day that may lie in the future. */
  readonly plannedDay: Convert = (text) => (isDay(text) ? text : noDay)

  readonly patient: Convert = (text) => {
    const { patients } = this.reading.context
    const key = patients.keyOf(text)
    return key < 0 ? { fault: 'unknown patient', shown: patients.storedId(text) } : String(key)
  }

  readonly partner: Convert = (text) => (this.reading.context.partners.has(text) ? text : { fault: 'unknown partner' })

  readonly measure: Convert = (text) => {
    const known = this.reading.context.measures.get(text)
    return known ? String(known.id) : { fault: 'unknown measure' }
  }

  readonly cents: Convert = (text) =>
    centsOf(text, this.decimalComma) ?? { fault: 'not an amount of at most two decimals' }

  /** A number of at least `least`. */
  atLeast(least: number): Convert {
    return (text) => {
      const value = numberOf(text, this.decimalComma)
      if (!Number.isFinite(value)) return noNumber
      return value < least ? { fault: `less than ${least}` } : String(value)
    }
  }

  /** A whole number within [least, most]. */
  whole(least: number, most: number): Convert {
    return (text) => {
      if (!/^\d{1,9}$/.test(text)) return { fault: 'not a whole number' }
      const value = Number(text)
      return value < least || value > most ? { fault: `outside ${least} to ${most}` } : String(value)
    }
  }

  oneOf(values: readonly string[]): Convert {
    return (text) => (values.includes(text) ? text : { fault: `not one of ${values.join(', ')}` })
  }

  digits(count: number): Convert {
    return (text) => (text.length === count && /^\d+$/.test(text) ? text : { fault: `not ${count} digits` })
  }
}

const empty: Fault = { fault: 'is empty' }
const noDay: Fault = { fault: 'not a date YYYY-MM-DD' }
export const noNumber: Fault = { fault: 'not a number' }
const longestText = 10_000
/** PostgreSQL keeps no more than 2,704 bytes of a row in an index: three of these are 1,800 at the most. */
export const longestName = 200
