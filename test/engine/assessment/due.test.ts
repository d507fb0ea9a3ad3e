/** Who still has to be measured, by the rule of the settlement. */
import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueOf, isUnderWay } from '../../../engine/assessment/due.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { dayOf, epochDayOf, NEVER, type Day } from '../../../engine/kernel/calendar.ts'
import { enrolledPartnersOf, rosterOf } from '../../../engine/panel/roster.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'

const partners = [{ id: 'g1', kind: 'care_group' }, { id: 'p1', memberOf: 'g1' }, { id: 'p2' }, { id: 'p3' }]
/** Of 2025: whoever is there on 1 January has its window from 2025-11-02 through 2026-03-02. */
const contract = contractWith({ partners: ['g1', 'p2'], control: ['p3'], outcomes: [outcomeWith({ windowDays: 60 })] })

const due = (patients: readonly PatientSpec[], day: Day, of: Contract = contract) => {
  const panel = panelFrom({ partners, patients })
  const roster = rosterOf(of, panel.partners, enrolledPartnersOf(panel))
  return dueOf(panel, of, roster, epochDayOf(day)).map((row) => ({
    patient: panel.patientIds[row.patient]!,
    partner: panel.partners[row.partner]!.partnerId,
    practice: panel.partners[row.practice]!.partnerId,
    measure: row.measure,
    from: dayOf(row.opensOn),
    to: dayOf(row.closesOn),
    last: row.lastOn === NEVER ? null : dayOf(row.lastOn),
  }))
}

const someone = (more: Partial<PatientSpec> = {}): PatientSpec => ({
  id: 'i1',
  insurer: '7095',
  enrolments: [{ partner: 'p1', from: '2024-01-01' }],
  readings: { hba1c: { '2024-11-01': 55 } },
  ...more,
})
const row = { patient: 'i1', partner: 'g1', practice: 'p1', measure: 'hba1c', from: '2025-11-02', to: '2026-03-02' }

describe('is to be measured', () => {
  test('whoever would be missing, for the partner that it counts for, until the window closes', () => {
    for (const day of ['2025-01-01', '2025-12-01', '2026-03-02'] as const)
      expect(due([someone()], day)).toEqual([{ ...row, last: '2024-11-01' }])
    expect(due([someone()], '2026-03-03')).toEqual([])
  })

  test('whoever came later, from its own index date', () => {
    const [later] = due([someone({ enrolments: [{ partner: 'p2', from: '2025-02-01' }] })], '2025-12-01')
    expect(later).toMatchObject({ partner: 'p2', from: '2025-12-03', to: '2026-04-02' })
  })
})

describe('is not to be measured', () => {
  test.each<readonly [string, Partial<PatientSpec>]>([
    ['who was measured in the window', { readings: { hba1c: { '2024-11-01': 55, '2025-12-24': 50 } } }],
    ['who has no baseline', { readings: {} }],
    ['who died', { diedOn: '2026-01-01' }],
    [
      'who moved away before the window',
      { enrolments: [{ partner: 'p1', from: '2024-01-01', until: '2025-06-01', reason: 'moved' }] },
    ],
    [
      'who came too late',
      { enrolments: [{ partner: 'p1', from: '2025-12-31' }], readings: { hba1c: { '2025-11-01': 55 } } },
    ],
    ['who is with a control partner', { enrolments: [{ partner: 'p3', from: '2024-01-01' }] }],
    ['who is treated by a specialist', { enrolments: [{ partner: 'p1', from: '2024-01-01', main: 'specialist' }] }],
  ])('%s', (_who, more) => {
    expect(due([someone(more)], '2026-01-02')).toEqual([])
  })

  test('who is of an insurer that the contract does not pay for', () => {
    expect(due([someone()], '2026-01-02', { ...contract, insurers: ['3311'] })).toEqual([])
  })
})

test('a reading takes somebody off the list exactly if it lies in the window', () => {
  const [from, to] = [epochDayOf(row.from as Day), epochDayOf(row.to as Day)]
  assert(
    property(integer({ min: epochDayOf('2025-01-02'), max: to + 60 }), (day) => {
      const left = due([someone({ readings: { hba1c: { '2024-11-01': 55, [dayOf(day)]: 50 } } })], '2025-06-01')
      expect(left.length).toBe(day >= from && day <= to ? 0 : 1)
    }),
  )
})

test('a contract is under way from its first day until its last window has closed', () => {
  const last = dayOf(epochDayOf('2025-12-31') + 60 + 60)
  expect(isUnderWay(contract, epochDayOf('2024-12-31'))).toBe(false)
  expect(isUnderWay(contract, epochDayOf('2025-01-01'))).toBe(true)
  expect(isUnderWay(contract, epochDayOf(last))).toBe(true)
  expect(isUnderWay(contract, epochDayOf(last) + 1)).toBe(false)
})
