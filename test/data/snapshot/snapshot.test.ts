import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { readPanel, readPanelBytes, takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import { epochDayOf, NEVER, type Day } from '../../../engine/kernel/calendar.ts'
import { type Panel, SHARDS } from '../../../engine/panel/panel.ts'
import type { Programme } from '../../../engine/contract/programme.ts'
import { shardOf } from '../../../engine/panel/shard.ts'
import { deliver, type Delivered } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'

const measure = (key: string) => ({
  key,
  title: { nl: key, en: key },
  unit: '1',
  better: 'lower' as const,
  plausible: [0, 500] as const,
  codes: {},
  convert: {},
})
const programme: Programme = {
  programme: 'dm2',
  title: { nl: 'dm2', en: 'dm2' },
  conditions: {},
  measures: [measure('sbp'), measure('hba1c')],
}

const ids = Array.from({ length: 40 }, (_, at) => `pt${at}`)
const world: Required<Delivered> = {
  partners: [
    ['p02', 'Practice two', 'gp_practice', 'g01'],
    ['p01', 'Practice one', 'gp_practice'],
    ['g01', 'Group', 'care_group'],
  ],
  patients: ids.map((id, at) => [
    id,
    1940 + at,
    at % 2 ? 'm' : 'f',
    at % 3 ? '7095' : null,
    at === 7 ? '2025-05-01' : null,
  ]),
  enrolments: ids.flatMap((id, at): Required<Delivered>['enrolments'][number][] => [
    [id, 'dm2', at % 2 ? 'p01' : 'p02', '2022-06-01', '2023-01-01', 'moved', 'gp'],
    [id, 'dm2', 'p01', '2021-01-01', '2022-06-01'],
    [id, 'copd', 'p01', '2020-01-01', null, null, 'specialist'],
  ]),
  observations: ids.flatMap((id, at): Required<Delivered>['observations'][number][] => [
    [id, 'hba1c', '2024-03-01', 60 + at / 7, 'p01'],
    [id, 'hba1c', '2023-03-01', 58],
    [id, 'hba1c', '2023-03-01', 57],
    [id, 'sbp', '2024-01-01', 140 + 1 / 3],
    [id, 'ccq', '2024-01-01', 2],
  ]),
  conditions: ids.map((id, at) =>
    at % 2 ? [id, 'ICPC-1', 'T90.02', '2010-01-01'] : [id, 'ICD-10', 'I10', '2011-01-01', '2012-01-01'],
  ),
  medications: ids.map((id) => [id, 'A10BA02', '2015-01-01']),
  claims: ids.map((id, at) => [`c${at}`, id, 'p01', '2025-02-01', '11000', 1, 1234]),
  quality: [['p01', 'benchmark_participation', 'true']],
}

const reversed: Delivered = {
  partners: world.partners.toReversed(),
  patients: world.patients.toReversed(),
  enrolments: world.enrolments.toReversed(),
  observations: world.observations.toReversed(),
  conditions: world.conditions.toReversed(),
  medications: world.medications.toReversed(),
  claims: world.claims.toReversed(),
  quality: world.quality.toReversed(),
}

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const hashOf = async (regionId: number, asOf: Day = '2026-01-01') =>
  (await takeSnapshot(store, { regionId, asOf, programme })).datasetSha256

async function panelOf(regionId: number, patientId: string, asOf: Day = '2026-01-01'): Promise<[Panel, number]> {
  const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
  const panel = await readPanel(store, { regionId, datasetSha256, programme: 'dm2', shard: shardOf(patientId) })
  return [panel, panel.patientIds.indexOf(patientId)]
}

const readingsOf = ({ readings }: Panel, measure: number, patient: number) => {
  const { offsets, day, value } = readings[measure]!
  return Array.from({ length: offsets[patient + 1]! - offsets[patient]! }, (_, at) => {
    const row = offsets[patient]! + at
    return [day[row], value[row]]
  })
}

describe('a panel', () => {
  test('holds everything of its patients that the method may look at, in order', async () => {
    const regionId = await deliver(store, 'content', '2025-12-01', world)
    const [panel, at] = await panelOf(regionId, 'pt8')
    expect(panel.patientIds).toEqual(ids.filter((id) => shardOf(id) === shardOf('pt8')).sort())
    expect([panel.birthYear[at], panel.sex[at], panel.insurers[panel.insurer[at]!]]).toEqual([1948, 1, '7095'])
    expect(panel.insurers).toEqual(['', '7095'])
    expect(panel.diedOn[at]).toBe(NEVER)
    expect(panel.partners.map(({ partnerId, memberOf }) => [partnerId, memberOf])).toEqual([
      ['g01', null],
      ['p01', null],
      ['p02', 'g01'],
    ])
    expect(panel.measures).toEqual(['sbp', 'hba1c'])
    expect(readingsOf(panel, 0, at)).toEqual([[epochDayOf('2024-01-01'), 140 + 1 / 3]])
    expect(readingsOf(panel, 1, at)).toEqual([
      [epochDayOf('2023-03-01'), 57],
      [epochDayOf('2023-03-01'), 58],
      [epochDayOf('2024-03-01'), 60 + 8 / 7],
    ])
    const { offsets, partner, startedOn, endedOn, endReason, mainPractitioner } = panel.enrolments
    const [first, end] = [offsets[at]!, offsets[at + 1]!]
    expect(Array.from(startedOn.slice(first, end))).toEqual([epochDayOf('2021-01-01'), epochDayOf('2022-06-01')])
    expect(Array.from(partner.slice(first, end))).toEqual([1, 2])
    expect(Array.from(endedOn.slice(first, end))).toEqual([epochDayOf('2022-06-01'), epochDayOf('2023-01-01')])
    expect(Array.from(endReason.slice(first, end))).toEqual([0, 2])
    expect(Array.from(mainPractitioner.slice(first, end))).toEqual([0, 0])
    expect(panel.conditionCodes[panel.conditions.code[panel.conditions.offsets[at]!]!]).toBe('ICD-10:I10')
    expect(panel.conditions.until[panel.conditions.offsets[at]!]).toBe(epochDayOf('2012-01-01'))
    expect(panel.atcCodes).toEqual(['A10BA02'])
    expect(panel.medications.until[panel.medications.offsets[at]!]).toBe(NEVER)
  })

  test('is there for every shard, and every patient stands in one of them', async () => {
    const regionId = await deliver(store, 'all shards', '2025-12-01', world)
    const { datasetSha256, shards } = await takeSnapshot(store, { regionId, asOf: '2026-01-01', programme })
    expect(shards).toBe(SHARDS)
    const found: string[] = []
    for (let shard = 0; shard < shards; shard++)
      found.push(...(await readPanel(store, { regionId, datasetSha256, programme: 'dm2', shard })).patientIds)
    expect(found.sort()).toEqual([...ids].sort())
  })

  test('knows what was known on the day, and no more', async () => {
    const regionId = await deliver(store, 'two clocks', '2025-12-01', world)
    const before = await hashOf(regionId)
    await deliver(store, 'two clocks', '2026-02-01', {
      observations: [['pt8', 'hba1c', '2023-03-01', 99]],
      enrolments: [['pt8', 'dm2', 'p01', '2021-01-01', '2025-01-01', 'died', 'none']],
    })
    const [old, at] = await panelOf(regionId, 'pt8')
    expect(readingsOf(old, 1, at)).toHaveLength(3)
    const [panel] = await panelOf(regionId, 'pt8', '2026-02-01')
    expect(readingsOf(panel, 1, at)).toEqual([
      [epochDayOf('2023-03-01'), 99],
      [epochDayOf('2024-03-01'), 60 + 8 / 7],
    ])
    const row = panel.enrolments.offsets[at]!
    expect(panel.enrolments.offsets[at + 1]! - row).toBe(1)
    expect([panel.enrolments.endReason[row], panel.enrolments.mainPractitioner[row]]).toEqual([1, 2])
    expect(await hashOf(regionId)).toBe(before)
    expect(await hashOf(regionId, '2026-02-01')).not.toBe(before)
  })

  test('of a region with nothing in it is empty', async () => {
    const regionId = await deliver(store, 'empty', '2025-12-01', {})
    const [panel] = await panelOf(regionId, 'pt8')
    expect([panel.patientIds, panel.partners, panel.readings.length]).toEqual([[], [], 2])
  })
})

describe('dataset_sha256', () => {
  test('does not depend on the order of rows, the region, or surrogate keys', async () => {
    const one = await deliver(store, 'forward', '2025-12-01', world)
    const other = await deliver(store, 'backward', '2025-11-01', reversed)
    expect(await hashOf(other)).toBe(await hashOf(one))
  })

  test('does not depend on how the rows were split over deliveries', async () => {
    const whole = await deliver(store, 'whole', '2025-12-01', world)
    const half = <T>(rows: readonly T[], part: number) => rows.filter((_, at) => at % 2 === part)
    const later: Delivered = {
      observations: world.observations.filter((_, at) => at % 5 === 3),
      conditions: half(world.conditions, 1),
      claims: half(world.claims, 1),
      quality: world.quality,
    }
    await deliver(store, 'split', '2025-11-01', {
      ...world,
      observations: world.observations.filter((_, at) => at % 5 !== 3),
      conditions: half(world.conditions, 0),
      claims: half(world.claims, 0),
      quality: [],
      patients: world.patients.map(([id, , sex]) => [id, 1900, sex]),
    })
    const split = await deliver(store, 'split', '2025-12-01', { ...later, patients: world.patients })
    expect(await hashOf(split)).toBe(await hashOf(whole))
  })

  test('and the panels are the same when a large region is read a few shards at a time', async () => {
    const whole = await deliver(store, 'at once', '2025-12-01', world)
    const pieces = await deliver(store, 'in passes', '2025-12-01', reversed)
    const { datasetSha256 } = await takeSnapshot(store, {
      regionId: pieces,
      asOf: '2026-01-01',
      programme,
      observationsAtOnce: 60,
    })
    expect(datasetSha256).toBe(await hashOf(whole))
    for (let shard = 0; shard < SHARDS; shard++) {
      const at = { datasetSha256, programme: 'dm2', shard }
      expect(await readPanelBytes(store, { ...at, regionId: pieces })).toEqual(
        await readPanelBytes(store, { ...at, regionId: whole }),
      )
    }
  })

  const changes: [string, Delivered][] = [
    ['a partner', { partners: [...world.partners.slice(1), ['p02', 'Practice two', 'gp_practice']] }],
    ['a patient', { patients: [['pt0', 1940, 'x'], ...world.patients.slice(1)] }],
    ['an enrolment in another programme', { enrolments: world.enrolments.slice(0, -1) }],
    [
      'the last bit of a value',
      { observations: [['pt0', 'hba1c', '2024-03-01', 60 + 2 ** -47, 'p01'], ...world.observations.slice(1)] },
    ],
    ['who measured it', { observations: [['pt0', 'hba1c', '2024-03-01', 60, 'p02'], ...world.observations.slice(1)] }],
    ['a measure outside the programme', { observations: world.observations.slice(0, -1) }],
    ['a condition', { conditions: world.conditions.slice(1) }],
    ['a medication', { medications: world.medications.slice(1) }],
    [
      'a claim of one cent more',
      { claims: [['c0', 'pt0', 'p01', '2025-02-01', '11000', 1, 1235], ...world.claims.slice(1)] },
    ],
    ['a promise', { quality: [['p01', 'benchmark_participation', 'false']] }],
  ]
  test('tells any change of any row', async () => {
    const hashes = [await hashOf(await deliver(store, 'base', '2025-12-01', world))]
    for (const [what, change] of changes)
      hashes.push(await hashOf(await deliver(store, `changed ${what}`, '2025-12-01', { ...world, ...change })))
    expect(new Set(hashes).size).toBe(changes.length + 1)
  })

  test('is the same for another programme, whose panels are its own', async () => {
    const regionId = await deliver(store, 'programmes', '2025-12-01', world)
    const copd = { ...programme, programme: 'copd', measures: [measure('ccq')] }
    const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf: '2026-01-01', programme: copd })
    expect(datasetSha256).toBe(await hashOf(regionId))
    const shard = shardOf('pt8')
    const panel = await readPanel(store, { regionId, datasetSha256, programme: 'copd', shard })
    expect([panel.measures, panel.enrolments.startedOn.length]).toEqual([['ccq'], panel.patientIds.length])
  })
})
