/** What is remembered of settled runs: read once, each key its own, and never more than there is room for. */
import { describe, expect, test } from 'vitest'
import { Kept } from '../../../data/runs/kept.ts'

describe('what is kept', () => {
  test('is read once, for each reader its own', async () => {
    const kept = new Kept<string>(10)
    let reads = 0
    const find = (key: string) => kept.find(key, async () => `${key}, read ${++reads}`)
    expect([await find('partner p01'), await find('partner p02'), await find('partner p01')]).toEqual([
      'partner p01, read 1',
      'partner p02, read 2',
      'partner p01, read 1',
    ])
  })

  test('takes so much room at most: what came first goes first, and what takes all is not kept', async () => {
    const kept = new Kept<string>(10, ({ length }) => length)
    const read: string[] = []
    const find = (value: string) =>
      kept.find(value, async () => {
        read.push(value)
        return value
      })
    for (const value of ['aaaa', 'bbbb', 'cccc', 'a longer one', 'a longer one', 'bbbb', 'cccc', 'aaaa'])
      await find(value)
    expect(read).toEqual(['aaaa', 'bbbb', 'cccc', 'a longer one', 'a longer one', 'aaaa'])
  })

  test('asked for twice at once it counts once', async () => {
    const kept = new Kept<string>(8, ({ length }) => length)
    let reads = 0
    const find = (value: string) => kept.find(value, async () => `${value}${++reads}`.slice(0, 4))
    await Promise.all([find('aaaa'), find('aaaa')])
    await find('bbbb')
    const before = reads
    await find('aaaa')
    await find('bbbb')
    expect(reads).toBe(before)
  })

  test('what fails is read again', async () => {
    const kept = new Kept<number>(10)
    await expect(kept.find('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect(await kept.find('a', async () => 1)).toBe(1)
  })
})
