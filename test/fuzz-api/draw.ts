/** Requests drawn out of the document: right ones with what exists in either region, and the same with something broken. */
import { RIGHTS } from '../../api/rights.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'
import type { Document, Operation, Schema } from './document.ts'
import type { Asker, World } from './world.ts'

export interface Drawn {
  readonly asker: Asker
  readonly operation: Operation
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | Buffer | undefined
  /** what was put in: an answer may repeat it */
  readonly words: readonly string[]
  /** what was broken on purpose; empty: nothing */
  readonly broken: string
}

/** Texts that something may stumble over. */
const AWKWARD: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff x',
  '\u202e',
  '😀',
  'é'.repeat(300),
  'x'.repeat(5_000),
  "' or 1=1 --",
  '%',
  '_',
  '../../etc/passwd',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-0',
  '1e999',
  '2026-02-30',
  '9999-12-31',
  '0000-00-00',
  '12345678',
  'a'.repeat(64),
  '0'.repeat(64),
  '<script>alert(1)</script>',
  '\r\nx-injected: 1',
  '{{7*7}}',
  '=1+1',
]
const NUMBERS: readonly number[] = [
  0, -1, 1, 0.5, -0, 1e21, 1e308, -1e308, 2_147_483_647, 2_147_483_648, -2_147_483_649, 9_007_199_254_740_991, 9.3e18,
  1e-300,
]
const WRONG_TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'x',
  '',
]

/** Draws the request of a number: the same seed and number, the same request. */
export function drawn(world: World, document: Document, seed: number, number: number): Drawn {
  return new Drawing(world, document, randomOf(seed, number)).request()
}

class Drawing {
  private readonly words: string[] = []
  private asker: Asker = { role: 'nobody', subject: '', mark: null, token: null }

  constructor(
    private readonly world: World,
    private readonly document: Document,
    private readonly random: Random,
  ) {}

  private chance(p: number): boolean {
    return this.random.uniform() < p
  }

  private pick<T>(of: readonly T[]): T {
    return of[this.random.below(of.length)] as T
  }

  request(): Drawn {
    const operation = this.pick(this.document.operations)
    const asker = (this.asker = this.askerOf(operation))
    const broken = this.chance(0.5) ? this.pick(BREAKS) : ''
    const hasBody = Object.keys(operation.bodies).length > 0
    const { type, payload } = this.bodyOf(operation, broken)
    const method =
      broken === 'method' ? this.pick(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST', 'GET']) : operation.method
    const headers: Record<string, string> = {}
    if (hasBody || broken === 'body of nobody') headers['content-type'] = type
    if (asker.token !== null) headers.authorization = `Bearer ${asker.token}`
    if (broken === 'credential')
      headers.authorization = this.pick([
        'Bearer',
        'Basic YTpi',
        'Bearer  ',
        `Bearer ${'x'.repeat(5_000)}`,
        'bearer a b',
      ])
    if (broken === 'length') headers['content-length'] = this.pick(['0', '1', '999999', '-1', 'x'])
    if (broken === 'header')
      headers[
        this.pick([
          'if-none-match',
          'idempotency-key',
          'accept',
          'traceparent',
          'cookie',
          'x-forwarded-for',
          'last-event-id',
        ])
      ] = this.latin(this.pick(AWKWARD))
    const url = this.urlOf(operation, broken)
    return {
      asker,
      operation,
      method,
      url,
      headers,
      payload: hasBody || broken === 'body of nobody' ? payload : undefined,
      words: this.words,
      broken,
    }
  }

  /** Mostly somebody who may ask it. */
  private askerOf({ method, path }: Operation): Asker {
    const right = RIGHTS[`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`]
    if (right === undefined || right === 'public' || this.chance(0.3)) return this.pick(this.world.askers)
    return this.pick(this.world.askers.filter(({ role }) => role !== 'nobody' && role in right))
  }

  private latin(text: string): string {
    return text.replace(/[^\x20-\x7e]/g, '')
  }

  private urlOf({ path, parameters }: Operation, broken: string): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const schema = parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {}
      return this.escaped(broken === 'path' ? this.pick(AWKWARD) : String(this.value(schema, name)))
    })
    const query: string[] = []
    for (const { name, in: place, required, schema } of parameters) {
      if (place !== 'query' || (!required && this.chance(0.5))) continue
      const value =
        broken === 'query' && this.chance(0.6)
          ? this.pick([...AWKWARD, ...NUMBERS.map(String)])
          : String(this.value(schema, name))
      query.push(`${name}=${this.escaped(value)}`)
      if (broken === 'twice') query.push(`${name}=${this.escaped(value)}`)
    }
    if (broken === 'unknown parameter') query.push(`${this.pick(['x', 'as_off', '__proto__', 'a%00b', 'limit[]'])}=1`)
    if (broken === 'escape') query.push(this.pick(['a=%zz', '%', 'a=%ff%fe', 'a=%ed%a0%80', '&&==&']))
    return query.length === 0 ? filled : `${filled}?${query.join('&')}`
  }

  /** As it stands in an address; of half a character the bytes that somebody would send. */
  private escaped(text: string): string {
    this.words.push(text)
    return encodeURIComponent(text.replace(/\p{Cs}/gu, '\u0001')).replaceAll('%01', '%ED%A0%80')
  }

  private bodyOf({ bodies }: Operation, broken: string): { type: string; payload: string | Buffer } {
    const types = Object.keys(bodies)
    const type = types.length === 0 ? 'application/json' : this.pick(types)
    const schema = bodies[type]?.schema ?? { type: 'object' }
    const value = this.value(schema, 'body')
    const wrong = broken === 'content type' ? this.pick(WRONG_TYPES) : type
    const text = this.textOf(type, broken === 'value in the body' ? this.spoilt(value) : value, broken)
    if (broken === 'bytes')
      return { type: wrong, payload: Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0xc0])]) }
    return { type: wrong, payload: text }
  }

  private textOf(type: string, value: unknown, broken: string): string {
    if (broken === 'depth')
      return this.pick(['['.repeat(10_000), `{"a":`.repeat(2_000), '- '.repeat(5_000), '[[[[[[]]]]]]'])
    if (broken === 'many keys') return `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`
    const text = typeof value === 'string' && !type.includes('json') ? value : (JSON.stringify(value) ?? '')
    if (broken === 'syntax')
      return text.slice(0, this.random.below(text.length + 1)) + this.pick(['', '}', ',', '"', '\\', '\0'])
    if (broken === 'key twice') return text.replace(/^\{/, '{"note":"a","note":"b",')
    if (broken === 'unknown key') return text.replace(/^\{/, '{"surprise":1,')
    return text
  }

  /** The value with one part of it, anywhere, replaced by one of another kind. */
  private spoilt(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || this.chance(0.2)) return this.wild()
    const keys = Object.keys(value)
    const key = this.pick(keys)
    if (key === undefined) return this.wild()
    if (this.chance(0.2)) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    return { ...value, [key]: this.spoilt((value as Record<string, unknown>)[key]) }
  }

  private wild(): unknown {
    const text = this.pick(AWKWARD)
    this.words.push(text)
    return this.pick<unknown>([null, true, [], {}, [[]], { a: { b: [1] } }, this.pick(NUMBERS), text, [text]])
  }

  /** A value that the schema allows, of what exists where its name says what it is. */
  private value(unresolved: Schema, name: string): unknown {
    const schema = this.document.resolve(unresolved)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return this.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.value(this.pick(choices), name)
    const type = Array.isArray(schema.type) ? this.pick(schema.type as readonly string[]) : schema.type
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => this.value(each, name))) as object
    if (type === 'object' || schema.properties) return this.mapping(schema)
    if (type === 'array')
      return Array.from({ length: this.random.below(3) }, () => this.value(schema.items ?? {}, name))
    if (type === 'integer') return this.whole(schema)
    if (type === 'number') return this.chance(0.5) ? this.whole(schema) : this.random.normal() * 50
    if (type === 'boolean') return this.chance(0.5)
    if (type === 'null') return null
    return this.text(schema, name)
  }

  private mapping({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const names = Object.keys(properties).filter((name) => required.includes(name) || this.chance(0.5))
    return Object.fromEntries(names.map((name) => [name, this.value(properties[name] ?? {}, name)]))
  }

  private whole({ minimum = 0, maximum = 1_000 }: Schema): number {
    if (this.chance(0.2)) return this.pick([minimum, maximum])
    return minimum + this.random.below(Math.min(maximum - minimum, 1_000) + 1)
  }

  private text({ pattern, description = '' }: Schema, name: string): string {
    const text = this.plainText(name, pattern, description)
    this.words.push(text)
    return text
  }

  private plainText(name: string, pattern: string | undefined, description: string): string {
    const known = this.world.known[name] ?? []
    const own = known.filter((each) => this.isOwn(name, each))
    if (known.length > 0 && this.chance(0.9)) {
      const one = this.pick(own.length > 0 && this.chance(0.6) ? own : known)
      // The first digits of an id will do.
      return /^[0-9a-f]{64}$/.test(one) && this.chance(0.2) ? one.slice(0, 8 + this.random.below(56)) : one
    }
    if (name === 'body') return this.contract()
    if (/YYYY-MM-DD/.test(description) || /(_on|as_of|^on|until|since)$/.test(name))
      return this.pick(['2026-01-01', '2025-06-30', '2030-01-01', '2026-13-01'])
    if (pattern?.includes('0-9a-f')) return this.pick(['0123456789abcdef'.repeat(4), 'f'.repeat(64), '01234567'])
    return this.pick(['zeker', 'as agreed on the telephone', 'x', 'p77', 'é€', ...(this.chance(0.2) ? AWKWARD : [])])
  }

  /** Whether it is of the one who asks: its region, and of a partner itself and its patients. */
  private isOwn(name: string, it: string): boolean {
    const { mark, role, subject } = this.asker
    if (mark === null) return false
    if (name.startsWith('partner')) return role === 'partner' ? it === subject : it !== 'p90'
    if (name.startsWith('patient')) return it.endsWith(mark) && (role !== 'partner' || it.startsWith(subject))
    return it.includes(mark) || this.world.secrets[mark].includes(it)
  }

  /** A contract in YAML, more or less. */
  private contract(): string {
    // Another region's name would be this region's from then on.
    const name = this.pick(['nieuw', 'ander', 'f'.repeat(64)])
    this.words.push(name)
    const cut = this.chance(0.1) ? this.random.below(300) : 10_000
    return `contract: ${name}
title: ${this.pick(['Nieuw', 'Nieuw', 'Nieuw', 'Nieuw', '"a\\0b"', '""', '1', '"\\ud800"'])}
programme: ${this.pick(['dm2', 'dm2', 'dm2', 'none'])}
period: {start: 2025-01-01, end: 2025-12-31}
reference: {start: 2021-01-01, end: 2024-12-31}
outcomes:
  - {measure: hba1c, price_eur: ${this.pick(['12.5', '12.5', '7', '3', '-1', '1e400', '.nan', '"x"'])}, horizon_days: 365, window_days: 120, baseline_days: 450}
share: {gain: 0.5, loss: 0.0}
`.slice(0, cut)
  }
}

/** What may be wrong with a request. */
const BREAKS = [
  'method',
  'credential',
  'length',
  'header',
  'path',
  'query',
  'twice',
  'unknown parameter',
  'escape',
  'content type',
  'value in the body',
  'value in the body',
  'bytes',
  'depth',
  'many keys',
  'syntax',
  'key twice',
  'unknown key',
  'body of nobody',
] as const
