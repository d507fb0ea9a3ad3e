import { describe, expect, test } from 'vitest'
import { dayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { admissionsOf } from '../../../engine/assessment/eligibility.ts'
import { countingYearsOf, frameOf } from '../../../engine/assessment/assessed-years.ts'
import { realisationsOf } from '../../../engine/assessment/realisation.ts'
import { enrolledPartnersOf, indicesOf, rosterOf } from '../../../engine/panel/roster.ts'
import { includedOnQuarterDaysOf } from '../../../engine/settlement/bundled.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'

const partners = [
  { id: 'g1', kind: 'care_group' },
  { id: 'p1', memberOf: 'g1' },
  { id: 'p2', memberOf: 'g2' },
  { id: 'p3' },
  { id: 'g2' },
]
const patient = (id: string, ...enrolments: PatientSpec['enrolments']): PatientSpec => ({
  id,
  enrolments,
  insurer: '7095',
})

function admitted(contract: Contract, patients: readonly PatientSpec[], yearsBefore = 0) {
  const panel = panelFrom({ partners, patients })
  const roster = rosterOf(contract, panel.partners, enrolledPartnersOf(panel))
  const admissions = admissionsOf(panel, contract, roster, frameOf(contract, yearsBefore))
  const rows = [...admissions.patient].map((at, row) => ({
    patient: panel.patientIds[at],
    partner: roster.partnerIds[admissions.partner[row]!],
    practice: roster.partnerIds[admissions.practice[row]!],
    on: dayOf(admissions.indexOn[row]!),
    days: admissions.exposureDays[row],
  }))
  return { rows, barred: admissions.ineligible }
}

describe('whom a patient counts for', () => {
  test('a practice counts under the care group that is in the contract, any other partner for itself', () => {
    const contract = contractWith({ partners: ['g1', 'p2'], control: ['p3'] })
    const { rows } = admitted(contract, [
      patient('i1', { partner: 'p1', from: '2024-01-01' }),
      patient('i2', { partner: 'p2', from: '2024-01-01' }),
      patient('i3', { partner: 'p3', from: '2024-01-01' }),
      patient('i4', { partner: 'g2', from: '2024-01-01' }),
    ])
    expect(rows.map(({ patient, partner, practice }) => [patient, partner, practice])).toEqual([
      ['i1', 'g1', 'p1'],
      ['i2', 'p2', 'p2'],
      ['i3', 'p3', 'p3'],
    ])
  })

  test('without a list, every partner with an enrolment is in the contract, less the controls', () => {
    const panel = panelFrom({
      partners,
      patients: [patient('i1', { partner: 'p1', from: '2024-01-01' }, { partner: 'p3', from: '2024-06-01' })],
    })
    const { partnerIds, contract } = rosterOf(
      contractWith({ control: ['p3'] }),
      panel.partners,
      enrolledPartnersOf(panel),
    )
    expect(indicesOf(contract).map((at) => partnerIds[at])).toEqual(['p1'])
  })

  test('a partner that the region does not have is refused, and so is nobody at all', () => {
    const panel = panelFrom({ partners, patients: [] })
    expect(() => rosterOf(contractWith({ partners: ['p9'] }), panel.partners, new Set())).toThrow(
      'partner "p9" is not in partners.csv',
    )
    expect(() => rosterOf(contractWith(), panel.partners, new Set())).toThrow('has no partner')
  })

  test('in a placebo year the reference counts too, each partner credited as in the contract', () => {
    const contract = contractWith({
      partners: ['g1'],
      reference: { start: '2021-01-01', end: '2024-12-31', partners: ['p2'] },
    })
    const everyone = partners.map(({ id }) => patient(`i-${id}`, { partner: id, from: '2020-01-01' }))
    expect(admitted(contract, everyone, 1).rows.map(({ partner }) => partner)).toEqual(['g1', 'g1', 'p2'])
    expect(admitted(contract, everyone).rows.map(({ partner }) => partner)).toEqual(['g1', 'g1'])
  })
})

describe('from which day', () => {
  const contract = contractWith({ partners: ['p3'] })
  const one = (...enrolments: PatientSpec['enrolments']) => admitted(contract, [patient('i1', ...enrolments)]).rows

  test('the later of period.start and started_on, until the end of the enrolment or of the period', () => {
    expect(one({ partner: 'p3', from: '2020-01-01' })).toMatchObject([{ on: '2025-01-01', days: 365 }])
    expect(one({ partner: 'p3', from: '2025-03-01', until: '2025-03-11' })).toMatchObject([
      { on: '2025-03-01', days: 10 },
    ])
    expect(one({ partner: 'p3', from: '2025-12-31' })).toMatchObject([{ on: '2025-12-31', days: 1 }])
    expect(one({ partner: 'p3', from: '2026-01-01' })).toEqual([])
  })

  test('nobody is enrolled on ended_on', () => {
    expect(one({ partner: 'p3', from: '2020-01-01', until: '2025-01-01' })).toEqual([])
    expect(one({ partner: 'p3', from: '2020-01-01', until: '2025-01-02' })).toMatchObject([
      { on: '2025-01-01', days: 1 },
    ])
    expect(
      one({ partner: 'p3', from: '2025-02-01', until: '2025-02-01' }, { partner: 'p3', from: '2025-05-01' }),
    ).toMatchObject([{ on: '2025-05-01' }])
  })

  test('only the first enrolment that gives an index date counts, whoever it is with', () => {
    expect(
      one({ partner: 'p2', from: '2020-01-01', until: '2025-02-01' }, { partner: 'p3', from: '2025-03-01' }),
    ).toEqual([])
    expect(
      one({ partner: 'p2', from: '2020-01-01', until: '2024-12-01' }, { partner: 'p3', from: '2025-03-01' }),
    ).toMatchObject([{ on: '2025-03-01' }])
    expect(
      one({ partner: 'p3', from: '2020-01-01', until: '2025-02-01' }, { partner: 'p2', from: '2025-02-01' }),
    ).toMatchObject([{ days: 31 }])
    expect(
      one({ partner: 'p3', from: '2020-01-01', main: 'specialist' }, { partner: 'p3', from: '2025-03-01' }),
    ).toEqual([])
  })

  test('alive on it', () => {
    const alive = (diedOn: Day) =>
      admitted(contract, [{ ...patient('i1', { partner: 'p3', from: '2020-01-01' }), diedOn }]).rows.length
    expect([alive('2025-01-01'), alive('2025-01-02')]).toEqual([0, 1])
  })
})

describe('who is barred', () => {
  const contract = contractWith({ partners: ['p1'], control: ['p3'], insurers: ['7095'] })
  const patients = [
    patient('i1', { partner: 'p1', from: '2020-01-01', main: 'specialist' }),
    { ...patient('i2', { partner: 'p1', from: '2020-01-01', main: 'none' }), insurer: '3311' },
    { ...patient('i3', { partner: 'p1', from: '2020-01-01' }), insurer: '3311' },
    { ...patient('i4', { partner: 'p1', from: '2020-01-01' }), insurer: '' },
    { ...patient('i5', { partner: 'p3', from: '2020-01-01' }), insurer: '3311' },
    patient('i6', { partner: 'p3', from: '2020-01-01', main: 'specialist' }),
    patient('i7', { partner: 'p1', from: '2020-01-01' }),
  ]

  test('another main practitioner first, then another insurer; insurers bar patients of the contract only', () => {
    const { rows, barred } = admitted(contract, patients)
    expect(rows.map(({ patient }) => patient)).toEqual(['i5', 'i7'])
    expect(barred).toEqual({ notMainPractitioner: 2, otherInsurer: 2 })
  })

  test('in placebo years too', () => {
    expect(admitted(contract, patients, 2).rows.map(({ patient, on }) => [patient, on])).toEqual([
      ['i5', '2023-01-01'],
      ['i7', '2023-01-01'],
    ])
  })
})

describe('placebo years', () => {
  test('the patients enrolled on that very day', () => {
    const contract = contractWith({ partners: ['p3'] })
    const rows = admitted(
      contract,
      [
        patient('i1', { partner: 'p3', from: '2024-01-01' }),
        patient('i2', { partner: 'p3', from: '2024-01-02' }),
        patient(
          'i3',
          { partner: 'p2', from: '2020-01-01', until: '2024-01-01' },
          { partner: 'p3', from: '2024-01-01' },
        ),
      ],
      1,
    ).rows
    expect(rows.map(({ patient, partner }) => [patient, partner])).toEqual([
      ['i1', 'p3'],
      ['i3', 'p3'],
    ])
  })

  test('a year counts if the reference is a year older and holds the opening of the window', () => {
    const years = (start: Day, end: Day, clauses = {}) =>
      countingYearsOf(contractWith({ reference: { start, end, partners: null } }), outcomeWith(clauses))
    expect(years('2021-01-01', '2024-12-31')).toEqual([1, 2, 3])
    expect(years('2021-01-02', '2024-12-31')).toEqual([1, 2])
    expect(years('2024-01-01', '2024-12-31')).toEqual([])
    expect(years('2021-01-01', '2024-09-02')).toEqual([1, 2, 3]) // 2024-01-01 + 365 - 120 days
    expect(years('2021-01-01', '2024-09-01')).toEqual([2, 3])
    expect(years('2021-01-01', '2024-12-31', { horizonDays: 730 })).toEqual([2, 3])
  })

  test('values after reference.end do not exist', () => {
    const contract = contractWith({
      partners: ['p3'],
      reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
    })
    const panel = panelFrom({
      partners,
      patients: [
        {
          ...patient('i1', { partner: 'p3', from: '2020-01-01' }),
          readings: { hba1c: { '2023-12-01': 60, '2024-12-20': 57, '2025-01-01': 50 } },
        },
        {
          ...patient('i2', { partner: 'p3', from: '2020-01-01' }),
          readings: { hba1c: { '2023-12-01': 60, '2025-01-01': 50 } },
        },
      ],
    })
    const frame = frameOf(contract, 1)
    const admissions = admissionsOf(panel, contract, rosterOf(contract, panel.partners, new Set()), frame)
    const { status, realised } = realisationsOf(panel, admissions, outcomeWith(), frame)
    expect([...status]).toEqual([0, 1])
    expect([...realised]).toEqual([57, NaN])
  })
})

test('patients included on the quarter days, each while alive and enrolled with the GP as main practitioner', () => {
  const contract = contractWith({ partners: ['g1'], insurers: ['7095'] })
  const panel = panelFrom({
    partners,
    patients: [
      patient('i1', { partner: 'p1', from: '2020-01-01' }), // four quarter days
      patient('i2', { partner: 'g1', from: '2025-01-02', until: '2025-07-01' }), // 1 April
      patient('i3', { partner: 'p1', from: '2020-01-01', main: 'specialist' }),
      { ...patient('i4', { partner: 'p1', from: '2020-01-01' }), diedOn: '2025-04-02' }, // 1 January, 1 April
      { ...patient('i5', { partner: 'p1', from: '2020-01-01' }), insurer: '3311' },
      patient('i6', { partner: 'p3', from: '2020-01-01' }),
    ],
  })
  const roster = rosterOf(contract, panel.partners, new Set())
  expect([...includedOnQuarterDaysOf(panel, contract, roster)]).toEqual(
    roster.partnerIds.map((id) => (id === 'g1' ? 7 : 0)),
  )
})
