/** A body that is made to exhaust is refused within a second, and the service goes on answering. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonOf } from '../../../api/plugins/bodies.ts'
import { runningApp, json, type Body, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await asked.ask('analyst ann', '/v1/contracts', json('{}')) // what is loaded and compiled once
})
afterAll(() => asked.close())

const yaml = (text: string): Body => ({ type: 'application/yaml', text })
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('')

describe('one request does not stop the service', () => {
  test.each([
    ['40,000 unknown keys in YAML', () => yaml(lines(40_000, (i) => `key${i}: ${i}\n`))],
    ['8,000 unknown keys in YAML', () => yaml(lines(8_000, (i) => `key${i}: ${i}\n`))],
    ['60,000 keys in JSON', () => json(`{${lines(60_000, (i) => `"key${i}":1,`)}"z":1}`)],
    ['20,000 keys in JSON', () => json(`{${lines(19_990, (i) => `"key${i}":1,`)}"z":1}`)],
    ['400,000 [ in JSON', () => json('['.repeat(400_000))],
    ['400,000 [ in YAML', () => yaml('['.repeat(400_000))],
    ['400,000 } in YAML', () => yaml('}'.repeat(400_000))],
    ['a mapping in a mapping, 10,000 deep', () => json('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000))],
    ['a list of lists, 10,000 deep', () => yaml('- '.repeat(10_000) + 'a')],
    ['aliases of aliases', () => yaml(`a: &a [x]\n${lines(9, (i) => `k${i}: &k${i} [${'*a,'.repeat(99)}]\n`)}`)],
    ['an alias inside its own anchor', () => yaml('title: &a\n  b: *a\n')],
    ['a wrong sign 20,000 times', () => yaml(`[${','.repeat(20_000)}`)],
    ['a text that never ends', () => yaml(`title: "${'\n'.repeat(900_000)}`)],
    ['an unknown tag of 900,000 signs', () => yaml(`title: ${'!'.repeat(900_000)}`)],
  ])('%s: refused within a second, in less than 20 kB', async (_, body) => {
    const sent = body()
    const began = performance.now()
    const answer = await asked.ask('analyst ann', '/v1/contracts', sent)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect([400, 413, 422]).toContain(answer.statusCode)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.body.length).toBeLessThan(20_000)
  })

  test('at most twenty faults are told, with their number', async () => {
    for (const body of [yaml(lines(300, (i) => `key${i}: 1\n`)), json(`{${lines(299, (i) => `"key${i}":1,`)}"z":1}`)]) {
      const answer = (await asked.ask('analyst ann', '/v1/contracts', body)).json()
      expect(answer.facts.faults).toHaveLength(20)
      expect(answer.facts.faults_total).toBe(307) // and seven keys that are required
      expect(answer.detail).toContain('(and 306 more)')
    }
    const unknown = json(`{${lines(299, (i) => `"key${i}":1,`)}"z":1}`)
    const answer = (await asked.ask('analyst ann', '/v1/contracts/noord/runs', unknown)).json()
    expect([answer.status, answer.facts.faults.length, answer.facts.faults_total]).toEqual([400, 20, 300])
  })
})

describe('JSON', () => {
  test.each([
    ['a key twice', '{"a":1,"a":2}', 'twice'],
    ['a key twice, once with an escape', '{"a":1,"\\u0061":2}', 'twice'],
    ['a prototype', '{"__proto__":{}}', '__proto__'],
    ['a prototype with an escape', '{"\\u005f_proto__":{}}', '__proto__'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, 'deeper than 32'],
    ['nothing', ' ', 'empty'],
    ['a comma too many', '{"a":1,}', 'no JSON'],
    ['no end', '{"a', 'no JSON'],
  ])('%s is refused', (_, text, words) => {
    expect(() => jsonOf(text)).toThrow(words)
  })

  test.each(['1', '"a,[{\\"b"', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '[["a","a"],{"a":"a"}]', '{"a":"a","b":"a"}'])(
    '%s is read as it stands',
    (text) => expect(jsonOf(text)).toEqual(JSON.parse(text)),
  )
})

describe('bytes', () => {
  const post = (type: string, payload: Buffer | string) =>
    asked.app.inject({
      method: 'POST',
      url: '/v1/contracts',
      headers: { authorization: `Bearer ${asked.tokenOf('analyst ann')}`, 'content-type': type },
      payload,
    })

  test.each([
    ['JSON that is no UTF-8', 'application/json', 400],
    ['YAML that is no UTF-8', 'application/yaml', 400],
    ['another charset', 'application/json; charset=utf-16', 415],
    ['plain text', 'text/plain', 415],
    ['a form', 'application/x-www-form-urlencoded', 415],
  ])('%s is refused', async (_, type, status) => {
    expect((await post(type, Buffer.from('{"title":"\xff"}', 'latin1'))).json().status).toBe(status)
  })

  test('a length that is not that of the body is refused', async () => {
    const answer = await asked.app.inject({
      method: 'POST',
      url: '/v1/contracts',
      headers: {
        authorization: `Bearer ${asked.tokenOf('analyst ann')}`,
        'content-type': 'application/json',
        'content-length': '9',
      },
      payload: '{}',
    })
    expect(answer.json()).toMatchObject({ status: 400, code: 'unreadable_body' })
  })
})
