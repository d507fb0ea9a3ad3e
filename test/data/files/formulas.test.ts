import { assert, property, string, constantFrom } from 'fast-check'
import { expect, test } from 'vitest'
import { guarded, isFormula, unguarded } from '../../../data/files/formulas.ts'

const text = string({ unit: constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'A', '1', '(', '|', ' ', 'é') })

test('nothing that is written is a formula, and what was written is read', () => {
  assert(
    property(text, (one) => {
      expect(isFormula(guarded(one))).toBe(false)
      expect(unguarded(guarded(one))).toBe(one)
    }),
  )
})

test.each([
  '=HYPERLINK("http://x","y")',
  "+cmd|' /C calc'!A0",
  '@SUM(A1:A9)',
  '-2+3+cmd()',
  '\t=1+f(2)',
  '- De Praktijk',
])('%j would be run', (one) => expect(guarded(one)).toBe(`'${one}`))

test.each(['-5', '-0.25', '+31612345678', '-xY3_a=', '+/aB9==', 'Praktijk = Zorg', "'t Huis", ''])(
  '%j stays as it is',
  (one) => expect(guarded(one)).toBe(one),
)
