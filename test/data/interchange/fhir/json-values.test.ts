import { array, assert, dictionary, integer, jsonValue, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { JsonCutter } from '../../../../data/interchange/fhir/json-values.ts'

/** Cuts a text handed over in pieces of any length. */
function cut(text: string, lengths: readonly number[]): { entries: unknown[]; values: unknown[]; lines: number[] } {
  const cutter = new JsonCutter('x.json')
  const found = { entries: [] as unknown[], values: [] as unknown[], lines: [] as number[] }
  const bytes = Buffer.from(text)
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const next = at + (lengths[turn % lengths.length] ?? 1)
    for (const { bytes: part, kind, line } of cutter.take(bytes.subarray(at, next))) {
      found[kind === 'entry' ? 'entries' : 'values'].push(JSON.parse(part.toString('utf8')))
      found.lines.push(line)
    }
    at = next
  }
  cutter.end()
  return found
}

const lengths = array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const object = dictionary(string(), jsonValue({ maxDepth: 3 }))

test('entries come out as they went in, wherever the chunks break and however it is indented', () => {
  assert(
    property(array(object), lengths, integer({ min: 0, max: 3 }), (entries, pieces, indent) => {
      const text = JSON.stringify({ type: 'entry', entry: entries, link: [{ a: 1 }] }, null, indent)
      const found = cut(text, pieces)
      expect(found.entries).toEqual(JSON.parse(JSON.stringify(entries)))
      expect(found.values).toEqual([{ type: 'entry', entry: entries.length > 0 ? [null] : [], link: [{ a: 1 }] }])
    }),
    { numRuns: 200 },
  )
})

test('values one after another come out whole, with their lines', () => {
  assert(
    property(array(object.map((each) => ({ ...each, entry: 1 }))), lengths, (values, pieces) => {
      const found = cut(values.map((each) => JSON.stringify(each)).join('\n'), pieces)
      expect(found.values).toEqual(JSON.parse(JSON.stringify(values)))
      expect(found.lines).toEqual(values.map((_, at) => at + 1))
    }),
    { numRuns: 200 },
  )
})

test('whatever is cut off is noticed', () => {
  const text = JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: { a: '"}]' } }, { resource: {} }] })
  for (let length = 1; length < text.length; length++)
    expect(() => cut(text.slice(0, length), [7]), text.slice(0, length)).toThrow(/cut off/)
})
