import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Buckets } from '../../../../api/plugins/limits/buckets.ts'

test('whatever the moments, no window of a minute gives more than twice its share, and who waits as told is given', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 50 }), (pauses, perMinute) => {
      const buckets = new Buckets(perMinute)
      const given: number[] = []
      let now = 0
      for (const pause of pauses) {
        now += pause
        const wait = buckets.take('a', now)
        if (wait === 0) given.push(now)
        else expect(buckets.wait('a', now + wait * 1_000)).toBe(0)
      }
      for (const at of given)
        expect(given.filter((t) => t >= at && t < at + 60_000).length).toBeLessThanOrEqual(2 * perMinute)
    }),
  )
})

test('keys do not know each other, and however many there are, memory stays bounded', () => {
  const buckets = new Buckets(1)
  expect(buckets.take('a', 0)).toBe(0)
  expect(buckets.take('a', 0)).toBe(60)
  for (let i = 0; i < 50_000; i++) expect(buckets.take(`b${i}`, 0)).toBe(0)
  expect(buckets.take('a', 0)).toBe(0) // not seen for longest, forgotten
})
