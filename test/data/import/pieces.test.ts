import { array, assert, constant, constantFrom, integer, oneof, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binomialTail, BsnDetector, passesElevenTest } from '../../../data/files/bsn.ts'
import { overlapsIn } from '../../../data/import/people.ts'
import { batchRows, DuplicateFilter } from '../../../data/import/duplicate-filter.ts'

describe('citizen numbers', () => {
  test('the 11-test', () => {
    expect(['123456782', '999990019'].map(passesElevenTest)).toEqual([true, true])
    expect(['123456783', '000000000'].map(passesElevenTest)).toEqual([false, false])
  })

  test('the binomial tail, against exact values', () => {
    expect(binomialTail(3, 3, 1 / 11)).toBeCloseTo(11 ** -3, 12)
    expect(binomialTail(4, 1, 0.5)).toBeCloseTo(15 / 16, 12)
    expect(binomialTail(10, 0, 0.5)).toBe(1)
    expect(binomialTail(1_000_000, 90_909, 1 / 11)).toBeCloseTo(0.5, 2)
  })

  test('three of three alarm, two of two do not, nor do other ids', () => {
    const alarmed = (ids: string[]) => {
      const watch = new BsnDetector()
      for (const id of ids) watch.count(id)
      return watch.likely
    }
    expect(alarmed(['123456782', '999990019', '999990044'])).toBe(true)
    expect(alarmed(['123456782', '999990019'])).toBe(false)
    expect(alarmed(['p1234567', '12345678a', '1'])).toBe(false)
  })
})

test('a row that came before is always suspected, a new one hardly ever', () => {
  const seen = new DuplicateFilter(100_000)
  const rows = Array.from({ length: 100_000 }, (_, i) => Buffer.from(`${i}\t3\t2024-01-${i % 28}\t${i / 7}`))
  const suspects = () => {
    let found = 0
    for (const [at, row] of rows.entries()) {
      seen.add(new DataView(row.buffer, row.byteOffset, row.length), 0, row.length)
      if (at % batchRows === batchRows - 1 || at === rows.length - 1)
        found += seen.checkBatch(new Uint8Array(batchRows))
    }
    return found
  }
  expect(suspects()).toBeLessThan(300)
  expect(suspects()).toBe(rows.length)
})

test('a row that comes twice in a batch is suspected the second time', () => {
  const seen = new DuplicateFilter(10)
  const view = new DataView(new ArrayBuffer(16))
  for (const value of [1, 2, 1]) {
    view.setInt32(0, value)
    seen.add(view, 0, 16)
  }
  const before = new Uint8Array(batchRows)
  expect(seen.checkBatch(before)).toBe(1)
  expect([...before.subarray(0, 3)]).toEqual([0, 0, 1])
})

test('what is kept of enrolments never overlaps, and every one rejected does overlap one kept before it', () => {
  const day = integer({ min: 10, max: 28 }).map((d) => `2024-01-${d}`)
  const stay = record({
    started_on: day,
    ended_on: oneof(day, constant('infinity')),
    partner_id: constantFrom('p1', 'p2'),
  })
  assert(
    property(array(stay, { maxLength: 8 }), (drawn) => {
      const stays = drawn
        .map((each, i) => ({ ...each, line: i + 2, patient_key: 1, programme: 'dm2' }))
        .sort((a, b) =>
          a.started_on < b.started_on ? -1 : a.started_on > b.started_on ? 1 : a.partner_id < b.partner_id ? -1 : 1,
        )
      const rejected = overlapsIn(stays)
      const gone = new Set(rejected.map((each) => each.stay))
      const kept = stays.filter((each) => !gone.has(each) && each.ended_on > each.started_on)
      for (const a of kept)
        for (const b of kept) if (a !== b) expect(a.started_on < b.ended_on && b.started_on < a.ended_on).toBe(false)
      for (const each of rejected) {
        expect(gone.has(each.kept)).toBe(false)
        expect(each.kept.started_on <= each.stay.started_on && each.stay.started_on < each.kept.ended_on).toBe(true)
      }
    }),
  )
})
