/** Strict requests, by one mechanism for every route: what a schema does not name is refused, and nothing is taken for another type. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The parts of a JSON Schema that are looked at here. */
interface Schema {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
  readonly minimum?: number
  readonly maximum?: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** how the texts of the address become what the route's schema asks for */
    address?: AddressRule
  }
}

/** Of a query or the parameters of a path: which are whole numbers, and which may be given more than once. */
interface Texts {
  readonly integers: readonly string[]
  readonly lists: readonly string[]
}
interface AddressRule {
  readonly query: Texts
  readonly params: Texts
}

/** What PostgreSQL keeps as a whole number of four bytes; a schema that means more says so. */
const INT4 = { minimum: -2_147_483_648, maximum: 2_147_483_647 }

/** The schema with every mapping closed that does not say itself that it is open. */
export function closed(schema: Schema): Schema {
  if (schema.content) {
    const entries = Object.entries(schema.content).map(([type, each]) => [
      type,
      { ...each, schema: closed(each.schema) },
    ])
    return { ...schema, content: Object.fromEntries(entries) as NonNullable<Schema['content']> }
  }
  if (schema.allOf?.every(({ properties }) => properties)) return closed(merged(schema))
  if (schema.anyOf) return { ...schema, anyOf: schema.anyOf.map(closed) }
  if (schema.type === 'array' && schema.items) return { ...schema, items: closed(schema.items) }
  if (schema.type === 'integer') return { ...INT4, ...schema }
  if (schema.type !== 'object' || !schema.properties) return schema
  const properties = Object.entries(schema.properties).map(([name, each]) => [name, closed(each)])
  return {
    additionalProperties: false,
    ...schema,
    properties: Object.fromEntries(properties) as Record<string, Schema>,
  }
}

/** Several mappings that must all hold as the one that they are: closed one by one they would refuse each other's keys. */
function merged({ allOf = [], ...rest }: Schema): Schema {
  return {
    ...rest,
    type: 'object',
    properties: Object.assign({}, ...allOf.map(({ properties }) => properties)) as Record<string, Schema>,
    required: allOf.flatMap(({ required = [] }) => required),
  }
}

const NOTHING: Schema = { type: 'object', properties: {}, additionalProperties: false }

function closeRoute(route: RouteOptions): void {
  // The documentation brings routes and files of its own.
  if (route.url.startsWith('/docs')) return
  const { querystring = NOTHING, params, body, ...rest } = (route.schema ?? {}) as Readonly<Record<string, Schema>>
  const query = closed(querystring)
  route.schema = {
    ...rest,
    querystring: query,
    ...(params ? { params: closed(params) } : {}),
    ...(body ? { body: closed(body) } : {}),
  }
  route.config = { ...route.config, address: { query: textsOf(query), params: textsOf(params ?? NOTHING) } }
}

function textsOf(schema: Schema): Texts {
  const { properties = {} } = closed(schema)
  const named = (type: string) => Object.keys(properties).filter((name) => properties[name]?.type === type)
  return { integers: named('integer'), lists: named('array') }
}

/** Texts as the schema asks for them; what is no whole number stays a text, which the schema then refuses. */
function readTexts(given: Record<string, unknown>, { integers, lists }: Texts): void {
  for (const name of integers) {
    const text = given[name]
    if (typeof text === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(text)) given[name] = Number(text)
  }
  for (const name of lists) if (typeof given[name] === 'string') given[name] = [given[name]]
}

/** Refuses a text, wherever it stands in what was sent, that no store can keep; what is still to be read is none yet. */
function refuseUnstorable(value: unknown, where: string): void {
  if (typeof value === 'string') {
    if (/\p{Cs}/u.test(value))
      throw new Refusal(
        'invalid_request',
        `${where} holds half of a character (a lone surrogate); write the whole one.`,
      )
    if (value.includes('\0'))
      throw new Refusal('invalid_request', `${where} holds the character NUL, which no text has.`)
  } else if (Array.isArray(value)) for (const [i, each] of value.entries()) refuseUnstorable(each, `${where}/${i}`)
  else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && !(value instanceof Readable))
    for (const [key, each] of Object.entries(value)) {
      refuseUnstorable(key, `A name in ${where}`)
      refuseUnstorable(each, `${where}/${key.slice(0, 60)}`)
    }
}

const isNothing = (body: unknown): boolean =>
  body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)

/** Before the schemas look: texts that cannot be kept, whole numbers, bodies of a kind that the route does not read. */
function readRequest(request: FastifyRequest): void {
  const { config, schema } = request.routeOptions
  for (const part of ['params', 'query'] as const) {
    refuseUnstorable(request[part], part === 'query' ? 'The query' : 'The address')
    if (config.address) readTexts(request[part] as Record<string, unknown>, config.address[part])
  }
  if (typeof request.body === 'object' || typeof request.body === 'string') refuseUnstorable(request.body, 'The body')
  const body = schema?.body as Schema | undefined
  if (!body && !isNothing(request.body) && request.routeOptions.config.address)
    throw new Refusal('invalid_request', 'The request has a body, where none is asked for; leave it out.')
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (body?.content && !(type in body.content))
    throw new Refusal(
      'unsupported_media_type',
      `The body is not of a content type that is read here: ${Object.keys(body.content).join(', ')}.`,
    )
}

export const strict = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', closeRoute)
    app.addHook('preValidation', async (request) => readRequest(request))
  },
  { name: 'strict' },
)
