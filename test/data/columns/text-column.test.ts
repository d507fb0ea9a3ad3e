import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { textColumn, textsOf } from '../../../data/columns/text-column.ts'

test('every text comes back, whatever its letters', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 20 }), (texts) => {
      const column = textColumn(texts)
      const textAt = textsOf(column)
      expect(texts.map((_, at) => textAt(at))).toEqual(texts)
      expect(column.ends.length).toBe(texts.length)
    }),
  ))
