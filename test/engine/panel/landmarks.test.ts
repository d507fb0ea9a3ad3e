import { describe, expect, test } from 'vitest'
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'
import type { Contract, Outcome } from '../../../engine/contract/contract.ts'
import { isOfReference, landmarkDays, referenceLandmarks } from '../../../engine/panel/landmarks.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { panelFrom } from '../../support/regions/simulated-panel.ts'

const outcome = { measure: 'hba1c', horizonDays: 365, windowDays: 120 } as Outcome
const contractOf = (start: string, end: string, partners: string[] | null = null) =>
  ({ reference: { start, end, partners } }) as Contract

describe('landmarks of a contract', () => {
  test('are quarter days whose whole window lies in the reference', () => {
    const days = landmarkDays(contractOf('2021-01-01', '2024-12-31'), outcome).map(dayOf)
    expect(days[0]).toBe('2021-01-01')
    expect(days.at(-1)).toBe('2023-07-01')
    expect(days).toHaveLength(11)
  })

  test('a short reference asks no more than that the target day fits', () => {
    expect(landmarkDays(contractOf('2023-01-01', '2024-03-30'), outcome).map(dayOf)).toEqual(['2023-01-01'])
  })

  test('stand where somebody is alive and under the care of a reference partner', () => {
    const panel = panelFrom(['a', 'b'], [randomOf(1), randomOf(2)], { hba1c: [[], []] })
    const ended = epochDayOf('2021-07-01')
    const left = {
      ...panel,
      enrolments: { ...panel.enrolments, endedOn: Int32Array.of(ended, panel.enrolments.endedOn[1]!) },
    }
    const days = (patient: number, of = left, contract = contractOf('2021-01-01', '2024-12-31')) => {
      const rows = referenceLandmarks(of, contract, outcome)
      return Array.from(rows.day)
        .filter((_, row) => rows.patient[row] === patient)
        .map(dayOf)
    }
    expect(days(0)).toEqual(['2021-01-01', '2021-04-01'])
    expect(days(1)).toHaveLength(11)
    expect(days(1, { ...left, diedOn: Int32Array.of(0, epochDayOf('2021-02-01')) })).toEqual(['2021-01-01'])
    expect(days(1, left, contractOf('2021-01-01', '2024-12-31', ['p99']))).toEqual([])
    expect([...isOfReference(left, contractOf('2021-04-01', '2024-12-31'), outcome)]).toEqual([1, 1])
  })

  test('the practices of a reference care group count as it', () => {
    const panel = panelFrom(['a'], [randomOf(1)], { hba1c: [[]] })
    const group = { ...panel, partners: [{ partnerId: 'p01', kind: 'gp_practice', memberOf: 'zg' }] }
    expect(referenceLandmarks(group, contractOf('2021-01-01', '2024-12-31', ['zg']), outcome).day).toHaveLength(11)
  })
})
