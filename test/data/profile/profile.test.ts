import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importDataset } from '../../../data/import/import.ts'
import { profileOf } from '../../../data/profile/profile.ts'
import { readSuspicions, suspicionsOf } from '../../../data/profile/suspicions.ts'
import type { Files } from '../../support/regions/dataset.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { issuesIn } from '../../support/regions/issues.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

const people = Array.from({ length: 40 }, (_, i) => `n${i}`)
/** Forty people, twenty with p01 and twenty with p02, from 2023 on. */
const world: Files = {
  'partners.csv': 'partner_id,name,kind\np01,Een,gp_practice\np02,Twee,gp_practice\nlab,Lab,diagnostic_centre\n',
  'patients.csv': `patient_id,birth_year,sex\n${people.map((id) => `${id},1950,m\n`).join('')}`,
  'enrolments.csv': `patient_id,programme,partner_id,started_on\n${people.map((id, i) => `${id},dm2,${i < 20 ? 'p01' : 'p02'},2023-01-01\n`).join('')}`,
}

let regions = 0
async function profiled(rows: readonly string[], more: Files = {}, delivered = '2025-01-01') {
  const observations = ['patient_id,measure,observed_on,value,unit,partner_id', ...rows, ''].join('\n')
  const dir = await dataset({ ...world, 'observations.csv': observations, ...more })
  const rejectsPath = join(dir, 'out', 'rejects.csv')
  const region = `region ${regions++}`
  const result = await importDataset(store, { dir, region, delivered, maxRejects: 1, rejectsPath })
  const rejects = await issuesIn(rejectsPath)
  return { ...(await profileOf(store, result)), rejects, result }
}

const row = (id: string, measure: string, on: string, value: number, unit = '', partner = '') =>
  `${id},${measure},${on},${value},${unit},${partner}`
const day = (i: number) => new Date(Date.UTC(2024, 0, 2 + i)).toISOString().slice(0, 10)

describe('what is there', () => {
  test('readings, people, units and conversions of a measure, by their partner', async () => {
    const { measures, spreads, readings } = await profiled([
      row('n0', 'hba1c', '2024-02-01', 50, 'mmol/mol'),
      row('n0', 'hba1c', '2024-05-01', 7, '%'),
      row('n1', 'hba1c', '2024-05-01', 52, '', 'lab'),
      row('n1', 'hba1c', '2024-05-01', 52, '', 'lab'), // refused: a duplicate, but a unit met
      row('n2', 'hba1c', '2024-05-01', 140, '', 'lab'),
      row('n30', 'sbp', '2024-05-01', 130, 'mm[Hg]'),
    ])
    expect(readings).toBe(5)
    const [hba1c, sbp] = measures
    expect(hba1c).toMatchObject({ measure: 'hba1c', readings: 4, patients: 3, unusual: 1, quantiles: [50, 52, 140] })
    expect(hba1c?.units).toEqual([
      { unit: '', converted: false, rows: 3 },
      { unit: '%', converted: true, rows: 1 },
      { unit: 'mmol/mol', converted: false, rows: 1 },
    ])
    // 7% is 53.01 mmol/mol: finer than the step, so without a last digit
    expect(hba1c?.digits).toEqual([2, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(sbp).toMatchObject({ measure: 'sbp', units: [{ unit: 'mm[Hg]', converted: false, rows: 1 }] })
    expect(spreads.map(({ measure, partner, readings: of, patients }) => [measure, partner, of, patients])).toEqual([
      ['hba1c', 'lab', 2, 2],
      ['hba1c', 'p01', 2, 1],
      ['sbp', 'p02', 1, 1],
    ])
  })

  test('the same counts by measure, by partner, by unit and in the table of files', async () => {
    const rows = people.flatMap((id, i) =>
      ['hba1c', 'sbp', 'bmi'].map((measure, k) => row(id, measure, day(7 * i + k), 30 + i, '', i % 3 ? '' : 'lab')),
    )
    const { measures, spreads, result } = await profiled([...rows, row('n1', 'hba1c', '2024-05-01', 3000)])
    const accepted = result.files.find(({ file }) => file === 'observations.csv')!.accepted
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
    expect(sum(measures.map(({ readings }) => readings))).toBe(accepted)
    expect(sum(spreads.map(({ readings }) => readings))).toBe(accepted)
    for (const { measure, readings, units, digits } of measures) {
      expect(sum(units.map((unit) => unit.rows)), measure).toBe(readings)
      expect(sum(digits!), measure).toBe(readings)
    }
  })

  test('missing: enrolled on the delivery day, no reading in the year before it', async () => {
    const { missing } = await profiled(
      [
        row('n0', 'hba1c', '2024-02-01', 50),
        row('n1', 'hba1c', '2024-01-01', 50), // a year ago to the day: no longer
        row('n2', 'hba1c', '2023-06-01', 50),
        row('n20', 'hba1c', '2025-01-01', 50),
      ],
      {
        'patients.csv': `patient_id,birth_year,sex,died_on\n${people.map((id, i) => `${id},1950,m,${i === 3 ? '2024-06-01' : ''}\n`).join('')}`,
      },
    )
    const of = (measure: string) => missing.filter((each) => each.measure === measure)
    expect(of('hba1c')).toEqual([
      { programme: 'dm2', measure: 'hba1c', partner: 'p01', enrolled: 19, missing: 18 },
      { programme: 'dm2', measure: 'hba1c', partner: 'p02', enrolled: 20, missing: 19 },
    ])
    expect(of('acr').map(({ enrolled, missing: all }) => enrolled === all)).toEqual([true, true])
  })

  test('a later delivery is profiled by itself, and who is missing by all that is known', async () => {
    const first = await profiled([row('n0', 'hba1c', '2024-02-01', 50), row('n1', 'hba1c', '2024-02-01', 50)])
    const dir = await dataset({
      ...world,
      'observations.csv': `patient_id,measure,observed_on,value\n${['n0,hba1c,2024-02-01,50', 'n2,hba1c,2024-03-01,60'].join('\n')}\n`,
    })
    const rejectsPath = join(dir, 'out', 'rejects.csv')
    const order = { dir, region: first.region, delivered: '2025-01-02', rejectsPath }
    const second = await profileOf(store, await importDataset(store, order))
    expect(second.measures.map(({ measure, readings }) => [measure, readings])).toEqual([['hba1c', 1]])
    const missing = second.missing.find(({ measure, partner }) => measure === 'hba1c' && partner === 'p01')
    expect(missing).toMatchObject({ enrolled: 20, missing: 17 })
    expect(await profileOf(store, await importDataset(store, order)), 'asked again').toEqual(second)
  })
})

describe('what deserves a second look', () => {
  test('swapped pressures: the upper below the lower on one day', async () => {
    const { pairs } = await profiled([
      row('n0', 'sbp', '2024-02-01', 80),
      row('n0', 'dbp', '2024-02-01', 140),
      row('n0', 'sbp', '2024-03-01', 80),
      row('n0', 'dbp', '2024-03-02', 140), // another day
      row('n30', 'sbp', '2024-02-01', 140),
      row('n30', 'dbp', '2024-02-01', 80),
    ])
    expect(pairs).toEqual([{ rule: 'swapped_pressures', measure: 'sbp', partner: 'p01', pairs: 1, patients: 1 }])
  })

  test('jumps: further apart within a week than five standard deviations of a difference', async () => {
    // hba1c: 5 * sqrt(2) * 5 = 35.4
    const { pairs } = await profiled([
      row('n0', 'hba1c', '2024-02-01', 50),
      row('n0', 'hba1c', '2024-02-08', 86),
      row('n1', 'hba1c', '2024-02-01', 50),
      row('n1', 'hba1c', '2024-02-09', 86), // eight days
      row('n2', 'hba1c', '2024-02-01', 50),
      row('n2', 'hba1c', '2024-02-08', 85), // 35
      row('n30', 'bmi', '2024-02-01', 30),
      row('n30', 'bmi', '2024-02-01', 40),
    ])
    expect(pairs).toEqual([
      { rule: 'jump', measure: 'bmi', partner: 'p02', pairs: 1, patients: 1 },
      { rule: 'jump', measure: 'hba1c', partner: 'p01', pairs: 1, patients: 1 },
    ])
  })

  test('1 January, over the years; and one day that outdoes all others', async () => {
    const spread = people.flatMap((id, i) => [row(id, 'bmi', day(3 * i), 25), row(id, 'sbp', day(3 * i + 1), 130)])
    const filledIn = people.slice(0, 12).map((id, i) => row(id, 'bmi', i < 6 ? '2023-01-01' : '2024-01-01', 26))
    const { days } = await profiled([...spread, ...filledIn, ...people.map((id) => row(id, 'sbp', '2024-06-03', 150))])
    const of = (kind: string) => days.filter((each) => each.rule === kind)
    expect(of('placeholder_day')).toEqual([
      { rule: 'placeholder_day', of: 'measure', name: 'bmi', day: '01-01', readings: 12, patients: 12, total: 52 },
      { rule: 'placeholder_day', of: 'partner', name: 'p01', day: '01-01', readings: 12, patients: 12, total: 72 },
    ])
    // sbp has 80 readings and p02 60: too few to judge a day by, but for nobody else than both together
    expect(of('outlying_day')).toEqual([])
    const more = people.flatMap((id, i) => [row(id, 'sbp', day(3 * i + 1), 130)])
    const { days: found } = await profiled([
      ...more,
      ...people.flatMap((id, i) => row(id, 'sbp', day(3 * i + 2), 131)),
      ...people.map((id) => row(id, 'sbp', '2024-06-03', 150)),
    ])
    expect(found).toEqual([
      { rule: 'outlying_day', of: 'measure', name: 'sbp', day: '2024-06-03', readings: 40, patients: 40, total: 120 },
    ])
  })

  test('readings dated long after all others', async () => {
    const { late } = await profiled(
      [
        ...people.flatMap((id, i) => [0, 1, 2].map((k) => row(id, 'bmi', day(3 * i + k), 25))),
        row('n0', 'bmi', '2052-01-05', 25),
      ],
      {},
      '2052-02-01',
    )
    expect(late).toEqual({ readings: 1, patients: 1, after: day(119) })
  })
})

test('diagnoses, prescriptions and claims outside the life of their patient are kept, and counted', async () => {
  const { outsideLives } = await profiled([row('n0', 'hba1c', '2024-02-01', 50)], {
    'patients.csv': `patient_id,birth_year,sex,died_on\n${people.map((id) => `${id},1950,m,${id === 'n1' ? '2023-06-01' : ''}\n`).join('')}`,
    'conditions.csv':
      'patient_id,code_system,code,onset_on\nn0,ICPC-1,T90.02,1949-12-31\nn0,ICPC-1,K86,1950-01-01\nn1,ICPC-1,K86,2023-06-02\n',
    'claims.csv':
      'claim_id,patient_id,partner_id,performed_on,code,quantity,amount_eur\nc1,n1,p01,2023-06-01,12001,1,10.00\nc2,n1,p01,2023-07-01,12001,1,10.00\nc3,n1,p01,2023-08-01,12001,1,10.00\n',
  })
  expect(outsideLives).toEqual([
    { table: 'claim', when: 'after_death', rows: 2, patients: 1 },
    { table: 'condition_episode', when: 'after_death', rows: 1, patients: 1 },
    { table: 'condition_episode', when: 'before_birth', rows: 1, patients: 1 },
  ])
})

describe('what refused rows probably are', () => {
  const cases: readonly [what: string, row: string, cause: string, words: string][] = [
    ['zero', row('n0', 'hba1c', '2024-02-01', 0), 'zero_for_missing', '; probably 0 written for what was not measured'],
    [
      '% as mmol/mol',
      row('n0', 'hba1c', '2024-02-01', 7.1),
      'unit_mix',
      '; probably a value in % delivered as mmol/mol',
    ],
    [
      'mmol/mol as %',
      row('n0', 'hba1c', '2024-02-01', 53, '%'),
      'unit_mix',
      '; probably a value in mmol/mol delivered as %',
    ],
    [
      'mg/dL as mmol/L',
      row('n0', 'ldl', '2024-02-01', 130),
      'unit_mix',
      '; probably a value in mg/dL delivered as mmol/L',
    ],
    [
      'ten times',
      row('n0', 'bmi', '2024-02-01', 271),
      'decimal_shift',
      '; probably a decimal shift (10 times too large)',
    ],
    [
      'a tenth',
      row('n0', 'sbp', '2024-02-01', 13.5),
      'decimal_shift',
      '; probably a decimal shift (10 times too small)',
    ],
    [
      'a hundred times',
      row('n0', 'sbp', '2024-02-01', 13500),
      'decimal_shift',
      '; probably a decimal shift (100 times too large)',
    ],
    [
      'the future',
      row('n0', 'sbp', '2026-02-01', 135),
      'future_date',
      'in the future: later than the delivery of 2025-01-01',
    ],
  ]
  test('each is named after its fault, and counted', async () => {
    const { rejects, causes, measures } = await profiled(cases.map(([, refused]) => refused))
    expect(rejects).toHaveLength(cases.length)
    for (const [at, [what, , , words]] of cases.entries()) expect(rejects[at], what).toContain(words)
    const counted = causes.flatMap(({ measure, cause, faults }) =>
      Array.from({ length: faults }, () => `${measure} ${cause}`),
    )
    const expected = cases.map(
      ([, refused, cause]) => `${cause === 'future_date' ? null : refused.split(',')[1]} ${cause}`,
    )
    expect(counted.sort()).toEqual(expected.sort())
    expect(measures).toEqual([])
  })

  test('what fits no rule gets no guess', async () => {
    const { rejects, causes } = await profiled([row('n0', 'exac', '2024-02-01', 31)])
    expect(rejects[0]).toMatch(/30 \/a"$/)
    expect(causes).toEqual([])
  })

  test('two main practitioners on one day', async () => {
    const stay = (partner: string, main: string) => `n0,dm2,${partner},2023-01-01,${main}\n`
    const enrolments = (one: string, two: string) => ({
      'enrolments.csv': `patient_id,programme,partner_id,started_on,main_practitioner\n${stay('p01', one)}${stay('p02', two)}`,
    })
    const { rejects, causes } = await profiled([], enrolments('gp', 'specialist'))
    expect(rejects[0]).toMatch(
      /^enrolments\.csv,3,.*overlaps.*\(line 2\); two main practitioners on one day: gp and spec/,
    )
    expect(causes).toEqual([{ measure: null, cause: 'two_main_practitioners', faults: 1 }])
    expect((await profiled([], enrolments('gp', 'gp'))).causes).toEqual([])
  })
})

describe('the rules', () => {
  test('each has a source', async () => {
    const { sources } = await readSuspicions()
    expect(Object.keys(sources)).toHaveLength(11)
    for (const source of Object.values(sources)) expect(source.length).toBeGreaterThan(20)
  })

  test('a rule that cannot hold is refused, with every fault', () => {
    const document = { rules: {}, measures: { hba1c: { usual: [130, 25], source: 'x' } } }
    expect(() => suspicionsOf(document)).toThrow(/rules.jump is nothing; this key is required[^]*measures.hba1c.usual/)
  })
})
