import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { assessmentFrame, frameOf } from '../../../data/postgres/frames.ts'
import { liveStore } from '../../support/services/live.ts'
import { SIZES, settledWorld, type SettledWorld } from '../../support/regions/settled-world.ts'

let store: Store
let settled: SettledWorld

beforeAll(async () => {
  store = await liveStore()
  settled = await settledWorld(store, 'frames')
})
afterAll(() => store.close())

test('rows become a frame that groups and averages', async () => {
  const frame = await frameOf([
    { partner: 'p01', gain: 1 },
    { partner: 'p02', gain: 2 },
    { partner: 'p01', gain: 4 },
  ])
  const means = frame.groupby(['partner']).col(['gain']).mean()
  expect(means.values).toEqual([
    ['p01', 2.5],
    ['p02', 2],
  ])
})

test('the assessments of a run, a row per patient', async () => {
  const { runId } = settled.world.run
  const frame = await assessmentFrame(store, runId, { measure: 'hba1c' })
  expect((frame.shape as [number, number])[0]).toBe(Object.values(SIZES).reduce((sum, size) => sum + size, 0))
  expect(frame.columns.slice(0, 4)).toEqual(['patient_id', 'partner_id', 'practice_id', 'measure'])
})
