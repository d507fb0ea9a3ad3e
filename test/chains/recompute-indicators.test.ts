/** Every indicator of a drawn region, from raw rows by SQL written apart: no difference. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadIndicators } from '../../data/indicators/indicator-files.ts'
import { readFigures } from '../../data/indicators/indicators.ts'
import type { Store } from '../../data/postgres/database.ts'
import { loadProgrammes } from '../../data/region/programme-files.ts'
import { dayOf, epochDayOf, type Day } from '../../engine/kernel/calendar.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'
import { deliver, type Delivered } from '../support/regions/deliver.ts'
import { liveStore } from '../support/services/live.ts'
import { indicatorSqlOf } from './indicator-sql.ts'

const YEAR = 2025
const PATIENTS = 250
const programmes = await loadProgrammes()
const indicators = await loadIndicators()
const keys = [...new Set(indicators.map(({ programme }) => programme))]

/** Days that matter to an indicator come up often: the ends of the year and of the windows. */
const EDGES: readonly Day[] = ['2022-12-31', '2023-01-01', '2024-12-31', '2025-01-01', '2025-12-31', '2026-01-01']

const oneOf = <T>(dice: Random, from: readonly T[]): T => from[dice.below(from.length)]!
const aDay = (dice: Random): Day =>
  dice.uniform() < 0.25 ? oneOf(dice, EDGES) : dayOf(epochDayOf('2020-06-01') + dice.below(2200))
const perhapsEnd = (dice: Random, start: Day): Day | null => {
  const end = dayOf(epochDayOf(start) + dice.below(1500))
  return dice.uniform() < 0.5 ? end : null
}

function drawn(dice: Random): Delivered {
  const ids = Array.from({ length: PATIENTS }, (_, i) => `i${String(i).padStart(4, '0')}`)
  const rows = {
    patients: [] as NonNullable<Delivered['patients']>[number][],
    enrolments: [] as NonNullable<Delivered['enrolments']>[number][],
    observations: [] as NonNullable<Delivered['observations']>[number][],
    conditions: [] as NonNullable<Delivered['conditions']>[number][],
    medications: [] as NonNullable<Delivered['medications']>[number][],
  }
  const codes = [
    'T90.02',
    'T90.01',
    'K74',
    'K74.00',
    'K86',
    'K87',
    'T93',
    'R95',
    'R96',
    'A05',
    'A49.01',
    'K90',
    'T90.02',
  ]
  const measures = ['hba1c', 'sbp', 'ldl', 'bmi', 'egfr', 'acr', 'smoking', 'exercise', 'feet', 'fundus', 'vaccination', 'ccq', 'mrc', 'exac', 'acq', 'act', 'spirometry', 'inhalation_technique', 'tfi', 'care_plan', 'polypharmacy', 'falls'] // prettier-ignore
  const values: Readonly<Record<string, readonly number[]>> = {
    hba1c: [48, 53, 54, 58, 64, 65, 70],
    sbp: [128, 140, 141, 160],
    ldl: [1.8, 1.9, 2.6, 2.7],
    ccq: [0.9, 1, 2],
    exac: [0, 2, 3],
    acq: [0.5, 0.75, 1],
    act: [19, 20, 25],
    tfi: [4, 5, 9],
  }
  for (const id of ids) {
    rows.patients.push([id, 1930 + dice.below(50), 'f', '7095', dice.uniform() < 0.15 ? aDay(dice) : null])
    const programmesOfHis = keys.filter(() => dice.uniform() < 0.45)
    for (const programme of programmesOfHis) {
      const start = aDay(dice)
      rows.enrolments.push([id, programme, oneOf(dice, ['pr1', 'pr2', 'pr3']), start, perhapsEnd(dice, start), null, oneOf(dice, ['gp', 'gp', 'specialist', 'none', null])]) // prettier-ignore
    }
    for (const code of new Set(Array.from({ length: 4 }, () => oneOf(dice, codes)))) {
      const start = aDay(dice)
      rows.conditions.push([id, 'ICPC-1', code, start, perhapsEnd(dice, start) ?? undefined] as never)
    }
    for (const atc of new Set(
      Array.from({ length: 3 }, () => oneOf(dice, ['C10AA01', 'B01AC06', 'C09AA02', 'R03BA02', 'R03AK06', 'A10BA02'])),
    )) {
      const start = aDay(dice)
      rows.medications.push([id, atc, start, perhapsEnd(dice, start) ?? undefined] as never)
    }
    for (const measure of measures)
      for (const on of new Set(Array.from({ length: dice.below(3) }, () => aDay(dice))))
        rows.observations.push([id, measure, on, oneOf(dice, values[measure] ?? [1])])
  }
  return {
    partners: [
      ['zg1', 'Zorggroep', 'care_group'],
      ['pr1', 'Praktijk 1', 'gp_practice', 'zg1'],
      ['pr2', 'Praktijk 2', 'gp_practice', 'zg1'],
      ['pr3', 'Praktijk 3', 'gp_practice'],
    ],
    ...rows,
  }
}

let store: Store
let regionId: number
beforeAll(async () => {
  store = await liveStore()
  regionId = await deliver(store, 'drawn', '2026-02-01', drawn(randomOf(14)))
})
afterAll(() => store.close())

describe('every indicator by SQL written apart', () => {
  test.each(keys)('of %s', async (programme) => {
    const own = indicators.filter((each) => each.programme === programme)
    const figures = await readFigures(store, { regionId, asOf: '2026-02-01', year: YEAR, programmes, indicators: own })
    const found = figures
      .map(({ partnerId: partner_id, indicator, version, denominator, numerator, excluded, unknown }) => ({
        partner_id,
        indicator,
        version,
        denominator,
        numerator,
        excluded,
        unknown,
      })) // prettier-ignore
      .filter((each) => each.denominator + each.excluded + each.unknown > 0)
    const { rows } = await store.pool.query<(typeof found)[number]>(indicatorSqlOf(programme, YEAR))
    const order = (a: (typeof found)[number], b: (typeof found)[number]) =>
      `${a.partner_id} ${a.indicator}` < `${b.partner_id} ${b.indicator}` ? -1 : 1
    expect(rows.length).toBeGreaterThan(3 * 4)
    expect(found.sort(order)).toEqual(rows.sort(order))
  })

  test('looks at people in all four places', async () => {
    const figures = await readFigures(store, { regionId, asOf: '2026-02-01', year: YEAR, programmes, indicators })
    const sum = (of: (each: (typeof figures)[number]) => number) => figures.reduce((total, each) => total + of(each), 0)
    for (const of of [
      sum((f) => f.numerator),
      sum((f) => f.denominator - f.numerator),
      sum((f) => f.excluded),
      sum((f) => f.unknown),
    ])
      // prettier-ignore
      expect(of).toBeGreaterThan(20)
  })
})
