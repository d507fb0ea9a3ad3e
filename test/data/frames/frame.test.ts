import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessmentFrame } from '../../../data/frames/assessment-frame.ts'
import { descriptionOf, frameOf, rowsOf } from '../../../data/frames/frame.ts'
import { type FrameFormat, writeFrame } from '../../../data/frames/written-frame.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { liveStore } from '../../support/services/live.ts'
import { SIZES, settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'

let store: Store
let settled: SettledRegion

beforeAll(async () => {
  store = await liveStore()
  settled = await settledRegion(store, 'frames')
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

const rows = [
  { partner: 'p01', gain: 1.5, cents: -3, reason: null, nothing: null },
  { partner: 'p,"02"', gain: null, cents: 4, reason: '=1+(2)', nothing: null },
  { partner: 'p03', gain: 2.5, cents: 8, reason: null, nothing: null },
]

test('a missing value is no value: not of the mean, and a null again when it is read', async () => {
  const frame = await frameOf(rows)
  expect(rowsOf(frame)).toEqual(rows)
  expect(rowsOf(await descriptionOf(frame))).toEqual([
    { column: 'gain', count: 2, mean: 2, std: Math.SQRT1_2, min: 1.5, median: 2, max: 2.5 },
    { column: 'cents', count: 3, mean: 3, std: Math.sqrt(31), min: -3, median: 4, max: 8 },
  ])
})

test('of one value there is no standard deviation, of no rows no description', async () => {
  const [one] = rowsOf(await descriptionOf(await frameOf([{ gain: 2 }])))
  expect(one).toEqual({ column: 'gain', count: 1, mean: 2, std: null, min: 2, median: 2, max: 2 })
  expect(rowsOf(await descriptionOf(await frameOf([], ['gain'])))).toEqual([])
})

async function written(format: FrameFormat): Promise<Buffer> {
  const to = new PassThrough()
  writeFrame(await frameOf(rows), format, to)
  to.end()
  return await buffer(to)
}

test('as CSV: quoted, without formulas, blank where there is nothing', async () => {
  expect((await written('csv')).toString()).toBe(
    `partner,gain,cents,reason,nothing\np01,1.5,-3,,\n"p,""02""",,4,'=1+(2),\np03,2.5,8,,\n`,
  )
})

test('as Parquet: the same rows', async () => {
  const bytes = await written('parquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const read = await parquetReadObjects({ file })
  expect(read.map((row) => ({ ...row }))).toEqual(rows)
})

test('the assessments of a run, a row per patient', async () => {
  const { runId } = settled.world.run
  const frame = await assessmentFrame(store, runId, { measure: 'hba1c' })
  expect((frame.shape as [number, number])[0]).toBe(Object.values(SIZES).reduce((sum, size) => sum + size, 0))
  expect(frame.columns.slice(0, 4)).toEqual(['patient_id', 'partner_id', 'practice_id', 'measure'])
})
