import { describe, expect, test } from 'vitest'
import { admissionsOf } from '../../../engine/assessment/eligibility.ts'
import { countingYearsOf, frameOf } from '../../../engine/assessment/assessed-years.ts'
import { STATUSES } from '../../../engine/assessment/assessment.ts'
import { realisationsOf } from '../../../engine/assessment/realisation.ts'
import { dayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { referenceLandmarks } from '../../../engine/panel/landmarks.ts'
import { enrolledPartnersOf, rosterOf } from '../../../engine/panel/roster.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'
import { settledFrom } from '../../support/regions/settled-panel.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'

const partners = [{ id: 'h1' }, { id: 'h2' }]
const contract = contractWith({
  index: 'enrolment',
  inclusion: { start: '2025-01-01', end: '2025-12-31' },
  outcomes: [outcomeWith({ horizonDays: 182, windowDays: 60, baselineDays: 90 })],
})

function rowsOf(asked: Contract, patients: readonly PatientSpec[], yearsBefore = 0) {
  const panel = panelFrom({ partners, patients })
  const roster = rosterOf(asked, panel.partners, enrolledPartnersOf(panel))
  const frame = frameOf(asked, yearsBefore)
  const admissions = admissionsOf(panel, asked, roster, frame)
  const { status } = realisationsOf(panel, admissions, asked.outcomes[0]!, frame)
  return [...admissions.patient].map((at, row) => [
    panel.patientIds[at],
    dayOf(admissions.indexOn[row]!),
    STATUSES[status[row]!],
    admissions.exposureDays[row],
  ])
}

const operated = (id: string, ...days: readonly (readonly [from: Day, until: Day])[]): PatientSpec => ({
  id,
  enrolments: days.map(([from, until]) => ({ partner: 'h1', from, until })),
  readings: { hba1c: { '2025-01-20': 30, '2025-07-25': 18, '2025-08-20': 28, '2026-03-10': 15 } },
})

describe('which episodes count', () => {
  test('every one that starts in the inclusion window, two of one patient too; who was in care before it does not', () => {
    expect(
      rowsOf(contract, [
        operated('i1', ['2025-02-01', '2025-03-01'], ['2025-09-15', '2025-10-01']),
        operated('i2', ['2024-12-31', '2026-01-01']),
        operated('i3', ['2026-01-01', '2026-02-01']),
      ]),
    ).toEqual([
      ['i1', '2025-02-01', 'measured', 1],
      ['i1', '2025-09-15', 'measured', 1],
    ])
  })

  test('a result may fall due after the period: nobody comes too late', () => {
    expect(rowsOf(contract, [operated('i1', ['2025-12-31', '2026-01-15'])])).toEqual([
      ['i1', '2025-12-31', 'no_baseline', 1],
    ])
    expect(rowsOf(contract, [{ ...operated('i1', ['2025-10-31', '2026-01-15']) }])).toEqual([
      ['i1', '2025-10-31', 'measured', 1],
    ])
  })

  test('a file that is closed on the day of the operation counts as one that is closed a year later', () => {
    const closed = (until: Day) => rowsOf(contract, [operated('i1', ['2025-02-01', until])])
    expect(closed('2025-02-01')).toEqual(closed('2026-02-01'))
  })
})

describe('episodes before the contract', () => {
  test('a placebo year holds the same days of an earlier year, and counts if its last result can be known', () => {
    expect(countingYearsOf(contract, contract.outcomes[0]!)).toEqual([2, 3])
    const narrow = { ...contract, inclusion: { start: '2025-01-01', end: '2025-06-30' } } as const
    expect(countingYearsOf(narrow, narrow.outcomes[0]!)).toEqual([1, 2, 3])
    expect(rowsOf(contract, [operated('i1', ['2023-02-01', '2023-03-01'])], 2)).toEqual([
      ['i1', '2023-02-01', 'no_baseline', 1],
    ])
  })

  test('the model learns at the first day of each, where its whole window lies in the reference', () => {
    const panel = panelFrom({
      partners,
      patients: [
        operated('i1', ['2021-02-01', '2021-03-01'], ['2022-02-01', '2022-02-01']),
        operated('i2', ['2020-12-31', '2021-03-01'], ['2024-05-03', '2024-06-01'], ['2024-07-01', '2024-08-01']),
      ],
    })
    const { patient, day } = referenceLandmarks(panel, contract, contract.outcomes[0]!)
    expect([...patient].map((at, row) => [panel.patientIds[at], dayOf(day[row]!)])).toEqual([
      ['i1', '2021-02-01'],
      ['i1', '2022-02-01'],
      ['i2', '2024-05-03'],
    ])
  })
})

test('a unit of gain of one episode has the price, whenever the file is closed', () => {
  const patients = (until: Day): PatientSpec[] =>
    Array.from({ length: 40 }, (_, i) => ({
      id: `i${String(i).padStart(2, '0')}`,
      enrolments: [{ partner: 'h1', from: '2025-02-01', until }],
      readings: { hba1c: { '2025-01-20': 60 + (i % 7), '2025-08-01': 50 + (i % 5) } },
    }))
  const settled = (until: Day) =>
    settledFrom(
      panelFrom({ partners, patients: patients(until) }),
      contractWith({ ...contract, partners: ['h1'], history: 'none', credibility: 'none' }),
    ).partners[0]!
  const early = settled('2025-02-02')
  expect(early).toMatchObject({ patients: 40, eligible: 40, patient_years: 40 })
  expect(early.payment_cents).toBe(Math.round(1000 * 40 * early.outcomes[0]!.credible_gain!))
  expect(settled('2026-02-01')).toEqual(early)
})
