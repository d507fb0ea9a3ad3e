/** References between resources as keys: literal, `urn:uuid:`, conditional (`Organization?identifier=…`), logical and contained. */
import { createHash, randomBytes } from 'node:crypto'
import { passesElevenTest } from '../../files/bsn.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import { codingsOf, first, many, text } from './elements.ts'
import type { Element } from './elements.ts'

/** What a resource is found by. */
export type Key = string

/** A citizen number may be how a reference names someone. It is compared within one import, and never written down. */
const secret = randomBytes(32)

export class References {
  constructor(private readonly codes: Codes) {}

  /** Everything a resource can be referred to by. */
  keysOf(type: string, id: string, fullUrl: string, identifiers: unknown): Key[] {
    const keys = id === '' ? [] : [`${type}/${id}`]
    if (fullUrl !== '') keys.push(this.keyOfText(fullUrl))
    for (const identifier of many(identifiers)) {
      const [system, value] = [text(identifier.system), text(identifier.value)]
      if (value === '') continue
      keys.push(this.identified(type, system, value))
      if (!this.isCitizenNumber(identifier)) keys.push(this.identified(type, '', value))
    }
    return [...new Set(keys)].filter((key) => key !== '')
  }

  /** What a Reference element refers to; blank if nothing.
   *  @param holder key of the resource that it stands in, for what it contains itself
   *  @param type of what it must refer to, where it does not say */
  keyOf(reference: unknown, holder: Key, type: string): Key {
    const element = first(reference)
    const literal = text(element.reference) || (typeof reference === 'string' ? reference : '')
    if (literal.startsWith('#')) return `${holder}${literal}`
    if (literal !== '') return this.keyOfText(literal)
    const { system, value } = first(element.identifier)
    return text(value) === '' ? '' : this.identified(text(element.type) || type, text(system), text(value))
  }

  /** Several references, those that lead somewhere. */
  keysIn(references: unknown, holder: Key, type: string): Key[] {
    return many(references)
      .map((each) => this.keyOf(each, holder, type))
      .filter((key) => key !== '')
  }

  /** Whether an identifier is a citizen number, here or elsewhere: by its system, or by what HL7's table 0203 says that it is. */
  isCitizenNumber(identifier: Element): boolean {
    const system = text(identifier.system)
    if (this.codes.systemOf(system) === 'BSN' || nationalSystem.test(system)) return true
    return codingsOf(identifier.type).some(({ code }) => nationalType.test(code))
  }

  private keyOfText(reference: string): Key {
    if (/^urn:/i.test(reference)) return reference.toLowerCase()
    const query = /([A-Z][A-Za-z]+)\?(?:.*&)?identifier=([^&]*)/.exec(reference)
    if (query) {
      const [system = '', value] = decoded(query[2] ?? '').split('|')
      return value === undefined
        ? this.identified(query[1] ?? '', '', system)
        : this.identified(query[1] ?? '', system, value)
    }
    const literal = /([A-Z][A-Za-z]+)\/([^/?#]+)(?:\/_history\/[^/]+)?$/.exec(reference)
    return literal ? `${literal[1]}/${literal[2]}` : reference
  }

  private identified(type: string, system: string, value: string): Key {
    const secretly = this.codes.systemOf(system) === 'BSN' || (type === 'Patient' && system === '' && isBsnLike(value))
    if (!secretly) return `${type}?${system}|${value}`
    return `${type}?BSN|${createHash('sha256').update(secret).update(value).digest('hex')}`
  }
}

const nationalSystem = /(\b|-)(ssn|ssin|nhs-number|ihi|kvid-10)\b/i
const nationalType = /^(SS|SB|NI|NN[A-Z]*|NH|NIIP|PPN|DL|HC|JHN|MC|KVZ10|GKV)$/
const isBsnLike = (value: string): boolean => /^\d{8,9}$/.test(value) && passesElevenTest(value)

/** Why a key is of no patient; blank if it is of one. Ids are shared by kinds: a Group may be called as a Patient is. */
export function whyNoPatient(key: Key): string {
  if (key === '') return 'without a patient'
  if (key.includes('#')) return 'of a patient that only it contains'
  return /^(?!Patient[/?])[A-Z][A-Za-z]+[/?]/.test(key) ? 'of something other than a patient' : ''
}

/** The id that a key shows, for a table or for people; never a citizen number. */
export function shownId(key: Key): string {
  if (key.includes('?BSN|')) return 'named by citizen number only'
  return key.replace(/^urn:(uuid|oid):/, '').replace(/^[A-Z][A-Za-z]+(\/|\?.*\|)/, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
