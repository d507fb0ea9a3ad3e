/** The worked examples of test/engine/cases: numbers that a care group's controller can check by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** Every case of a file, through the arithmetic of the engine; what it says about must come out, to nine digits. */
export function check(file: string, compute: (given: never) => unknown): void {
  const cases = parse(readFileSync(join(import.meta.dirname, '../engine/cases', `${file}.yaml`), 'utf8')) as Case[]
  describe(`${file}.yaml`, () => {
    for (const { name, given, then } of cases)
      test(name, () => {
        expect(compute(given)).toMatchObject(nearly(then) as object)
      })
  })
}

interface Case {
  readonly name: string
  readonly given: never
  readonly then: unknown
}

/** The same, with every number taken to nine digits. */
function nearly(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) && value === 0 ? 0 : expect.closeTo(value, 9)
  if (Array.isArray(value)) return value.map(nearly)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, nearly(member)]))
}

/** What comes out, or the code and the sentence of the refusal. */
export function refusedOr(compute: () => unknown): unknown {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code, sentence: error.message }
    throw error
  }
}
