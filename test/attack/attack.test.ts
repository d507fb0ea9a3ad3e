/** The attack in short: it finds nobody behind the guard, and somebody wherever the guard is taken away. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../api/app.ts'
import type { Store } from '../../data/postgres/database.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { liveStore } from '../support/services/live.ts'
import { audited, unguarded } from './audit.ts'
import { populationOf } from './population.ts'
import { layDown } from './region.ts'
import { askOne, HONEST, type Asked, type Published } from './researchers.ts'
import { attack } from './sequence.ts'

let store: Store
let queue: QueueBackend
let app: FastifyInstance
beforeAll(async () => {
  store = await liveStore()
  queue = await openQueueBackend({ store, redisUrl: null })
  app = await buildApp({ store, queue })
})
afterAll(async () => {
  await app.close()
  await queue.close()
  await store.close()
})

const dice = () => randomOf(7)

test.each([1, 4])('sequence %i of questions singles out nobody', async (seed) => {
  const { found, answered, honestRefused, told } = await attack(app, store, { seed, questions: 20, programs: 15 })
  expect(found).toEqual([])
  expect(answered).toBeGreaterThan(0)
  // Safe because little is told would be no art.
  const alone = told.filter(({ by }) => by === 1)
  expect(alone.reduce((sum, { share }) => sum + share, 0) / alone.length).toBeGreaterThan(0.6)
  if (seed % 4 !== 0) expect(honestRefused.length / HONEST.length).toBeLessThanOrEqual(0.05)
})

describe('a planted leak is found', () => {
  const persons = populationOf(3)

  test('where only small counts are held back', () => {
    const tables = [['partner'], ['partner', 'sex'], ['sex']] as const
    const published = tables.map((by) => unguarded(persons, 0, by))
    expect(audited(published, persons, dice(), 0).filter(({ by }) => by === 'subtraction')).not.toEqual([])
  })

  test('where every second question has two fine dimensions, by linear programming', () => {
    const tables = [[], ['partner'], ['condition'], ['postcode_area']] as const
    const crossed = [
      ['partner', 'condition'],
      ['partner', 'postcode_area'],
      ['postcode_area', 'condition'],
    ] as const
    const published = [...tables, ...crossed].map((by) => unguarded(persons, 0, by))
    expect(audited(published, persons, dice(), 150).filter(({ by }) => by === 'bounds')).not.toEqual([])
  })

  test('where two settlements are answered from that differ by few', () => {
    const published = [0, 1].map((settlement) => unguarded(persons, settlement, ['sex']))
    expect(audited(published, persons, dice(), 0)).not.toEqual([])
  })

  test('where the store opens a second settlement without holding it against the first', async () => {
    const region = await layDown(store, 'planted', persons, { researchers: 1, isBroken: false })
    const ask = async (asked: Asked): Promise<Published> => {
      const answer = await askOne(app, region, asked, 0)
      if ('refused' in answer) throw new Error(answer.refused)
      return answer.published
    }
    const first = await ask({ by: ['sex'], settlement: 0 })
    await expect(ask({ by: ['sex'], settlement: 1 })).rejects.toThrow('singles_out')
    await store.pool.query(
      `alter table research_edition disable trigger append_only;
       update research_edition set is_open = true, cells_that_tell = 0 where settlement_id = '${region.settlements[1]}'`,
    )
    const second = await ask({ by: ['sex'], settlement: 1 })
    expect(audited([first, second], persons, dice(), 0)).not.toEqual([])
  })
})
