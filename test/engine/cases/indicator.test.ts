/** Indicators and the conditions of segment 3: the worked examples of indicator.yaml and segment3.yaml. */
import { loadIndicators } from '../../../data/indicators/indicator-files.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { CONDITIONS, type Segment3 } from '../../../engine/contract/segment3.ts'
import type { Person } from '../../../engine/inclusion/person.ts'
import { standingOf } from '../../../engine/indicators/evaluation.ts'
import { NOBODY, refuseImpossible, shareOf, type Figure } from '../../../engine/indicators/figures.ts'
import { indicatorsOn } from '../../../engine/indicators/indicator.ts'
import { reportingYearOf } from '../../../engine/indicators/reporting-year.ts'
import { segment3Of } from '../../../engine/indicators/segment3.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { check, refusedOr } from '../../support/cases.ts'

const indicators = await loadIndicators()
const dm2 = (await loadProgrammes()).get('dm2')!
const onDay = (day: Day) =>
  indicatorsOn(
    indicators.filter(({ programme }) => programme === 'dm2'),
    day,
  )

interface Asked {
  readonly of?: string
  readonly readings?: [string, Day, number][]
  readonly medications?: [string, Day, Day][]
  readonly birthYear?: number | null
  readonly since?: Day
  readonly diedOn?: Day
  readonly code?: string
  readonly mainPractitioner?: 'gp' | 'specialist' | 'none' | null
  readonly countedOn?: Day
  readonly version?: string
  readonly on?: Day
  readonly figure?: [number, number]
}

check('indicator', (given: Asked) =>
  refusedOr(() => {
    if (given.countedOn) return { year: reportingYearOf(given.countedOn) }
    if (given.version) return onlyOf(given.version, given.on!)
    if (given.figure) return { share: shareOf(refuseImpossible(figureOf('DM-03', given.figure))) }
    const indicator = onDay('2025-12-31').find(({ id }) => id === given.of)!
    return { standing: standingOf(indicator, dm2, personOf(given), 2025) }
  }),
)

const onlyOf = (id: string, day: Day) => ({
  version: indicatorsOn(
    indicators.filter((each) => each.id === id),
    day,
  )[0]!.version,
})

const personOf = (given: Asked): Person => ({
  birthYear: given.birthYear === undefined ? 1960 : given.birthYear,
  diedOn: given.diedOn ?? null,
  enrolments: [
    {
      programme: 'dm2',
      practice: 'pr1',
      since: given.since ?? '2020-01-01',
      until: null,
      mainPractitioner: given.mainPractitioner === undefined ? 'gp' : given.mainPractitioner,
    },
  ],
  conditions: [{ system: 'ICPC-1', code: given.code ?? 'T90.02', since: '2015-01-01', until: null }],
  medications: (given.medications ?? []).map(([atc, since, until]) => ({ atc, since, until })),
  readings: (given.readings ?? []).map(([measure, on, value]) => ({ measure, on, value })),
  participation: null,
  insured: [],
})

const figureOf = (indicator: string, [numerator, denominator]: readonly [number, number]): Figure => ({
  partnerId: 'zg1',
  year: 2025,
  programme: 'dm2',
  indicator,
  version: '2018',
  ...NOBODY,
  numerator,
  denominator,
})

interface Segment3Case {
  readonly conditions?: Segment3['conditions']
  readonly eurPerPatient?: number
  readonly patients?: number
  readonly known?: [number, number]
  readonly measured?: [number, number]
  readonly said?: Record<string, string | null>
  readonly deliveredOn?: Day[]
  readonly indicators?: number
}

check('segment3', (given: Segment3Case) => {
  const said = { benchmark_participation: 'true', patient_experience: 'true', benchmark_named: 'true', ...given.said }
  const figures = [figureOf('DM-03', given.measured ?? [400, 400]), figureOf('DM-06', [380, 400])]
  const [numerator, denominator] = given.known ?? [400, 400]
  const { conditions, ...outcome } = segment3Of(
    {
      eurPerPatient: given.eurPerPatient ?? 4,
      conditions: given.conditions ?? CONDITIONS,
      thresholds: { 'DM-03': 0.9, 'DM-06': 0.9 },
      deliverBy: '2026-03-01',
    },
    {
      said: new Map(Object.entries(said).filter((each): each is [string, string] => each[1] !== null)),
      deliveredOn: given.deliveredOn ?? ['2026-02-15'],
      figures,
      indicators: given.indicators ?? figures.length,
      mainPractitioner: { ...NOBODY, numerator, denominator },
    },
    given.patients ?? 400,
  )
  return { ...outcome, ...Object.fromEntries(conditions.map((each) => [each.condition, each])) }
})
