/** What a schema does not name is refused, on every route; nothing is taken for another type; no text that cannot be kept gets in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closed } from '../../../api/plugins/strict.ts'
import { RIGHTS } from '../../../api/rights.ts'
import { runningApp, json, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const id = 'a'.repeat(64)
const inPath = (url: string): string =>
  url.replace(/:(\w+)/g, (_, name: string) =>
    ['dispute', 'delivery'].includes(name) ? '1' : name === 'act' ? 'review' : id,
  )

describe('unknown names', () => {
  const gets = Object.keys(RIGHTS).filter((route) => route.startsWith('GET '))
  test.each(gets)('%s refuses a parameter that it does not know, and names it', async (route) => {
    const answer = await asked.ask('analyst ann', `${inPath(route.slice(4))}?as_off=2026-01-01`)
    if (answer.statusCode === 403) return // not the analyst's: refused before
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(answer.json().detail).toContain('"as_off"')
  })

  test.each(
    Object.keys(RIGHTS).filter(
      (route) => route.startsWith('POST ') && !/contracts$|deliveries$|imports$|sign-(in|out)$/.test(route),
    ),
  )('%s refuses a key of its body that it does not know', async (route) => {
    for (const asker of ['analyst ann', 'partner p01'] as const) {
      const answer = await asked.ask(asker, inPath(route.slice(5)), json('{"surprise":1}'))
      expect([400, 403]).toContain(answer.statusCode)
      if (answer.statusCode === 400) expect(answer.json().detail).toMatch(/surprise|none is asked for/)
    }
  })

  test('a parameter given twice is refused where one is asked for', async () => {
    const answer = await asked.ask('analyst ann', '/v1/settlements?contract=noord&contract=zuid')
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
  })
})

describe('types', () => {
  test('a number is no note: {note: 1} does not act', async () => {
    const answer = await asked.ask('analyst bob', asked.settlementUrl('/review'), json('{"note":1}'))
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    expect((await asked.ask('analyst bob', asked.settlementUrl('/life'))).json().state).toBe('prepared')
  })

  test.each(['1e2', '0x10', ' 5', '5.0', '05', '+5', '', 'NaN', '99999999999999999999', '2147483648'])(
    'a limit of "%s" is no whole number that is meant',
    async (limit) => {
      const url = asked.settlementUrl(`/partners/p01/receipt?limit=${encodeURIComponent(limit)}`)
      expect((await asked.ask('analyst ann', url)).statusCode).toBe(400)
    },
  )

  test('a whole number in an address is one', async () => {
    expect((await asked.ask('analyst ann', asked.settlementUrl('/partners/p01/receipt?limit=5'))).statusCode).toBe(200)
    expect((await asked.ask('analyst ann', '/v1/ledger?recorded=0')).statusCode).toBe(200)
  })

  test.each(['0', '-1', '99999999999999999999', '2147483648', 'one'])('there is no dispute %s', async (dispute) => {
    const ruling = json('{"verdict":"upheld","reason":"so"}')
    const answer = await asked.ask('insurer 7095', `/v1/disputes/${dispute}/ruling`, ruling)
    expect([400, 404]).toContain(answer.statusCode)
  })
})

describe('texts that no store keeps', () => {
  test.each([
    ['NUL in a path', '/v1/contracts/a%00b'],
    ['NUL in a query', '/v1/settlements?contract=a%00b'],
    ['NUL in the name of a parameter', '/v1/settlements?a%00b=1'],
    ['half a character in a path', '/v1/contracts/%ED%A0%80'],
    ['a broken escape', '/v1/contracts/%zz'],
    ['a byte that is no UTF-8', '/v1/contracts/%ff'],
  ])('%s is refused in a sentence', async (_, url) => {
    const answer = await asked.ask('analyst ann', url)
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request', detail: expect.stringMatching(/\.$/) })
  })

  test.each(['/v1/settlements?contract=%ED%A0%80', '/v1/settlements?contract=%ff', '/v1/settlements?contract=%zz'])(
    '%s is no 500',
    async (url) => expect((await asked.ask('analyst ann', url)).statusCode).toBeLessThan(500),
  )

  test.each(['\\u0000', '\\ud800', '\\udc00x'])('%s in a note, a body or a title is refused', async (escape) => {
    const note = await asked.ask('analyst bob', asked.settlementUrl('/review'), json(`{"note":"a${escape}"}`))
    expect(note.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    const contract = await asked.ask('analyst ann', '/v1/contracts', json(`{"title":"a${escape}"}`))
    expect(contract.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    const yaml = `contract: x\ntitle: "a${escape}"`
    const asYaml = await asked.ask('analyst ann', '/v1/contracts', { type: 'application/yaml', text: yaml })
    expect(asYaml.json()).toMatchObject({ status: 400, code: 'invalid_yaml' })
  })
})

test('several mappings that must all hold are closed as one', () => {
  const one = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const other = { type: 'object', properties: { b: { type: 'integer' } } }
  expect(closed({ allOf: [one, other] })).toMatchObject({
    additionalProperties: false,
    properties: { a: {}, b: { maximum: 2_147_483_647 } },
    required: ['a'],
  })
  expect(closed({ type: 'object', properties: {}, additionalProperties: true })).toMatchObject({
    additionalProperties: true,
  })
})
