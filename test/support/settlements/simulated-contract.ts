/** Contracts drawn with every clause. */
import type { Contract, Outcome } from '../../../engine/contract/contract.ts'
import { addYears, dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Random } from '../../../engine/kernel/random.ts'
import { contractWith, outcomeWith } from './contract.ts'

export const oneOf = <T>(dice: Random, choices: readonly T[]): T => choices[dice.below(choices.length)]!

export function contractOf(dice: Random): Contract {
  const frame = frameOf(dice)
  const from = epochDayOf((frame.term ?? frame.period).start)
  const control = oneOf(dice, [[], ['c1'], ['c1', 'c2', 'c3']])
  const partners = ['p1', 'p2', 'p3', 'p4', 'p5'].slice(0, 1 + dice.below(5))
  const measures = oneOf(dice, [['hba1c'], ['hba1c', 'sbp'], ['egfr', 'hba1c', 'sbp']])
  return contractWith({
    control,
    partners,
    ...frame,
    reference: {
      start: dayOf(from - 366 * (1 + dice.below(frame.term ? 7 : 5))),
      end: dayOf(from - 1),
      partners: null,
    },
    outcomes: measures.map((measure) =>
      outcomeWith({
        measure,
        ...priced(oneOf(dice, [12.5, 3, 0.37])),
        countedRange: oneOf(dice, [null, [-1, 4] as const]),
        target: oneOf(dice, [null, null, [-1, 1] as const]),
        windowDays: oneOf(dice, [60, 120, 180]),
      }),
    ),
    missing: oneOf(dice, ['doubly_robust', 'exclude', 'zero']),
    pessimisticShiftSd: oneOf(dice, [0, 0.3]),
    ...(control.length > 0 && dice.uniform() < 0.5 ? { excessMissing: 'deduct' as const } : {}),
    history: oneOf(dice, ['own', 'own', 'none']),
    levelWeight: oneOf(dice, [0, 0.4, 1]),
    trend: control.length > 0 ? oneOf(dice, ['control', 'none']) : 'none',
    credibility: oneOf<Contract['credibility']>(dice, [
      'estimated',
      'none',
      { betweenSd: { hba1c: 1.2, sbp: 0.5, egfr: 2 } },
    ]),
    share: oneOf(dice, [
      { gain: 1, loss: 1 },
      { gain: 0.5, loss: 0.2 },
      { gain: 0.5, loss: 0 },
    ]),
    deadBand: oneOf(dice, [
      { eur: 0, z: 0 },
      { eur: 2, z: 0 },
      { eur: 0.5, z: 0.4 },
    ]),
    corridorEur: oneOf(dice, [
      { floor: null, cap: null },
      { floor: -8, cap: 12 },
    ]),
    minPatients: oneOf(dice, [0, 8]),
    gates: [
      { gate: 'min_measured_share', weight: 0.7, rule: { atLeast: 0.6 } },
      { gate: 'max_left_share', weight: 0.2, rule: { atMost: 0.1 } },
      { gate: 'max_excess_missing', weight: 0.1, rule: { atMost: 0.05 } },
      { gate: 'max_excess_deaths', weight: 0.3, rule: { atMost: 0 } },
      { gate: 'max_late_share', weight: 0.15, rule: { atMost: 0.2 } },
      { gate: 'min_patients', weight: 0.25, rule: { atLeast: 5 } },
      { gate: 'benchmark', weight: 0.5, rule: { equals: 'true' } },
      { gate: 'experience', weight: 0.05, rule: { atLeast: 7.5 } },
    ].filter(() => dice.uniform() < 0.4),
    budgetEur: oneOf(dice, [null, 250000, 10.55]),
    bundled: oneOf(dice, [
      null,
      { components: [component(1, 30, 62), component(0.7, 20, 62.35), component(0.1, 7, 33.1)], advanceShare: 0.8 },
    ]),
    attribution: oneOf(dice, [
      [],
      [
        { kind: 'gp_practice', share: 0.7 },
        { kind: 'hospital', share: 0.3 },
      ],
    ]),
  })
}

/** One of the prices is one in QALY, by a rate that is not known exactly. */
const priced = (priceEur: number): Pick<Outcome, 'priceEur' | 'exchange'> =>
  priceEur === 3
    ? {
        priceEur,
        exchange: { via: 'eq5d', qalyEur: 20000, rate: 0.00015, priceSe: 0.6, source: 'agreed', certainty: 'S' },
      }
    : { priceEur }

const component = (prevalence: number, minutes: number, hourlyEur: number) => {
  const activity = { activity: 'controle', provider: 'poh' }
  return { ...activity, prevalence, minutes, hourlyEur }
}

/** A period by itself, one of the years of a term, or episodes that begin in half a year. */
function frameOf(dice: Random): Pick<Contract, 'period' | 'term' | 'index' | 'inclusion'> {
  const start = oneOf<Day>(dice, ['2024-01-01', '2025-01-01', '2024-02-29', '2025-07-01'])
  const alone = { period: { start, end: dayOf(epochDayOf(start) + 364) } }
  const kind = dice.uniform()
  if (kind < 0.45) return alone
  if (kind < 0.7)
    return { ...alone, index: 'enrolment', inclusion: { start, end: dayOf(epochDayOf(start) + 60 + dice.below(120)) } }
  const before = (years: number): Day => dayOf(epochDayOf(addYears(start, years)) - 1)
  const year = dice.below(3)
  return {
    term: { start, end: before(3) },
    period: { start: addYears(start, year), end: before(year + 1) },
  }
}
