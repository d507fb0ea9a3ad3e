import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readContractFile } from '../../../data/region/contract-file.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { effectsOf, NO_EFFECTS, type SyntheticEffects } from '../../../data/synthetic/effects.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { MEASURE_MODELS, totalSdOf } from '../../../data/synthetic/measures.ts'
import { epochDayOf, isDay, type Day } from '../../../engine/kernel/calendar.ts'

const folder = await mkdtemp(join(tmpdir(), 'synthetic-'))
afterAll(() => rm(folder, { recursive: true }))

type Row = Record<string, string>

async function rowsOf(directory: string, file: string): Promise<Row[]> {
  const [header = '', ...lines] = (await readFile(join(directory, file), 'utf8')).trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (cells.length !== columns.length) expect.fail(`${file}: ${line}`)
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))
  })
}

async function bytesOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort()
  const hashed = names.map(async (name) => {
    const bytes = await readFile(join(directory, name))
    return [name, createHash('sha256').update(bytes).digest('hex')]
  })
  return Object.fromEntries(await Promise.all(hashed))
}

async function region(name: string, patients: number, seed: number, effects?: SyntheticEffects): Promise<string> {
  const out = join(folder, name)
  await generateRegion({ out, patients, seed, ...(effects === undefined ? {} : { effects }) })
  return out
}

describe('equal seeds', () => {
  test('give equal bytes, other seeds others', async () => {
    const [one, again, other] = await Promise.all([
      region('one', 300, 11).then(bytesOf),
      region('again', 300, 11).then(bytesOf),
      region('other', 300, 12).then(bytesOf),
    ])
    expect(again).toEqual(one)
    expect(Object.keys(one)).toEqual([
      'claims.csv',
      'conditions.csv',
      'contract.yaml',
      'enrolments.csv',
      'medications.csv',
      'observations.csv',
      'partners.csv',
      'patients.csv',
      'quality.csv',
      'truth.csv',
    ])
    const same = Object.keys(one).filter((name) => one[name] === other[name])
    // What names partners only: so small a region has the same ones whatever the seed.
    expect(same).toEqual(['contract.yaml', 'partners.csv', 'quality.csv'])
  })
})

/** Readings that an import would keep, by patient, in order of day. */
type Readings = Map<string, { on: number; value: number }[]>

function readingsOf(rows: readonly Row[], key: string): Readings {
  const [lo, hi] = { hba1c: [20, 200], sbp: [40, 300], ldl: [0.1, 20] }[key] ?? [0, 0]
  const readings: Readings = new Map()
  for (const { patient_id = '', measure, observed_on = '', value, unit } of rows) {
    if (measure !== key || unit === '%' || !isDay(observed_on)) continue
    const reading = { on: epochDayOf(observed_on), value: Number(value) }
    if (reading.value < (lo ?? 0) || reading.value > (hi ?? 0)) continue
    const own = readings.get(patient_id)
    if (own === undefined) readings.set(patient_id, [reading])
    else own.push(reading)
  }
  return readings
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
const covariance = (xs: readonly number[], ys: readonly number[]): number => {
  const [x0, y0] = [mean(xs), mean(ys)]
  return mean(xs.map((x, i) => (x - x0) * ((ys[i] ?? 0) - y0)))
}

describe('a region of 4,000 patients without effects', () => {
  let directory: string
  let observations: Row[]
  beforeAll(async () => {
    directory = await region('large', 4000, 3, NO_EFFECTS)
    observations = await rowsOf(directory, 'observations.csv')
  })

  test('has about 120,000 observations, seven and a half a patient-year', async () => {
    expect(observations.length).toBeGreaterThan(112_000)
    expect(observations.length).toBeLessThan(130_000)
    const [first, last] = [epochDayOf('2021-01-01'), epochDayOf('2026-05-31')]
    const enrolled = (await rowsOf(directory, 'enrolments.csv')).reduce((days, { started_on = '', ended_on = '' }) => {
      const until = ended_on === '' ? last : epochDayOf(ended_on as Day)
      return days + Math.max(0, until - Math.max(first, epochDayOf(started_on as Day)))
    }, 0)
    expect(observations.length / (enrolled / 365.25)).toBeGreaterThan(7)
    expect(observations.length / (enrolled / 365.25)).toBeLessThan(8.5)
  })

  // Each patient's reading nearest to mid-2022, and the one nearest to a year after it.
  test.each(['hba1c', 'sbp', 'ldl'])(
    '%s has the mean, the spread and the year-to-year correlation asked for',
    (key) => {
      const pairs: [number, number][] = []
      for (const own of readingsOf(observations, key).values()) {
        const nearest = (day: number) => own.reduce((a, b) => (Math.abs(b.on - day) < Math.abs(a.on - day) ? b : a))
        const now = nearest(epochDayOf('2022-07-01'))
        const later = nearest(now.on + 365)
        if (Math.abs(now.on - epochDayOf('2022-07-01')) < 120 && Math.abs(later.on - now.on - 365) < 45)
          pairs.push([now.value, later.value])
      }
      const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
      const model = MEASURE_MODELS.find((model) => model.key === key) as (typeof MEASURE_MODELS)[number]
      const kept = 2 ** (-12 / model.halfLifeMonths)
      const shared = model.practiceSd ** 2 + model.personSd ** 2 + model.courseSd ** 2 * kept
      expect(pairs.length).toBeGreaterThan(500)
      expect(Math.abs(mean(xs) - model.mean) / totalSdOf(model)).toBeLessThan(0.12)
      expect(Math.abs(Math.sqrt(covariance(xs, xs)) / totalSdOf(model) - 1)).toBeLessThan(0.08)
      const correlation = covariance(xs, ys) / Math.sqrt(covariance(xs, xs) * covariance(ys, ys))
      expect(Math.abs(correlation - shared / totalSdOf(model) ** 2)).toBeLessThan(0.06)
    },
  )

  test('people die, move and join at the rates of a care group', async () => {
    const patients = await rowsOf(directory, 'patients.csv')
    const enrolments = await rowsOf(directory, 'enrolments.csv')
    const died = patients.filter(({ died_on }) => died_on !== '').length / patients.length
    expect(died).toBeGreaterThan(0.1)
    expect(died).toBeLessThan(0.2)
    const reasons = new Map<string, number>()
    for (const { end_reason = '' } of enrolments) reasons.set(end_reason, (reasons.get(end_reason) ?? 0) + 1)
    for (const reason of ['died', 'moved', 'specialist', 'declined', 'other'])
      expect(reasons.get(reason), reason).toBeGreaterThan(20)
    const joined = enrolments.filter(({ started_on = '' }) => started_on > '2021-01-01').length
    expect(joined / enrolments.length).toBeGreaterThan(0.15)
    expect(
      enrolments.filter(({ started_on = '', ended_on = '' }) => ended_on !== '' && started_on >= ended_on),
    ).toEqual([])
  })

  test('a few thousandths of the observations are faulty, and none lies after the last day', () => {
    const seen = new Set<string>()
    const faulty = observations.filter((row) => {
      const text = Object.values(row).join()
      const twice = seen.has(text)
      seen.add(text)
      return twice || row['value'] === '0' || !isDay(row['observed_on'] ?? '')
    })
    expect(faulty.length / observations.length).toBeGreaterThan(0.002)
    expect(faulty.length / observations.length).toBeLessThan(0.008)
    expect(observations.filter(({ unit }) => unit === '%').length).toBeGreaterThan(30)
    const late = observations.filter(({ observed_on = '' }) => isDay(observed_on) && observed_on > '2026-05-31')
    expect(late).toEqual([])
  })

  test('every name in a file is known, and truth.csv says that nothing was planted', async () => {
    const partners = new Set((await rowsOf(directory, 'partners.csv')).map(({ partner_id }) => partner_id))
    const patients = new Set((await rowsOf(directory, 'patients.csv')).map(({ patient_id }) => patient_id))
    for (const file of ['enrolments.csv', 'observations.csv', 'claims.csv', 'quality.csv', 'truth.csv'])
      for (const { patient_id, partner_id } of await rowsOf(directory, file)) {
        if (partner_id !== undefined && !partners.has(partner_id)) expect.fail(`${file}: partner ${partner_id}`)
        if (patient_id !== undefined && !patients.has(patient_id)) expect.fail(`${file}: patient ${patient_id}`)
      }
    const truth = await rowsOf(directory, 'truth.csv')
    expect(truth.length).toBeGreaterThan(3 * 2500)
    expect(new Set(truth.map(({ effect, effect_gain, trend }) => `${effect} ${effect_gain} ${trend}`))).toEqual(
      new Set(['0 0 0']),
    )
  })

  test('comes with a contract that uses every section', async () => {
    const { contract } = await readContractFile(join(directory, 'contract.yaml'), await loadProgrammes())
    expect(contract.control).toEqual(['p90', 'p91'])
    expect(contract.outcomes.map(({ measure }) => measure)).toEqual(['hba1c', 'sbp', 'ldl'])
    expect(contract.trend).toBe('control')
    expect([contract.gates.length, contract.attribution.length, contract.bundled?.components.length]).toEqual([4, 2, 4])
    const control = (await rowsOf(directory, 'truth.csv')).filter(({ partner_id = '' }) => partner_id >= 'p90').length
    expect(control / (await rowsOf(directory, 'truth.csv')).length).toBeCloseTo(0.25, 1)
  })
})

describe('what is planted', () => {
  const planted = effectsOf({
    effects: [
      { partner: 'p01', measure: 'hba1c', from: '2025-01-01', shift: -6 },
      { partner: 'p02', measure: 'hba1c', from: '2025-01-01', shift: 4 },
      { partner: 'p02', measure: 'sbp', from: '2025-07-01', shift: -10 },
    ],
    trend: { ldl: -0.5 },
  })

  test('is all that two regions of one seed differ by, and is found back', async () => {
    const [without, withEffects] = [
      await region('null', 1200, 5, NO_EFFECTS),
      await region('planted', 1200, 5, planted),
    ]
    const [before, after] = [await bytesOf(without), await bytesOf(withEffects)]
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual([
      'observations.csv',
      'truth.csv',
    ])
    const groupOf = new Map(
      (await rowsOf(without, 'partners.csv')).map(({ partner_id = '', member_of = '' }) => [partner_id, member_of]),
    )
    const stays = new Map<string, string>()
    for (const { patient_id = '', partner_id = '' } of await rowsOf(without, 'enrolments.csv'))
      stays.set(patient_id, stays.has(patient_id) ? 'several' : (groupOf.get(partner_id) ?? ''))
    const observed = await Promise.all([without, withEffects].map((directory) => rowsOf(directory, 'observations.csv')))
    const differences = new Map<string, number[]>()
    for (const [i, { patient_id = '', measure, observed_on = '', value, unit }] of (observed[0] ?? []).entries()) {
      const twin = observed[1]?.[i] as Row
      if (twin['patient_id'] !== patient_id || twin['measure'] !== measure || twin['observed_on'] !== observed_on)
        expect.fail(`row ${i}: ${patient_id} ${measure} ${observed_on}`)
      if (unit === '%' || value === '0' || !isDay(observed_on) || Number(value) > 200) continue
      const when = observed_on <= '2025-01-01' ? 'before' : observed_on <= '2025-07-01' ? 'first half' : 'later'
      const key = `${stays.get(patient_id)} ${measure} ${when}`
      const list = differences.get(key) ?? []
      if (list.length === 0) differences.set(key, list)
      list.push(Number(twin['value']) - Number(value))
    }
    const difference = (key: string): number => mean(differences.get(key) ?? [])
    for (const group of ['p01', 'p02', 'p90', 'p91'])
      for (const measure of ['hba1c', 'sbp', 'ldl']) expect(difference(`${group} ${measure} before`)).toBe(0)
    // New patients get the effect from their enrolment on, so a little less than all of it over all readings.
    expect(difference('p01 hba1c later')).toBeCloseTo(-6, 0)
    expect(difference('p02 hba1c later')).toBeCloseTo(4, 0)
    expect(difference('p02 sbp first half')).toBe(0)
    expect(Math.abs(difference('p02 sbp later') + 10)).toBeLessThan(0.8)
    expect(difference('p01 sbp later')).toBe(0)
    expect(difference('p90 hba1c later')).toBe(0)
    for (const group of ['p01', 'p02', 'p90']) expect(difference(`${group} ldl later`)).toBeCloseTo(-0.5, 1)
    const truth = await rowsOf(withEffects, 'truth.csv')
    const told = truth.filter(({ index_on }) => index_on === '2025-01-01')
    const effect = (group: string, key: string) =>
      new Set(told.filter((row) => row['partner_id'] === group && row['measure'] === key).map((row) => row['effect']))
    expect([effect('p01', 'hba1c'), effect('p02', 'hba1c'), effect('p02', 'sbp'), effect('p90', 'sbp')]).toEqual(
      ['-6', '4', '-10', '0'].map((text) => new Set([text])),
    )
  })

  test('by default is good, absent and bad side by side for every measure', async () => {
    const truth = await rowsOf(await region('default', 3000, 2), 'truth.csv')
    for (const key of ['hba1c', 'sbp', 'ldl']) {
      const gains = truth.filter(({ measure }) => measure === key).map(({ effect_gain }) => Number(effect_gain))
      expect([gains.some((gain) => gain > 0), gains.some((gain) => gain < 0), gains.includes(0)]).toEqual([
        true,
        true,
        true,
      ])
    }
  })

  test('hidden case mix sets care groups apart', async () => {
    const spreadOf = async (name: string, hiddenCaseMixSd: number): Promise<number> => {
      const truth = await rowsOf(await region(name, 3000, 4, { ...NO_EFFECTS, hiddenCaseMixSd }), 'truth.csv')
      const groups = new Map<string, number[]>()
      for (const { measure, partner_id = '', level } of truth)
        if (measure === 'sbp') groups.set(partner_id, [...(groups.get(partner_id) ?? []), Number(level)])
      const levels = [...groups.values()].map(mean)
      return Math.sqrt(covariance(levels, levels))
    }
    expect(await spreadOf('mixed', 0.5)).toBeGreaterThan(2 * (await spreadOf('plain', 0)))
  })
})

describe('what is refused', () => {
  test('an effect of a partner that the region does not have', async () => {
    const effects = {
      ...NO_EFFECTS,
      effects: [{ partner: 'p77', measure: 'sbp', from: '2025-01-01', shift: 1 }],
    } as const
    await expect(region('unknown', 300, 1, effects)).rejects.toThrow(
      'effects[0].partner is "p77"; this region has no such care group or practice: name one of p01, p02, p90, p91',
    )
  })

  test.each([
    [{ effects: 3 }, 'effects is 3; it must be a list of effects'],
    [
      { effects: [{ partner: 'p01', measure: 'acr', from: '2025-01-01', shift: 1 }] } as const,
      'effects[0].measure is "acr"; it must',
    ],
    [
      { effects: [{ partner: 'p01', measure: 'sbp', from: 'soon', shift: 1 }] },
      'effects[0].from is "soon"; it must be a date',
    ],
    [{ effects: [], trend: { sbp: 'up' } }, 'trend.sbp is "up"; it must be a number'],
    [{ effects: [], trend: { acr: 1 } }, 'trend.acr is "acr"; it must be one of hba1c'],
    [{ effects: [], hidden_case_mix_sd: -1 }, 'hidden_case_mix_sd is -1; it must be 0 or more'],
    [{ trend: {} }, 'effects is nothing; this key is required'],
  ])('an effects file that says %j', (document, sentence) => {
    expect(() => effectsOf(document)).toThrow(sentence)
  })

  test('no patients, half a patient, half a seed', async () => {
    await expect(region('none', 0, 1)).rejects.toThrow('patients is 0; it must be a whole number from 1 to 9999999')
    await expect(region('half', 1.5, 1)).rejects.toThrow('patients is 1.5')
    await expect(region('seed', 10, 0.5)).rejects.toThrow('seed is 0.5; it must be a whole number from 0 to')
  })
})
