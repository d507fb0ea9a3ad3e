/** What is held back in tables of research, held to its law by integer worlds that are searched for in another way. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { heldBack, projected, type Cube } from '../../../engine/research/worlds.ts'
import { boundsOf } from '../../attack/bounds.ts'

const tables = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** Cubes in which every combination of base dimensions holds nobody or ten and more. */
const cubes = fc
  .record({
    fine: fc.integer({ min: 2, max: 5 }),
    group: fc.integer({ min: 1, max: 2 }),
    band: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ fine, group, band }) => {
    const sizes = [fine, group, band, 2] as const
    const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 30 }))
    return fc
      .array(count, { minLength: fine * group * band * 2, maxLength: fine * group * band * 2 })
      .map((counts): Cube => ({ sizes, counts: toppedUp(sizes, Int32Array.from(counts)) }))
  })

function toppedUp([fine, group, band, sex]: Cube['sizes'], counts: Int32Array): Int32Array {
  const base = group * band * sex
  for (let at = 0; at < base; at++) {
    let sum = 0
    for (let of = 0; of < fine; of++) sum += counts[of * base + at]!
    if (sum > 0 && sum < 10) counts[(at % fine) * base + at]! += 10 - sum
  }
  return counts
}

/** What is told of a cube: of each table the counts that are not held back, and every combination of base dimensions. */
function toldOf(cube: Cube) {
  const held = heldBack(cube)
  const cells = [...cube.counts.keys()]
  const equations = new Map<string, number[]>()
  const base = cube.counts.length / cube.sizes[0]
  for (const cell of cells) {
    equations.set(`base ${cell % base}`, [...(equations.get(`base ${cell % base}`) ?? []), cell])
    for (const table of tables) {
      const at = projected(cube.sizes, cell, table)
      const key = `${table} ${at}`
      if (!held[table]![at]) equations.set(key, [...(equations.get(key) ?? []), cell])
    }
  }
  const sumOf = (unknowns: readonly number[]) => unknowns.reduce((sum, cell) => sum + cube.counts[cell]!, 0)
  return [...equations.values()].map((unknowns) => ({ unknowns, sum: sumOf(unknowns) })).filter(({ sum }) => sum > 0)
}

test('for every cell of one to nine there is a world with ten in it that is told the same', () => {
  fc.assert(
    fc.property(cubes, (cube) => {
      const unknowns = [...cube.counts].map((truth) => ({ truth, changed: null, standing: [] }))
      const bounds = boundsOf({ unknowns, equations: toldOf(cube) })
      try {
        for (const [cell, count] of cube.counts.entries())
          if (count > 0 && count < 10) expect(bounds.of([cell]).most).toBeGreaterThanOrEqual(10)
      } finally {
        bounds.close()
      }
    }),
    { numRuns: 150 },
  )
})

test('no count of one to nine is told, in any table', () => {
  fc.assert(
    fc.property(cubes, (cube) => {
      for (const { sum } of toldOf(cube)) expect(sum).toBeGreaterThanOrEqual(10)
    }),
  )
})

test('where every cell holds ten, nothing is held back', () => {
  const counts = new Int32Array(3 * 2 * 2 * 2).fill(10)
  expect(heldBack({ sizes: [3, 2, 2, 2], counts }).every((table) => table.every((held) => held === 0))).toBe(true)
})

test('one small cell takes a box with it in the finest table, and no coarser count', () => {
  const counts = new Int32Array(3 * 1 * 2 * 2).fill(40)
  counts[0] = 3
  const held = heldBack({ sizes: [3, 1, 2, 2], counts })
  expect([...held[6]!].filter((each) => each === 1)).toHaveLength(8)
  for (const table of [0, 2, 4]) expect([...held[table]!].every((each) => each === 0)).toBe(true)
})
