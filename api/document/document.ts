/** The description of the API made complete: names, examples, problems described once. */
import { STATUS_CODES } from 'node:http'
import { Problem } from '../schemas/problem.ts'
import { BODIES, PARAMETERS } from './examples.ts'
import { operationNameOf } from './operation-names.ts'

/** Of an OpenAPI document what is read and written here. */
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: object
}
interface Content {
  schema?: unknown
  example?: unknown
}
interface Operation {
  operationId?: string
  parameters?: { readonly name: string; example?: unknown }[]
  requestBody?: { readonly content: Readonly<Record<string, Content>> }
  responses: Record<string, { readonly content?: Readonly<Record<string, Content>>; readonly $ref?: string }>
}

const PROBLEM = 'application/problem+json'

/** The document with everything that no route says. */
export function completed<D extends Document>(document: D): D {
  const responses = new Map<string, readonly [name: string, response: unknown]>()
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId ??= operationNameOf(method, path, isPage(operation))
      for (const parameter of operation.parameters ?? [])
        if (parameter.name in PARAMETERS) parameter.example = PARAMETERS[parameter.name]
      const body = operation.requestBody?.content['application/json']
      if (body && operation.operationId in BODIES) body.example = BODIES[operation.operationId]
      for (const [status, response] of Object.entries(operation.responses))
        if (response.content?.[PROBLEM]) operation.responses[status] = referred(status, response, responses)
    }
  const { $id: _id, ...schema } = Problem as typeof Problem & { readonly $id?: string }
  const components = {
    ...document.components,
    schemas: { Problem: { ...schema, examples: [EXAMPLE] } },
    responses: Object.fromEntries(responses.values()),
  }
  return { ...document, components }
}

const EXAMPLE = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  detail: 'There is no contract "dm2-2026"; hand it in first.',
  code: 'unknown_contract',
  facts: { contract: 'dm2-2026' },
}

const isPage = ({ responses }: Operation): boolean => {
  const schema = responses['200']?.content?.['application/json']?.schema as { properties?: object } | undefined
  return (
    Object.keys(schema?.properties ?? {})
      .sort()
      .join() === 'items,next'
  )
}

/** A reference to the response among the components, where it is put the first time. */
function referred(
  status: string,
  response: object,
  known: Map<string, readonly [name: string, response: unknown]>,
): { $ref: string } {
  const described = { ...response, content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } } }
  const text = JSON.stringify(described)
  const alike = [...known.values()].filter(([name]) => name.startsWith(nameOf(status))).length
  const [name] = known.get(text) ?? [alike === 0 ? nameOf(status) : `${nameOf(status)}${alike + 1}`]
  known.set(text, [name, described])
  return { $ref: `#/components/responses/${name}` }
}

const nameOf = (status: string): string => (STATUS_CODES[Number(status)] ?? status).replaceAll(/[^A-Za-z]/g, '')
