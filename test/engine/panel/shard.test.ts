import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SHARDS } from '../../../engine/panel/panel.ts'
import { shardOf } from '../../../engine/panel/shard.ts'

describe('shardOf', () => {
  test('is a shard, and the same one each time', () =>
    fc.assert(
      fc.property(fc.string(), (id) => {
        const shard = shardOf(id)
        expect(Number.isInteger(shard) && shard >= 0 && shard < SHARDS).toBe(true)
        expect(shardOf(id)).toBe(shard)
      }),
    ))

  test('never moves: a stored shard is a promise', () => {
    expect(['', 'p1', 'p2', 'pt000001', 'é'].map(shardOf)).toMatchInlineSnapshot(`
      [
        11,
        2,
        13,
        8,
        7,
      ]
    `)
  })

  test('spreads serial ids evenly', () => {
    const counts = Array.from({ length: SHARDS }, () => 0)
    for (let i = 0; i < 16_000; i++) counts[shardOf(`pt${String(i).padStart(6, '0')}`)]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
