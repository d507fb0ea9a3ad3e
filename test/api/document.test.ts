/** The description of the API: no fault by the rules of Redocly, and by ours. */
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationNameOf } from '../../api/document/operation-names.ts'
import { RIGHTS } from '../../api/rights.ts'
import type { Role } from '../../data/access/keys.ts'
import { tokenFor } from '../support/services/keys.ts'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'

interface Content {
  readonly schema: object
  readonly example?: unknown
}
interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly description?: string
    readonly example?: unknown
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>
}
interface Document {
  readonly openapi: string
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

let [asked, text, document]: [RunningApp, string, Document] = [null!, '', null!]
beforeAll(async () => {
  asked = await runningApp()
  text = (await asked.app.inject('/openapi.json')).body
  document = JSON.parse(text) as Document
})
afterAll(() => asked.close())

const operations = (): (readonly [name: string, operation: Operation])[] =>
  Object.entries(document.paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  )
/** The operations that break a rule. */
const breaking = (breaks: (operation: Operation, name: string) => boolean): string[] =>
  operations()
    .filter(([name, operation]) => breaks(operation, name))
    .map(([name]) => name)

test('by the rules that Redocly recommends', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source: text, config })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
  const broken = text.replace('"operationId":"listContracts"', '"operationId":"listModels"')
  expect((await lintFromString({ source: broken, config })).map(({ ruleId }) => ruleId)).toContain(
    'operation-operationId-unique',
  )
}, 60_000)

test('every operation says what it does, under a tag that is explained', () => {
  const tags = document.tags.map(({ name }) => name)
  expect(operations().length).toBeGreaterThan(50)
  expect(breaking(({ summary }) => !summary || summary.endsWith('.'))).toEqual([])
  expect(breaking((operation) => operation.tags?.length !== 1 || !tags.includes(operation.tags[0]!))).toEqual([])
})

test('every operation that is not public needs a token, and may be refused for want of one', () => {
  const isPublic = (name: string) => RIGHTS[name.replaceAll(/\{(\w+)\}/g, ':$1')] === 'public'
  expect(breaking(({ security }, name) => (security?.length === 0) !== isPublic(name))).toEqual([])
  expect(breaking(({ responses }, name) => !isPublic(name) && !('401' in responses && '403' in responses))).toEqual([])
  expect(breaking(({ responses }) => !('429' in responses && '500' in responses && '503' in responses))).toEqual([])
})

test('every POST that needs a token takes an Idempotency-Key, and answers more than 200 alone where it takes long', () => {
  const keyed = ({ parameters = [] }: Operation) => parameters.some(({ name }) => name === 'idempotency-key')
  expect(breaking((operation, name) => name.startsWith('POST /v1') !== keyed(operation))).toEqual([])
  expect(breaking(({ responses }) => '202' in responses && '200' in responses)).toEqual([])
})

test('every refusal is a reference to a problem', () => {
  expect(
    breaking(({ responses }) =>
      Object.entries(responses).some(([status, { $ref }]) => Number(status) >= 400 && status !== '503' && !$ref),
    ),
  ).toEqual([])
})

test('every list is a page with a cursor, a limit and an order', () => {
  const names = (operation: Operation) => (operation.parameters ?? []).map(({ name }) => name)
  const lists = operations().filter(([, { operationId }]) => operationId.startsWith('list'))
  expect(lists.length).toBeGreaterThan(10)
  // A table that is answered as a whole says that there is no other page.
  const isWhole = (operation: Operation) => /"next":\{"type":"null"/.test(JSON.stringify(operation.responses['200']))
  for (const [name, operation] of lists.filter(([, each]) => !isWhole(each)))
    expect(names(operation), name).toEqual(expect.arrayContaining(['limit', 'cursor', 'sort']))
})

test('every parameter of an address has an example', () => {
  const bare = ({ parameters = [] }: Operation) =>
    parameters.some((each) => each.in === 'path' && each.example === undefined)
  expect(breaking(bare)).toEqual([])
})

test('every body in JSON has an example, and the app takes it for what it asks for', async () => {
  const withBody = operations().filter(([, { requestBody }]) => requestBody?.content['application/json'])
  expect(withBody.length).toBeGreaterThan(7)
  for (const [name, { requestBody, parameters = [] }] of withBody) {
    const [method, path] = name.split(' ') as [string, string]
    const right = RIGHTS[name.replaceAll(/\{(\w+)\}/g, ':$1')] as Readonly<Record<string, string>>
    const role = Object.keys(right)[0] as Role
    const subject = { partner: 'p01', insurer: '3311' }[role as string] ?? 'eve'
    const token = await tokenFor(asked.store, role, subject, 'noord')
    const valueOf = (key: string) => String(parameters.find((each) => each.name === key)?.example)
    const answer = await asked.app.inject({
      method: method as 'POST',
      url: path.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(valueOf(key))),
      headers: { authorization: `Bearer ${token}` },
      payload: requestBody!.content['application/json']!.example as object,
    })
    expect([name, answer.statusCode, answer.body]).not.toEqual([name, 400, expect.any(String)])
    expect(answer.statusCode, name).not.toBe(403)
  }
})

test.each([
  ['get', '/v1/settlements', true, 'listSettlements'],
  ['get', '/v1/settlements/{settlement}', false, 'getSettlement'],
  ['get', '/v1/settlements/{settlement}/partners/{partner}/receipt', false, 'getSettlementPartnerReceipt'],
  ['post', '/v1/settlements/{settlement}/{act}', false, 'postSettlementAct'],
  ['post', '/v1/dispute-previews/{preview}/file', false, 'postDisputePreviewFile'],
  ['get', '/openapi.json', false, 'getOpenapiJson'],
])('%s %s is called %s', (method, path, isPage, name) => {
  expect(operationNameOf(method, path, isPage)).toBe(name)
})
