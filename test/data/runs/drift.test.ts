/** What the drift monitor reads of a run and keeps of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { appendDrift, readDrift, readResults, runsOf } from '../../../data/runs/drift.ts'
import { driftOf } from '../../../engine/explain/drift.ts'
import { liveStore } from '../../support/services/live.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { settledRegion, SIZES, type SettledRegion } from '../../support/regions/settled-region.ts'

let store: Store
let world: SettledRegion
beforeAll(async () => {
  store = await liveStore()
  world = await settledRegion(store, 'drift')
})
afterAll(() => store.close())

test('reads every measured result with its side, month and practice; keeps and tells what was found', async () => {
  const { run } = world.world
  const results = await readResults(store, run, 'hba1c', { control: ['p90'] })
  const measured = Object.values(SIZES).reduce((sum, size) => sum + size - Math.floor(size / 6), 0)
  const controls = SIZES.p90 - Math.floor(SIZES.p90 / 6)
  expect([results.month.length, results.control.filter((is) => is).length]).toEqual([measured, controls])
  expect(new Set(results.month)).toEqual(new Set([12 * 2025 + 11]))
  expect([results.mean[0], results.sd[0], results.realised[0]]).toEqual([55, 5, 54])

  await appendDrift(store, run, 'hba1c', driftOf(results))
  const alarm = { month: 12 * 2025 + 11, kind: 'bias', evidence: 250.5 } as const
  await appendDrift(store, run, 'sbp', { months: driftOf(results).months, alarm })
  const [hba1c, sbp] = await readDrift(store, run.runId)
  const month = { month: '2025-12-01', bias: -1, biasSd: -0.2, slope: null }
  expect(hba1c?.months.map(({ side }) => side)).toEqual(['contract', 'control'])
  expect(hba1c?.months[1]).toMatchObject({ ...month, side: 'control', measured: controls })
  expect([hba1c?.alarm, sbp?.alarm]).toEqual([null, { ...alarm, month: '2025-12-01' }])
  expect(await runsOf(store, sha256('drift hba1c'))).toEqual([{ runId: run.runId, measure: 'hba1c', asOf: run.asOf }])
  await expect(store.pool.query('delete from drift_month')).rejects.toThrow('append-only')
})
