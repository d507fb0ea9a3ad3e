/** Every code is one that something refuses with, and says something of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { isRefusalCode, REFUSAL_CODES } from '../../../engine/kernel/refusal-codes.ts'

const root = resolve(import.meta.dirname, '../../..')
const tables = ['engine/kernel/refusal-codes.ts', 'api/plugins/refusal-statuses.ts']

test('a code that nothing refuses with is not in the list', () => {
  const sources = ['engine', 'models', 'data', 'jobs', 'api']
    .flatMap((folder) =>
      readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => !tables.includes(file))
    .map((file) => readFileSync(resolve(root, file), 'utf8'))
  const dead = Object.keys(REFUSAL_CODES).filter((code) => !sources.some((text) => text.includes(`'${code}'`)))
  expect(dead).toEqual([])
})

test('no two codes say the same', () => {
  const sentences = Object.values(REFUSAL_CODES)
  expect(new Set(sentences).size).toBe(sentences.length)
})

test('a text is a code only if it is in the list: nothing that every object has is one', () => {
  expect(isRefusalCode('unknown_contract')).toBe(true)
  for (const text of ['no_such_code', 'toString', '__proto__', '', null, 7]) expect(isRefusalCode(text)).toBe(false)
})
