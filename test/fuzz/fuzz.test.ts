/** The fuzzer's short form: a few corrupted sources of every format. `npm run fuzz` goes on for minutes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { liveStore } from '../support/services/live.ts'
import { EXHAUSTING, exhaust } from './exhausting.ts'
import { Account, round } from './rounds.ts'
import { seedsOf } from './seeds.ts'

const place = await mkdtemp(join(tmpdir(), 'fuzz-'))
const { TMPDIR } = process.env
const store = await liveStore()
process.env.TMPDIR = place // what an import leaves there is seen, and nobody else's
afterAll(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  await store.close()
  await rm(place, { recursive: true, force: true })
})

test('corrupted sources: refused whole, or every row accounted for', async () => {
  const seeds = await seedsOf(store, 4, '')
  const account = new Account()
  await round(store, seeds, account, { seed: 20, cases: 10, millisecondsLeft: 20_000 })
  expect(account.failures).toEqual([])
  expect(account.cases).toBeGreaterThan(0)
})

const shortRun = EXHAUSTING.filter(({ what }) =>
  /deep|entities|aliases|columns|pipe|empty lists|never closed/.test(what),
)
test.each(shortRun.map((source) => [`${source.format}: ${source.what}`, source] as const))('%s', async (_, source) => {
  const account = new Account()
  await exhaust(store, source, account)
  expect(account.failures).toEqual([])
})
