/** What every answer is held to: its status, its documented shape, its time, and that nobody in it is another's. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { LightMyRequestResponse } from 'fastify'
import type { Document, Operation } from './document.ts'
import type { Drawn } from './draw.ts'
import { MARKS, type World } from './world.ts'

/** What any address may answer without saying so: what it is asked with is not what it has, or cannot be read at all. */
const ANYWHERE = [400, 404, 405, 408, 413, 414, 415, 429, 431]
export const MOST_MS = 1_000

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string', minLength: 1 },
    status: { type: 'integer' },
    detail: { type: 'string', pattern: '[.)]$' },
    code: { type: 'string', pattern: '^[a-z_]+$' },
    facts: { type: 'object' },
  },
  additionalProperties: false,
}

export class Holding {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false })
  private readonly validators = new Map<object, ValidateFunction>()
  private readonly isProblem = this.ajv.compile(PROBLEM)

  constructor(
    private readonly world: World,
    private readonly document: Document,
  ) {
    // All at once, so that what they take is not mistaken for what the app keeps.
    for (const { answers } of document.operations)
      for (const { content = {} } of Object.values(answers))
        for (const { schema } of Object.values(content)) if (schema) this.validatorOf(schema)
  }

  /** What is wrong with the answer; null: nothing. */
  faultOf(request: Drawn, answer: LightMyRequestResponse, ms: number): string | null {
    if (answer.statusCode >= 500) return `answers ${answer.statusCode}: ${answer.body.slice(0, 300)}`
    if (ms > MOST_MS) return `takes ${Math.round(ms)} ms`
    return this.shapeFault(request, answer) ?? this.foreignIn(request, answer)
  }

  private shapeFault({ operation, method }: Drawn, answer: LightMyRequestResponse): string | null {
    const { statusCode: status, body } = answer
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
    if (status >= 400 && type !== 'text/html') {
      if (method === 'HEAD' && body === '') return null
      if (type !== 'application/problem+json')
        return `answers ${status} as ${type}, which is no problem document: ${body.slice(0, 200)}`
      const problem: unknown = JSON.parse(body)
      if (!this.isProblem(problem)) return `answers ${status} with ${this.ajv.errorsText(this.isProblem.errors)}`
      if ((problem as { status: number }).status !== status) return 'says another status in its problem'
    }
    // A method or an address that is not of the document has no more to keep to.
    if (method !== operation.method) return null
    const documented = operation.answers[String(status)]
    if (!documented) return ANYWHERE.includes(status) ? null : `answers ${status}, which the document does not have`
    if (status >= 400 || status === 304 || status === 204) return null
    const schema = documented.content?.[type]?.schema
    if (!documented.content) return null
    if (!schema) return `answers ${status} as ${type}, which the document does not have`
    if (type !== 'application/json') return null
    const validate = this.validatorOf(schema)
    return validate(JSON.parse(body))
      ? null
      : `answers ${status} outside its schema: ${this.ajv.errorsText(validate.errors).slice(0, 300)}`
  }

  private validatorOf(schema: object): ValidateFunction {
    const known = this.validators.get(schema)
    if (known) return known
    // References lead into the document, whose other parts are no schemas.
    const components = (this.document.whole as { components?: object }).components ?? {}
    const refers = JSON.stringify(schema).includes('"$ref"')
    const made = this.ajv.compile({ ...withoutIds(schema), ...(refers ? { components: withoutIds(components) } : {}) })
    this.validators.set(schema, made)
    return made
  }

  private foreignIn(request: Drawn, { body, headers }: LightMyRequestResponse): string | null {
    const { asker, words } = request
    // The document is everybody's, and made of no row.
    if (request.operation.path === '/openapi.json') return null
    const shown = request.operation.path === '/v1/audit' ? withoutAsked(body) : body
    const said = withoutWords(`${shown}\n${JSON.stringify(headers)}`, [...words, decoded(request.url)])
    for (const mark of MARKS) {
      if (mark === asker.mark) continue
      const secret = this.world.secrets[mark].find((each) => said.includes(each))
      if (secret !== undefined) return `shows ${secret.slice(0, 16)} of ${mark}: …${around(said, secret)}…`
    }
    if (asker.role === 'partner') {
      const other = said.match(/\bp\d\d-\d{3}[a-z]*/g)?.find((patient) => !patient.startsWith(asker.subject))
      if (other) return `shows the partner ${asker.subject} the patient ${other}`
    }
    if (['researcher', 'nobody'].includes(asker.role) && /\bp(0[1-9]|90)\b/.test(said))
      return `shows ${asker.role} a partner's real id`
    return null
  }
}

const around = (text: string, word: string): string => {
  const at = text.indexOf(word)
  return text.slice(Math.max(0, at - 60), at + word.length + 60)
}

const decoded = (url: string): string => {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** The audit log without what its region's own readers asked for, which may be words of anywhere: of a refused look the patient too. */
function withoutAsked(body: string): string {
  if (body === '') return ''
  return JSON.stringify(JSON.parse(body), (key, each: unknown) => {
    if (key === 'object' || key === 'on_behalf_of') return null
    return isRefused(each) ? { ...each, patients: null } : each
  })
}

const isRefused = (each: unknown): each is object =>
  typeof each === 'object' && each !== null && 'outcome' in each && each.outcome === 'refused'

/** What is said beside what was asked: an answer may repeat a word of its request. */
function withoutWords(text: string, words: readonly string[]): string {
  const long = words.filter((word) => word.length > 1).sort((a, b) => b.length - a.length)
  return long.reduce((left, word) => left.replaceAll(word, '').replaceAll(JSON.stringify(word).slice(1, -1), ''), text)
}

/** Schemas are written out in each place with the same $id; a validator wants each once. */
function withoutIds(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === '$id' ? undefined : each))) as object
}

export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`
