/** A settlement is of a period of which something is known: the year of a contract may be under way, not still to come. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { refusePeriodWithoutData } from '../../../data/region/period-data.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const store = await liveStore()
afterAll(() => store.close())

let regionId: number
beforeAll(async () => {
  regionId = await deliver(store, 'period', '2025-07-01', {
    partners: [
      ['group', 'De Groep', 'care_group'],
      ['p01', 'Praktijk 1', 'gp_practice', 'group'],
      ['p02', 'Praktijk 2', 'gp_practice'],
    ],
    patients: [
      ['a', 1950, 'm'],
      ['b', 1960, 'f'],
    ],
    enrolments: [
      ['a', 'dm2', 'p01', '2023-01-01'],
      ['b', 'copd', 'p02', '2023-01-01', '2024-06-01'],
    ],
  })
})

const asked = (clauses: Partial<Contract>, asOf: Day = '2025-07-01') =>
  refusePeriodWithoutData(store, { regionId, asOf, contract: contractWith(clauses) })
const year = (of: number): Contract['period'] => ({ start: `${of}-01-01` as Day, end: `${of}-12-31` as Day })

describe('a contract is settled', () => {
  test('for a year that is over or under way', async () => {
    await asked({ period: year(2024) })
    await asked({ period: year(2025) })
    await asked({ period: { start: '2025-07-01', end: '2026-06-30' } })
  })

  test('not for a year that was still to come when the region last delivered, whatever day is named', async () => {
    const refused = { code: 'period_without_data', facts: { latestDelivery: '2025-07-01' } }
    await expect(asked({ period: year(2031) })).rejects.toMatchObject(refused)
    await expect(asked({ period: year(2031) }, '2032-03-01')).rejects.toMatchObject(refused)
    await expect(asked({ period: { start: '2025-07-02', end: '2026-07-01' } })).rejects.toThrow(
      'is about 2025-07-02 to 2026-07-01, and the latest delivery known on 2025-07-01 is of 2025-07-01: nothing of that period is known yet.',
    )
  })

  test('not where nobody was enrolled in it', async () => {
    const refused = { code: 'nobody_enrolled' }
    await expect(asked({ programme: 'hvz' })).rejects.toMatchObject(refused)
    await expect(asked({ programme: 'copd', period: year(2025) })).rejects.toMatchObject(refused)
    await asked({ programme: 'copd', period: year(2024) })
    await expect(asked({ period: year(2022) })).rejects.toMatchObject(refused)
  })

  test('by partners that it names, and by practices of theirs', async () => {
    await asked({ partners: ['p01'] })
    await asked({ partners: ['group'] })
    await expect(asked({ partners: ['p02'] })).rejects.toMatchObject({ code: 'nobody_enrolled' })
  })
})
