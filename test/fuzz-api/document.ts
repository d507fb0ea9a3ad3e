/** The operations of the OpenAPI document, as requests are drawn from and answers are held to. */
import type { FastifyInstance } from 'fastify'

/** The parts of a JSON Schema that values are drawn from. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly description?: string
  readonly $ref?: string
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** of its body, by content type; empty: it has none */
  readonly bodies: Content
  readonly answers: Readonly<Record<string, { readonly content?: Content }>>
}

interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Operation['answers']
}

export interface Document {
  readonly whole: object
  readonly operations: readonly Operation[]
  resolve(schema: Schema): Schema
}

export async function documentOf(app: FastifyInstance): Promise<Document> {
  const whole: { paths: Record<string, Record<string, Described>> } = (await app.inject('/openapi.json')).json()
  const operations = Object.entries(whole.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      bodies: requestBody?.content ?? {},
      answers: responses,
    })),
  )
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema
    let at: unknown = whole
    for (const key of schema.$ref.slice(2).split('/')) at = (at as Record<string, unknown>)[key]
    return resolve(at as Schema)
  }
  return { whole, operations, resolve }
}
