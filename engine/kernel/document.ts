/** Reads a parsed YAML document field by field and collects every fault with its path.
 *
 *  Every reader returns a placeholder where it found a fault (NaN, '', []), so that one pass finds all faults;
 *  the caller must call `refuseFaults` before it uses the result. */
import { type Day, isDay } from './calendar.ts'
import type { RefusalCode } from './refusal-codes.ts'
import { Refusal } from './refusal.ts'

/** One fault: where (`outcomes[1].window_days`), what was found there, and what would be right. */
export interface Fault {
  readonly path: string
  readonly found: string
  readonly sentence: string
}

/** A value in a document, with its path; `faults` is shared by all fields of one document. */
export interface Field {
  readonly path: string
  readonly value: unknown
  readonly faults: Fault[]
}

export const fieldOf = (document: unknown): Field => ({ path: '', value: document, faults: [] })

/** A value as a person would point at it in a sentence, cut at 60 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'an empty value'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  const text = typeof value === 'string' ? JSON.stringify(value) : `${value as number | bigint | boolean}`
  return cut(text)
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** Notes a fault of the field: "path is FOUND; SENTENCE", where the sentence says what would be right. */
export function fault(field: Field, right: string, found: string = shown(field.value)): void {
  const where = field.path === '' ? 'the document' : field.path
  field.faults.push({ path: field.path, found, sentence: `${where} is ${found}; ${right}` })
}

/** As many faults are told at once: with these mended the rest is told. */
export const MOST_FAULTS = 20

/** @throws Refusal with the first twenty faults, in order, and the number of all, if there are any; `what` names the document. */
export function refuseFaults(faults: readonly Fault[], code: RefusalCode, what: string): void {
  if (faults.length === 0) return
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`
  const told = faults.slice(0, MOST_FAULTS)
  const [first, ...others] = told.map(({ sentence }) => sentence)
  const rest = faults.length - told.length
  throw new Refusal(
    code,
    [
      `${what} is refused${more}: ${first}.`,
      ...others.map((line) => `- ${line}.`),
      ...(rest > 0 ? [`- and ${rest} more, told when these are mended.`] : []),
    ].join('\n'),
    { faults: told, faults_total: faults.length },
  )
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pathIn = (path: string, key: string): string => (path === '' ? cut(key) : `${path}.${cut(key)}`)

const child = (field: Field, key: string, value: unknown): Field => ({ ...field, path: pathIn(field.path, key), value })

/** The fields of a mapping with known keys; unknown keys and missing required ones are faults. Absent: undefined. */
export function mapping<R extends string, O extends string = never>(
  field: Field,
  required: readonly R[],
  optional: readonly O[] = [],
): Record<R, Field> & Partial<Record<O, Field>> {
  const known: readonly string[] = [...required, ...optional]
  const fields: Record<string, Field> = {}
  const given = isMapping(field.value) ? field.value : {}
  if (!isMapping(field.value)) fault(field, `it must be a mapping with the keys ${known.join(', ')}`)
  for (const key of Object.keys(given))
    if (known.includes(key)) fields[key] = child(field, key, given[key])
    else fault(child(field, key, given[key]), `this key is unknown; known here are ${known.join(', ')}`)
  for (const key of required)
    if (!(key in fields)) {
      const absent = child(field, key, undefined)
      // A document that is no mapping has one fault, not one for every key it then lacks.
      if (isMapping(field.value)) fault(absent, 'this key is required')
      fields[key] = { ...absent, faults: [] }
    }
  return fields as Record<R, Field> & Partial<Record<O, Field>>
}

/** The fields of a mapping whose keys are the writer's own, in the order of the document. */
export function entries(field: Field, of: string): [string, Field][] {
  if (isMapping(field.value)) return Object.entries(field.value).map(([key, value]) => [key, child(field, key, value)])
  fault(field, `it must be a mapping of ${of}`)
  return []
}

/** The items of a list that has at least one. */
export function items(field: Field, of: string): Field[] {
  if (Array.isArray(field.value) && field.value.length > 0)
    return field.value.map((value: unknown, i) => ({ ...field, path: `${field.path}[${i}]`, value }))
  fault(field, `it must be a list of ${of}, with at least one`)
  return []
}

/** A text that is not blank; a number is refused, since YAML has already lost how it was written (007, 1e3). */
export function text(field: Field): string {
  if (typeof field.value === 'string' && field.value.trim() !== '') return field.value
  const hint = typeof field.value === 'number' ? 'it must be a text: write it between quotes' : 'it must be a text'
  fault(field, hint)
  return ''
}

/** One of a few words. */
export function word<W extends string>(field: Field, words: readonly W[]): W {
  const found = words.find((word) => word === field.value)
  if (found !== undefined) return found
  fault(field, `it must be one of ${words.join(', ')}`)
  return words[0] as W
}

/** What stands for a day that was faulted: it lies before every day, and nobody gets to see it. */
export const NO_DAY: Day = '0000-00-00'

/** A calendar day as YYYY-MM-DD. */
export function day(field: Field): Day {
  if (typeof field.value === 'string' && isDay(field.value)) return field.value
  fault(field, 'it must be a date that exists, as YYYY-MM-DD')
  return NO_DAY
}

/** What a number must be, in words, and the test of it. */
export interface NumberRule {
  readonly must: string
  readonly holds: (x: number) => boolean
}

export const anyNumber: NumberRule = { must: 'it must be a number', holds: () => true }
export const positive: NumberRule = { must: 'it must be above 0', holds: (x) => x > 0 }
export const notNegative: NumberRule = { must: 'it must be 0 or more', holds: (x) => x >= 0 }
export const notPositive: NumberRule = { must: 'it must be 0 or less', holds: (x) => x <= 0 }
export const shareOfOne: NumberRule = { must: 'it must lie between 0 and 1', holds: (x) => x >= 0 && x <= 1 }
export const wholePositive: NumberRule = {
  must: 'it must be a whole number above 0',
  holds: (x) => Number.isSafeInteger(x) && x > 0,
}
export const wholeNotNegative: NumberRule = {
  must: 'it must be a whole number, 0 or more',
  holds: (x) => Number.isSafeInteger(x) && x >= 0,
}

/** A finite number that keeps the rule; NaN where it does not. */
export function number(field: Field, rule: NumberRule): number {
  const { value } = field
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    fault(field, `it must be a number${rule === anyNumber ? '' : `, and ${rule.must.replace(/^it must /, '')}`}`)
    return Number.NaN
  }
  if (rule.holds(value)) return value
  fault(field, rule.must)
  return Number.NaN
}

/** A range [lo, hi] of two numbers with lo < hi, or lo <= hi where a point will do. */
export function range(field: Field, point: 'point' | 'no point'): readonly [number, number] {
  const { value } = field
  const isNumber = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x)
  if (!Array.isArray(value) || value.length !== 2 || !isNumber(value[0]) || !isNumber(value[1])) {
    fault(field, 'it must be a list of two numbers, [lowest, highest]')
    return [Number.NaN, Number.NaN]
  }
  const [lo, hi] = [value[0], value[1]]
  if (lo > hi || (lo === hi && point === 'no point'))
    fault(field, 'the lowest must come first and lie below the highest', `[${lo}, ${hi}]`)
  return [lo, hi]
}

/** The items of a list of texts; a text that occurs twice is a fault of its second place. */
export function texts(field: Field, of: string, read: (item: Field) => string = text): string[] {
  const list = items(field, of)
  const values = list.map(read)
  faultTwins(list, values)
  return values
}

/** Faults every value that occurred before it in the same list; '' stands for an item already faulted. */
export function faultTwins(fields: readonly Field[], values: readonly string[]): void {
  const firsts = new Map<string, Field>()
  for (const [i, field] of fields.entries()) {
    const value = values[i] ?? ''
    const first = firsts.get(value)
    if (value !== '' && first) fault(field, `it was named before, in ${first.path}; name it once`, shown(value))
    if (!first) firsts.set(value, field)
  }
}
