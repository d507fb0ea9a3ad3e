/** How a page, a form and a file of the dashboard become routes: the texts of the address and of a form, the reader, the language, the API to ask. */
import { Type, type TSchema } from 'typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../../data/access/keys.ts'
import { readerOf } from '../plugins/access.ts'
import { formatOf, type Format, type Lang } from '../report/words/format.ts'
import { askFor, type Ask } from './ask.ts'
import { langOf } from './lang.ts'
import { frame, type View } from './frame.ts'

/** The names in an address: `'settlement' | 'partner'` of `/settlements/:settlement/partners/:partner`. */
type NamesIn<Url extends string> = Url extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Url extends `${string}:${infer Name}`
    ? Name
    : never

/** What a page is made from. */
export interface Asked<Params extends string, Query extends string> {
  /** the public API, in the reader's name */
  readonly ask: Ask
  readonly reader: Identity
  readonly lang: Lang
  readonly format: Format
  /** scheme and host that the reader came by, for a link that is handed on */
  readonly origin: string
  readonly params: Readonly<Record<Params, string>>
  readonly query: Readonly<Partial<Record<Query, string>>>
}

const Text = Type.String({ maxLength: 2_000 })
const textsOf = (names: readonly string[], schema: TSchema): TSchema =>
  Type.Object(Object.fromEntries(names.map((name) => [name, schema])))
const namesIn = (url: string): string[] => [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')

const paramsOf = (url: string): TSchema => textsOf(namesIn(url), Text)
/** Of what is read: the address alone says what, and in which language. */
const readSchema = (url: string, query: readonly string[]) => ({
  hide: true,
  params: paramsOf(url),
  querystring: textsOf([...query, 'lang'], Type.Optional(Text)),
})

/** No connection to the database is held for a page: what it asks of the API has one while it is answered. */
export const CONFIG = { page: true, inThread: true, asks: true } as const

export const askedOf = <P extends string, Q extends string>(request: FastifyRequest): Asked<P, Q> => {
  const lang = langOf(request)
  return {
    ask: askFor(request),
    reader: readerOf(request),
    lang,
    format: formatOf(lang),
    origin: `${request.protocol}://${request.host}`,
    params: request.params as Record<P, string>, // of the route's schema
    query: request.query as Partial<Record<Q, string>>,
  }
}

/** A page at an address; api/rights.ts says for whom.
 *  @param query names of the texts that the address may carry behind its question mark */
export function definePage<Url extends string, Query extends string = never>(
  app: FastifyInstance,
  url: Url,
  query: readonly Query[],
  render: (asked: Asked<NamesIn<Url>, Query>) => Promise<View>,
): void {
  app.get(url, { config: CONFIG, schema: readSchema(url, query) }, async (request, reply) => {
    const asked = askedOf<NamesIn<Url>, Query>(request)
    return sendPage(request, reply, await render(asked))
  })
}

/** Where a form leads: to a page, or, where it cannot be carried out, back to itself with what was wrong and everything that was typed. */
export type Acted = { readonly to: string } | View

/** What a form was filled in with, and the key under which it is carried out once however often it is sent. */
export interface Sent<Params extends string, Field extends string> extends Asked<Params, never> {
  readonly fields: Readonly<Record<Field, string>>
  readonly key: string
}

/** What a form may be as a whole, in bytes: a contract is the longest that is typed. */
const FORM_BYTES = 1_000_000

/** What a form posts to; its fields are texts, those that are left out empty. */
export function defineForm<Url extends string, Field extends string>(
  app: FastifyInstance,
  url: Url,
  fields: readonly Field[],
  act: (sent: Sent<NamesIn<Url>, Field>) => Promise<Acted>,
): void {
  const schema = {
    hide: true,
    params: paramsOf(url),
    body: textsOf([...fields, KEY_FIELD], Type.Optional(Type.String({ maxLength: FORM_BYTES }))),
  }
  app.post(url, { config: CONFIG, schema, bodyLimit: FORM_BYTES }, async (request, reply) => {
    const body = request.body as Readonly<Record<string, string | undefined>> // of the route's schema
    const sent = {
      ...askedOf<NamesIn<Url>, never>(request),
      fields: Object.fromEntries(fields.map((name) => [name, body[name] ?? ''])) as Record<Field, string>,
      key: body[KEY_FIELD] || request.id,
    }
    const acted = await act(sent)
    return 'to' in acted ? reply.redirect(acted.to, 303) : sendPage(request, reply, acted)
  })
}

/** The hidden field of every form with the key of what it asks for. */
export const KEY_FIELD = 'key'

export interface FileSent {
  readonly type: string
  readonly name: string
  readonly bytes: Buffer | string
}

/** A file to download at an address. */
export function defineFile<Url extends string, Query extends string = never>(
  app: FastifyInstance,
  url: Url,
  query: readonly Query[],
  make: (asked: Asked<NamesIn<Url>, Query>) => Promise<FileSent>,
): void {
  app.get(url, { config: CONFIG, schema: readSchema(url, query) }, async (request, reply) => {
    const { type, name, bytes } = await make(askedOf<NamesIn<Url>, Query>(request))
    const safe = name.replaceAll(/[^\w.-]+/g, '-')
    return reply.type(type).header('content-disposition', `attachment; filename="${safe}"`).send(bytes)
  })
}

/** A page as it is sent, in the frame that all have. */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, view: View): Promise<FastifyReply> {
  const { reader, url } = request
  const page = await frame(view, { lang: langOf(request), reader, url })
  return reply
    .code(view.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(page)
}
