import { afterAll, expect, test } from 'vitest'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(() => store.close())

test('days are text, counts are numbers, and history cannot be changed', async () => {
  const { rows } = await store.pool.query(`select date '2025-03-01' as day, count(*) as n from region`)
  expect(rows).toEqual([{ day: '2025-03-01', n: 0 }])
  await expect(store.pool.query('delete from region')).rejects.toThrow('append-only')
})
