/** The fields that every part of a programme file has: keys, titles in two languages, lists of codes. */
import { entries, fault, type Field, mapping, text, texts } from '../kernel/document.ts'
import type { Title } from './programme.ts'

const KEY = /^[A-Za-z][A-Za-z0-9_-]*$/
const keyMust = 'a key starts with a letter and goes on with letters, digits, _ or -'

export function key(field: Field): string {
  const found = text(field)
  if (found !== '' && !KEY.test(found)) fault(field, keyMust)
  return found
}

export function keyFault(field: Field, name: string): void {
  if (!KEY.test(name)) fault(field, keyMust, `the key ${JSON.stringify(name)}`)
}

/** `{nl, en}`, or one text for both. */
export function titleOf(field: Field): Title {
  if (typeof field.value === 'string') {
    const both = text(field)
    return { nl: both, en: both }
  }
  const { nl, en } = mapping(field, ['nl', 'en'])
  return { nl: text(nl), en: text(en) }
}

export const codeLists = (field: Field): Record<string, readonly string[]> =>
  Object.fromEntries(entries(field, 'code systems to lists of codes').map(([system, list]) => [system, codesOf(list)]))

const codesOf = (list: Field): string[] => texts(list, 'codes', codeOf)

/** A code is a text; a whole number reads as its digits, which is how code tables such as NHG 45 print them. */
const codeOf = (field: Field): string => (Number.isSafeInteger(field.value) ? String(field.value) : text(field))
