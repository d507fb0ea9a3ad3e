import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'

test('keys in code-unit order, lists in their own, absent keys left out', () => {
  expect(canonicalJson({ b: 1, a: [3, null, { z: 'é', B: true, y: undefined }] })).toBe(
    '{"a":[3,null,{"B":true,"z":"é"}],"b":1}',
  )
})

test('the order of keys leaves no trace, and nothing else is lost', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (mapping) => {
      const reversed = Object.fromEntries(Object.entries(mapping).toReversed())
      expect(canonicalJson(reversed)).toBe(canonicalJson(mapping))
      expect(JSON.parse(canonicalJson(mapping))).toEqual(JSON.parse(JSON.stringify(mapping)))
    }),
  )
})

test('what JSON cannot say is a bug of ours', () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow('finite')
  expect(() => canonicalJson([() => 1])).toThrow('not function')
})
