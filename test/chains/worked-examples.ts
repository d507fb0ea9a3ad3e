/** Runs the worked examples of a file in test/engine/cases: what a case says must come out, or be refused with its sentence. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Example {
  readonly name: string
  readonly given: never
  readonly then?: unknown
  /** a part of the sentence of the refusal */
  readonly refused?: string
}

const folder = join(import.meta.dirname, '../engine/cases')

export function examplesOf(file: string, compute: (given: never) => unknown): void {
  const examples = parse(readFileSync(join(folder, `${file}.yaml`), 'utf8')) as Example[]
  describe(`${file}.yaml`, () => {
    for (const { name, given, then, refused } of examples)
      test(name, () => {
        if (refused === undefined) expect(compute(given)).toMatchObject(then as object)
        else expect(() => compute(given)).toThrow(refused)
      })
  })
}
