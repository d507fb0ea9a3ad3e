/** Elements of a FHIR resource, from JSON or XML alike: a list may be one element, a number may be a text. */
import { dayOfMoment } from '../../../engine/kernel/calendar.ts'
import type { Coding } from '../../vocabulary/codes.ts'
import type { SourceDay } from '../mapping/source-day.ts'

/** A resource or a complex element. From XML every primitive is a text, and an element that stands once is no list. */
export type Element = { readonly [name: string]: unknown }

export const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Complex elements by a name, however many there are. */
export function many(value: unknown): readonly Element[] {
  if (Array.isArray(value)) return value.filter(isElement)
  return isElement(value) ? [value] : []
}

export const first = (value: unknown): Element => many(value)[0] ?? {}

/** A primitive as text; blank if absent. */
export function text(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value[0] : value
  if (typeof one === 'string') return one.trim()
  return typeof one === 'number' || typeof one === 'boolean' ? String(one) : ''
}

/** Every coding of a CodeableConcept, or of several. */
export const codingsOf = (concept: unknown): Coding[] =>
  many(concept).flatMap(({ coding }) =>
    many(coding)
      .map(codingOf)
      .filter(({ code }) => code !== ''),
  )

const codingOf = (coding: Element): Coding => ({
  system: text(coding.system),
  code: text(coding.code),
  display: text(coding.display),
})

/** The words of a CodeableConcept. */
export const wordsOf = (concept: unknown): string => {
  const { text: words, coding } = first(concept)
  return text(words) || text(first(coding).display)
}

/** The day that a dateTime stands for: of Europe/Amsterdam where it was written in UTC, else as its writer saw the calendar. A month or year
 *  alone stays as it is. */
export const dayIn = (dateTime: unknown): SourceDay => {
  const written = text(dateTime)
  return /^\d{4}-\d{2}-\d{2}T/.test(written) ? dayOfMoment(written) : written
}

/** A month or a year as its first day (or last): what began in 2012 is known to have begun by its end, not before its start. */
export function completed(day: string, end: 'first' | 'last'): SourceDay {
  if (/^\d{4}$/.test(day)) return end === 'first' ? `${day}-01-01` : `${day}-12-31`
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(day)) return day
  if (end === 'first') return `${day}-01`
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5))]
  return `${day}-${new Date(Date.UTC(year, month, 0)).getUTCDate()}`
}

export const startOf = (period: unknown): SourceDay => dayIn(first(period).start)
export const endOf = (period: unknown): SourceDay => dayIn(first(period).end)

/** The value of an extension by the end of its URL. */
export const extensionOf = (element: Element, url: string): Element | undefined =>
  many(element.extension).find((each) => text(each.url).endsWith(url))

/** Status that says a record was never so. */
export const isVoid = (status: string): boolean => status === 'entered-in-error'
