/** References between resources as keys: literal, `urn:uuid:`, conditional (`Organization?identifier=…`), logical and contained. */
import { createHash, randomBytes } from 'node:crypto'
import { passesElevenTest } from '../../files/bsn.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import { codingsOf, first, many, text } from './elements.ts'
import { serverOf } from './resources.ts'
import type { Element } from './elements.ts'

/** What a resource is found by. */
export type Key = string

/** A citizen number may be how a reference names someone. It is compared within one import, and never written down. */
const secret = randomBytes(32)

export class References {
  private readonly only: string | undefined

  /** @param servers that the source is of; of several, an id says nothing without its server, and of one, that of another server is
   *  somebody else's */
  constructor(
    private readonly codes: Codes,
    private readonly servers: readonly string[] = [],
  ) {
    this.only = servers.length === 1 ? hostOf(servers[0] ?? '') : undefined
  }

  /** Everything a resource can be referred to by. */
  keysOf(type: string, id: string, fullUrl: string, identifiers: unknown): Key[] {
    const server = serverOf(fullUrl)
    const keys = id === '' ? [] : [this.literal(type, id, server)]
    if (fullUrl !== '') keys.push(this.keyOfText(fullUrl, server))
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
    if (literal !== '') return this.keyOfText(literal, serverIn(holder))
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

  /** A resource of a server; of the only one, its server is no news. */
  private literal(type: string, id: string, server: string): Key {
    const isNews = this.only === undefined ? this.servers.length > 1 : hostOf(server) !== this.only
    return isNews && server !== '' ? `${type}/${id}@${server}` : `${type}/${id}`
  }

  /** The server of what a key refers to; blank where nobody says. */
  serverOf(key: Key): string {
    return serverIn(key) || (this.servers.length === 1 ? (this.servers[0] ?? '') : '')
  }

  /** @param server whose resource it is where the reference does not say */
  private keyOfText(reference: string, server: string): Key {
    if (/^urn:/i.test(reference)) return reference.toLowerCase()
    const query = /([A-Z][A-Za-z]+)\?(?:.*&)?identifier=([^&]*)/.exec(reference)
    if (query) {
      const [system = '', value] = decoded(query[2] ?? '').split('|')
      return value === undefined
        ? this.identified(query[1] ?? '', '', system)
        : this.identified(query[1] ?? '', system, value)
    }
    const literal = /([A-Z][A-Za-z]+)\/([^/?#]+)(?:\/_history\/[^/]+)?$/.exec(reference)
    return literal ? this.literal(literal[1] ?? '', literal[2] ?? '', serverOf(reference) || server) : reference
  }

  private identified(type: string, system: string, value: string): Key {
    const secretly = this.codes.systemOf(system) === 'BSN' || (type === 'Patient' && system === '' && isBsnLike(value))
    if (!secretly) return `${type}?${system}|${value}`
    return `${type}?BSN|${createHash('sha256').update(secret).update(value).digest('hex')}`
  }
}

/** A server by what of its address does not change with how it is asked. */
const hostOf = (server: string): string => server.replace(/^https?:\/\//, '').replace(/\/+$/, '')

/** The server that a key is qualified with. */
const serverIn = (key: Key): string => /@(https?:[^#]*)/.exec(key)?.[1] ?? ''

/** An id with the server whose it is, as the region has it. */
export const qualifiedId = (id: string, server: string): string => `${server.replace(/^https?:\/\//, '')}/${id}`

const nationalSystem = /(\b|-)(ssn|ssin|nhs-number|ihi|kvid-10)\b/i
const nationalType = /^(SS|SB|NI|NN[A-Z]*|NH|NIIP|PPN|DL|HC|JHN|MC|KVZ10|GKV)$/
const isBsnLike = (value: string): boolean => /^\d{8,9}$/.test(value) && passesElevenTest(value)

/** Why a key is of no patient; blank if it is of one. Ids are shared by kinds: a Group may be called as a Patient is. */
export function whyNoPatient(key: Key): string {
  if (key === '') return 'without a patient'
  if (key.includes('#')) return 'of a patient that only it contains'
  return /^(?!Patient[/?])[A-Z][A-Za-z]+[/?]/.test(key) ? 'of something other than a patient' : ''
}

/** Whether a key is an id of some server, and no identifier. */
export const isLiteral = (key: Key): boolean => /^[A-Z][A-Za-z]+\//.test(key)

/** The id that a key shows, for a table or for people; never a citizen number. */
export function shownId(key: Key): string {
  if (key.includes('?BSN|')) return 'named by citizen number only'
  return key
    .replace(/^urn:(uuid|oid):/, '')
    .replace(/^[A-Z][A-Za-z]+(\/|\?.*\|)/, '')
    .replace(/@https?:.*$/, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
