/** A few hundred of the requests of `npm run fuzz:api`, with every run of the suite. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../data/postgres/database.ts'
import { liveStore } from '../support/services/live.ts'
import { rounds } from './rounds.ts'
import { socketFaults } from './sockets.ts'
import { worldOn, type World } from './world.ts'

let store: Store
let world: World
beforeAll(async () => {
  store = await liveStore()
  world = await worldOn(store)
})
afterAll(async () => {
  await world.close()
  await store.close()
})

test('requests out of the document, right and broken, as everybody: no 5xx, no other shape, nobody else’s row, none slow', async () => {
  const account = await rounds(world, { requests: 600, seed: 1 })
  expect(account.failures).toEqual([])
  expect(account.served.size).toBeGreaterThan(account.operations / 2)
})

test('bytes that are no HTTP end with a problem, and the service lives on', async () => {
  expect(await socketFaults(world.app, { requests: 100, seed: 1 })).toEqual([])
})
