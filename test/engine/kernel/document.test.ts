import { expect, test } from 'vitest'
import { entries, fieldOf, mapping, refuseFaults } from '../../../engine/kernel/document.ts'

test('however long a key of the writer is, the sentence about it stays one', () => {
  const root = fieldOf({ title: 'x', ['k'.repeat(10_000)]: 0, inner: { ['m'.repeat(10_000)]: null } })
  const { inner } = mapping(root, ['title', 'inner'])
  for (const [, field] of entries(inner, 'keys to mappings')) mapping(field, ['unit'])
  expect(root.faults.map(({ path }) => path)).toEqual([`${'k'.repeat(59)}…`, `inner.${'m'.repeat(59)}…`])
  expect(() => refuseFaults(root.faults, 'invalid_mapping', 'document')).toThrow(
    /^document is refused \(and 1 more\): k{59}… is 0; this key is unknown/,
  )
})
