import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClaimsOrder, perProcedureCents } from '../../../data/region/claims.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { readQuality } from '../../../data/region/quality.ts'
import { rowsOfPatient } from '../../../data/settlements/receipts.ts'
import { latestDelivery, readPartners, readRegions, regionOf } from '../../../data/region/regions.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let regionId: number
beforeAll(async () => {
  store = await liveStore()
  regionId = await deliver(store, 'north', '2026-01-01', {
    partners: [
      ['p1', 'One', 'gp_practice', 'g0'],
      ['g0', 'Group', 'care_group'],
      ['p2', 'Two', 'gp_practice'],
    ],
    patients: [
      ['pt1', 1950, 'f', '7095'],
      ['pt2', 1950, 'f', '3311'],
    ],
    enrolments: [
      ['pt1', 'dm2', 'p1', '2025-01-01', '2025-07-01'],
      ['pt1', 'dm2', 'p2', '2025-07-01'],
      ['pt2', 'dm2', 'p1', '2024-01-01'],
    ],
    observations: [['pt1', 'hba1c', '2025-02-01', 50.5]],
    claims: [
      ['practice', 'pt1', 'p1', '2025-02-01', 'x', 1, 100],
      ['group', 'pt1', 'g0', '2025-06-30', 'x', 1, 20],
      ['left that day', 'pt1', 'p1', '2025-07-01', 'x', 1, 3],
      ['with the other', 'pt1', 'p2', '2025-07-01', 'x', 1, 7],
      ['other insurer', 'pt2', 'p1', '2025-12-31', 'x', 1, 4000],
      ['year before', 'pt2', 'p1', '2024-12-31', 'x', 1, 50_000],
    ],
    quality: [
      ['p2', 'b', 'true', '2025'],
      ['p1', 'z', '3'],
      ['p1', 'b', 'false', '2025'],
      ['p1', 'b', 'true'],
    ],
  })
})
afterAll(() => store.close())

describe('claims', () => {
  const order = (change: Partial<ClaimsOrder> = {}): ClaimsOrder => ({
    regionId,
    asOf: '2026-01-01',
    programme: 'dm2',
    period: { start: '2025-01-01', end: '2025-12-31' },
    insurers: null,
    partnerIds: ['g0', 'p1', 'p2'],
    credited: Int32Array.of(0, 0, 2),
    ...change,
  })

  test('count under the partner with which the patient was enrolled that day', async () => {
    expect(await perProcedureCents(store, order())).toEqual([4120, 0, 7])
    expect(await perProcedureCents(store, order({ credited: Int32Array.of(0, 1, 2) }))).toEqual([0, 4100, 7])
  })

  test('count for the insurers, programme and period of the contract only', async () => {
    expect(await perProcedureCents(store, order({ insurers: ['7095'] }))).toEqual([120, 0, 7])
    expect(await perProcedureCents(store, order({ programme: 'copd' }))).toEqual([0, 0, 0])
    const before = { start: '2024-01-01', end: '2024-12-31' } as const
    expect(await perProcedureCents(store, order({ period: before }))).toEqual([50_000, 0, 0])
    expect(await perProcedureCents(store, order({ asOf: '2025-12-31' }))).toEqual([0, 0, 0])
  })
})

test('quality is read by partner, gate and period', async () => {
  expect((await readQuality(store, regionId, '2026-01-01')).map((row) => Object.values(row))).toEqual([
    ['p1', 'b', 'true', null],
    ['p1', 'b', 'false', '2025'],
    ['p1', 'z', '3', null],
    ['p2', 'b', 'true', '2025'],
  ])
})

test('the rows of a patient come with their file, line and delivery', async () => {
  await deliver(store, 'north', '2026-02-01', { observations: [['pt1', 'hba1c', '2025-02-01', 51]] })
  const of = { regionId, patientId: 'pt1' }
  const rows = await rowsOfPatient(store, { ...of, asOf: '2026-01-01' })
  expect(rows.map(({ table, file, line }) => [table, file, line])).toEqual([
    ['patients', 'patients.csv', 2],
    ['enrolments', 'enrolments.csv', 2],
    ['enrolments', 'enrolments.csv', 3],
    ['observations', 'observations.csv', 2],
    ['claims', 'claims.csv', 2],
    ['claims', 'claims.csv', 3],
    ['claims', 'claims.csv', 4],
    ['claims', 'claims.csv', 5],
  ])
  expect(rows[3]).toEqual({
    table: 'observations',
    file: 'observations.csv',
    line: 2,
    deliveredOn: '2026-01-01',
    values: { measure: 'hba1c', observed_on: '2025-02-01', value: 50.5, partner_id: null },
  })
  const later = await rowsOfPatient(store, { ...of, asOf: '2026-02-01' })
  expect(later.find(({ table }) => table === 'observations')).toMatchObject({
    deliveredOn: '2026-02-01',
    values: { value: 51 },
  })
})

test('a region is found by name, with its partners and its latest delivery', async () => {
  const region = await regionOf(store, 'north')
  expect(region).toEqual({ regionId, name: 'north' })
  expect(await latestDelivery(store, region)).toBe('2026-02-01')
  expect((await readPartners(store.pool, regionId, '2026-01-01')).map(({ partnerId }) => partnerId)).toEqual([
    'g0',
    'p1',
    'p2',
  ])
  expect(await readPartners(store.pool, regionId, '2025-12-31')).toEqual([])
  expect(await readRegions(store)).toEqual([region])
  await expect(regionOf(store, 'south')).rejects.toThrow('imported are north')
  await store.pool.query(`insert into region (name) values ('silent')`)
  await expect(latestDelivery(store, await regionOf(store, 'silent'))).rejects.toThrow('has delivered nothing yet')
})
