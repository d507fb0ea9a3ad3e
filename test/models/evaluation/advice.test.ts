import { expect, test } from 'vitest'
import { adviceOf } from '../../../models/evaluation/advice.ts'

const spec = { measure: 'ohs', horizonDays: 365, windowDays: 120, plausible: [-10, 60] } as const
const score = Float64Array.from({ length: 400 }, (_, i) => (i % 6 === 0 ? 48 : 20 + (i % 29)))

test('a score without step or ceiling is told what to write', () => {
  const advice = adviceOf(score, spec)
  expect(advice.map(({ code }) => code)).toEqual(['step', 'ends'])
  expect(advice[0]!.sentence).toMatch(/^All 400 results of ohs are whole numbers, 29 different ones.*step: 1 under measures\.ohs/) // prettier-ignore
  expect(advice[1]!.sentence).toMatch(/^20% of the results of ohs are 48, and none is higher.*make 48 the highest plausible value/) // prettier-ignore
})

test('what is declared, and what is no score, is told nothing', () => {
  expect(adviceOf(score, { ...spec, plausible: [20, 48], step: 1 })).toEqual([])
  const pressure = Float64Array.from({ length: 400 }, (_, i) => 100 + (i % 97))
  expect(adviceOf(pressure, { ...spec, plausible: [40, 300] })).toEqual([])
  expect(adviceOf(score.map((y) => y + y / 7), spec).map(({ code }) => code)).not.toContain('step') // prettier-ignore
})
