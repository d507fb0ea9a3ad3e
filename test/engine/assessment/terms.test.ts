import { readFileSync } from 'node:fs'
import { assert, integer, property, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { admissionsOf } from '../../../engine/assessment/eligibility.ts'
import { assessedYearsOf, countingYearsOf, frameOf } from '../../../engine/assessment/assessed-years.ts'
import { STATUSES } from '../../../engine/assessment/assessment.ts'
import { realisationsOf } from '../../../engine/assessment/realisation.ts'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { modelsAskedOf } from '../../../engine/contract/term.ts'
import { enrolledPartnersOf, rosterOf } from '../../../engine/panel/roster.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const partners = [
  { id: 'g1', kind: 'care_group' },
  { id: 'g2', kind: 'care_group' },
  { id: 'h1', memberOf: 'g1' },
  { id: 'h2', memberOf: 'g1' },
]
const term = { start: '2025-01-01', end: '2027-12-31' } as const
const inYear = (year: number, clauses: Partial<Contract> = {}): Contract =>
  contractWith({
    partners: ['g1', 'g2'],
    term,
    period: { start: `${year}-01-01` as Day, end: `${year}-12-31` as Day },
    reference: { start: '2019-01-01', end: '2024-12-31', partners: null },
    ...clauses,
  })

function assessed(contract: Contract, patients: readonly PatientSpec[], yearsBefore = 0) {
  const panel = panelFrom({ partners, patients })
  const roster = rosterOf(contract, panel.partners, enrolledPartnersOf(panel))
  const frame = frameOf(contract, yearsBefore)
  const admissions = admissionsOf(panel, contract, roster, frame)
  const { status, targetOn } = realisationsOf(panel, admissions, contract.outcomes[0]!, frame)
  return [...admissions.patient].map((at, row) => ({
    patient: panel.patientIds[at]!,
    partner: roster.partnerIds[admissions.partner[row]!]!,
    on: dayOf(admissions.indexOn[row]!),
    elapsed: admissions.yearsElapsed[row]!,
    target: dayOf(targetOn[row]!),
    status: STATUSES[status[row]!]!,
    days: admissions.exposureDays[row]!,
  }))
}

interface Case {
  readonly name: string
  readonly given: {
    readonly period: number
    readonly died?: Day
    readonly enrolments: PatientSpec['enrolments']
    readonly readings: Readonly<Record<string, number>>
  }
  readonly then: { readonly rows: unknown }
}

describe('terms.yaml', () => {
  const cases = parse(readFileSync(new URL('../cases/terms.yaml', import.meta.url), 'utf8')) as Case[]
  test.each(cases)('$name', ({ given, then }) => {
    const { period, died, enrolments, readings } = given
    const patient = { id: 'i1', enrolments, readings: { hba1c: readings }, ...(died && { diedOn: died }) }
    const rows = assessed(inYear(period), [patient])
    expect(rows.map((row) => [row.partner, row.on, row.elapsed, row.target, row.status, row.days])).toEqual(then.rows)
  })
})

describe('the placebo years of a term', () => {
  test('lie before its first day in every year of it, and look as far ahead as the period does', () => {
    expect([2025, 2026, 2027].map((year) => countingYearsOf(inYear(year), inYear(year).outcomes[0]!))).toEqual([
      [1, 2, 3],
      [2, 3],
      [3],
    ])
    const rows = assessed(inYear(2027), [{ id: 'i1', enrolments: [{ partner: 'g1', from: '2018-01-01' }] }], 3)
    expect(rows).toMatchObject([{ on: '2022-01-01', elapsed: 2, target: '2024-12-31', status: 'no_baseline' }])
    expect(assessedYearsOf(inYear(2027))).toEqual([0, 3])
  })

  test('who has left by the day of the later years counts for none of them', () => {
    const patient = {
      id: 'i1',
      enrolments: [{ partner: 'g1', from: '2018-01-01', until: '2023-06-01' }],
      readings: { hba1c: { '2021-12-01': 60, '2024-12-01': 58 } },
    } as const
    expect(assessed(inYear(2027), [patient], 3)).toMatchObject([{ status: 'left' }])
  })
})

test('a model for every number of years that a patient can have been under the contract', () => {
  expect(modelsAskedOf(inYear(2027)).map(({ name, outcome }) => [name, outcome.horizonDays])).toEqual([
    ['hba1c', 365],
    ['hba1c.1', 730],
    ['hba1c.2', 1095],
  ])
  const { term: _none, ...plain } = inYear(2027)
  expect(modelsAskedOf(plain).map(({ name }) => name)).toEqual(['hba1c'])
})

const day = integer({ min: epochDayOf('2023-06-01'), max: epochDayOf('2027-12-30') })
const history = uniqueArray(day, { minLength: 2, maxLength: 8 }).map((days) => {
  const ascending = days.sort((a, b) => a - b)
  return Array.from({ length: ascending.length >> 1 }, (_, k) => ({
    partner: ['g1', 'g2', 'h1', 'h2'][(ascending[2 * k]! + k) % 4]!,
    from: dayOf(ascending[2 * k]!),
    until: dayOf(ascending[2 * k + 1]!),
  }))
})

test('one index date a partner, the same in every later year of the term, never before the term nor after the period', () =>
  assert(
    property(history, (enrolments) => {
      const patients = [{ id: 'i1', enrolments }]
      const years = [2025, 2026, 2027].map((year) => assessed(inYear(year), patients))
      for (const [at, rows] of years.entries()) {
        expect(new Set(rows.map(({ partner }) => partner)).size).toBe(rows.length)
        for (const { on, elapsed, days } of rows) {
          expect(on >= term.start && on <= `${2025 + at}-12-31`).toBe(true)
          expect(elapsed).toBe(2025 + at - Number(on.slice(0, 4)))
          expect(days).toBeLessThanOrEqual(365)
        }
        const before = years[at - 1] ?? []
        expect(rows.filter(({ elapsed }) => elapsed > 0).map(({ partner, on }) => [partner, on])).toEqual(
          before.map(({ partner, on }) => [partner, on]),
        )
      }
    }),
  ))

test('a term of one year counts whom its period counts, but for a second partner', () =>
  assert(
    property(history, (enrolments) => {
      const patients = [{ id: 'i1', enrolments }]
      const one = inYear(2025, { term: { start: '2025-01-01', end: '2025-12-31' } })
      const { term: _none, ...plain } = one
      const [first] = assessed(one, patients)
      const [only] = assessed(plain, patients)
      expect(first && { ...first, days: 0 }).toEqual(only && { ...only, days: 0 })
    }),
  ))
