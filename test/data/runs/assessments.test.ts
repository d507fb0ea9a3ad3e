import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AssessedYear, readAssessedYears } from '../../../data/runs/assessed-years.ts'
import {
  appendContributions,
  appendExpectations,
  appendRealisations,
  type ExpectedBlock,
  type RealisedBlock,
} from '../../../data/runs/assessments.ts'
import { type Cell, type FiguresOrder, readFigures, SMALLEST_CELL } from '../../../data/runs/aggregates.ts'
import { appendCells } from '../../../data/runs/cells.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { appendModel, linkModel } from '../../../data/runs/models.ts'
import { writeExpectations, writePlacebo } from '../../../data/settlements/outputs.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { MEASURED, MISSING, NO_BASELINE } from '../../../engine/assessment/assessment.ts'
import { epochDayOf, NEVER } from '../../../engine/kernel/calendar.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { liveStore } from '../../support/services/live.ts'
import { type RegionRun, regionRun } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { textOf } from '../../support/services/stream-text.ts'

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const floats = (values: readonly number[]) => Float64Array.from(values)
const indexOn = epochDayOf('2025-01-01')

/** Every patient of the panel: credited to group 0, its practice 1 or 2; what is expected and realised follows from the place. */
function blocksOf(panel: Panel, measure: string, yearsBefore: number, statusOf: (id: string) => number) {
  const ids = panel.patientIds
  const of = <T>(value: (id: string, at: number) => T) => ids.map(value)
  const number = (id: string) => Number(id.slice(2))
  const status = of(statusOf)
  const measured = (value: (id: string) => number) =>
    floats(of((id, at) => (status[at] === MEASURED ? value(id) : NaN)))
  const day = indexOn - 365 * yearsBefore
  const block = {
    measure,
    yearsBefore,
    admissions: {
      patient: Int32Array.from(ids.keys()),
      partner: Int32Array.from(of(() => 0)),
      practice: Int32Array.from(of((id) => 1 + (number(id) % 2))),
      indexOn: Int32Array.from(of(() => day)),
      yearsElapsed: new Uint8Array(ids.length),
      exposureDays: Int32Array.from(of(number)),
    },
  }
  const known = (value: (id: string) => number) =>
    floats(of((id, at) => (status[at] === NO_BASELINE ? NaN : value(id))))
  const expected: ExpectedBlock = {
    ...block,
    targetOn: Int32Array.from(of(() => day + 365)),
    mean: known(number),
    sd: known(() => 1.5),
    quantiles: [-3, -2, -1, 0, 1, 2, 3].map((step) => known((id) => number(id) + step)),
    expectedValue: known((id) => -number(id)),
  }
  const realised: RealisedBlock = {
    ...block,
    status: Uint8Array.from(status),
    baseline: known((id) => number(id) + 0.25),
    realised: measured((id) => number(id) - 0.123456),
    realisedOn: Int32Array.from(of((_, at) => (status[at] === MEASURED ? day + 360 : NEVER))),
    realisedValue: measured((id) => -number(id) + 0.123456),
    gain: measured(() => 0.123456),
    facts: floats(ids.flatMap((id) => [number(id), NaN, 2])),
  }
  return { expected, realised }
}

async function assess(
  { run, panels }: RegionRun,
  blocks: readonly (readonly [measure: string, yearsBefore: number])[],
  statusOf: (id: string) => number,
): Promise<void> {
  for (const [shard, panel] of panels.entries())
    await inTransaction(store, async (transaction) => {
      const made = blocks.map(([measure, yearsBefore]) => blocksOf(panel, measure, yearsBefore, statusOf))
      const of = { run, shard, panel }
      await appendExpectations(
        transaction,
        of,
        made.map(({ expected }) => expected),
      )
      await appendRealisations(
        transaction,
        of,
        made.map(({ realised }) => realised),
      )
    })
}

async function contribute({ run }: RegionRun, years: readonly AssessedYear[]): Promise<void> {
  await inTransaction(store, async (transaction) => {
    for (const { yearsBefore, patientKey, outcomes } of years)
      for (const { measure, status, gain } of outcomes) {
        const eligible = (value: (row: number) => number) =>
          Float64Array.from(status, (code, row) => (code <= MISSING ? value(row) : NaN))
        await appendContributions(
          transaction,
          run,
          { measure, yearsBefore, patientKey },
          {
            measuredProbability: eligible(() => 0.5),
            imputedGain: eligible(() => 0.1),
            contribution: eligible((row) => (status[row] === MEASURED ? gain[row]! : 0.1)),
          },
        )
      }
    await appendCells(transaction, run)
  })
}

const partners = [
  ['g0', 'Group', 'care_group'],
  ['p1', 'One', 'gp_practice', 'g0'],
  ['p2', 'Two', 'gp_practice', 'g0'],
] as const
const patientsOf = (ids: readonly string[]) =>
  ids.map((id, at) => [id, 1900 + 10 * (at % 9), at % 3 === 0 ? 'm' : 'f', '7095'] as const)

describe('the files of a run', () => {
  test('say exactly what was appended', async () => {
    const world = await regionRun(store, 'files', { partners, patients: patientsOf(['pt1', 'pt2', 'pt10']) }, [
      'sbp',
      'hba1c',
    ])
    const statusOf = (id: string) => ({ pt1: MEASURED, pt2: MISSING, pt10: NO_BASELINE })[id] ?? MISSING
    const modelId = sha256('model')
    await appendModel(store, { modelId, measure: 'hba1c', programme: 'dm2', bytes: new Uint8Array(1), card: {} })
    await linkModel(store, world.run.runId, 'hba1c', modelId)
    await assess(
      world,
      [
        ['sbp', 0],
        ['hba1c', 0],
        ['hba1c', 1],
      ],
      statusOf,
    )
    const years = await readAssessedYears(store, world.run, ['sbp', 'hba1c'])
    await contribute(world, years)

    expect(years.map(({ yearsBefore, outcomes }) => [yearsBefore, outcomes.map(({ measure }) => measure)])).toEqual([
      [0, ['sbp', 'hba1c']],
      [1, ['hba1c']],
    ])
    const [year] = years as [AssessedYear]
    // ascending by patient_id: pt1, pt10, pt2
    expect(Array.from(year.exposureDays)).toEqual([1, 10, 2])
    expect([year.partner, year.practice, year.insurer].map((column) => Array.from(column))).toEqual([
      [0, 0, 0],
      [2, 1, 1],
      [0, 0, 0],
    ])
    expect(Array.from(year.outcomes[1]!.status)).toEqual([MEASURED, NO_BASELINE, MISSING])
    expect(Array.from(year.outcomes[1]!.gain)).toEqual([0.123456, NaN, NaN])
    expect(Array.from(year.outcomes[0]!.facts)).toEqual([1, NaN, 2, 10, NaN, 2, 2, NaN, 2])

    const header =
      'patient_id,partner_id,practice_id,programme,measure,index_on,target_on,status,baseline,mean,sd,q05,q10,q25,q50,q75,q90,q95,realised,realised_on,expected_value,realised_value,gain,measured_probability,imputed_gain,contribution,model_id'
    const rowsOf = (measure: string, days: string, day: string, model: string, end = '') => [
      `pt1,g0,p2,dm2,${measure},${days},measured,1.250000,1.000000,1.500000,-2.000000,-1.000000,0.000000,1.000000,2.000000,3.000000,4.000000,0.876544,${day},-1.000000,-0.876544,0.123456,0.500000,0.100000,0.123456,${model}${end}`,
      `pt10,g0,p1,dm2,${measure},${days},no_baseline,,,,,,,,,,,,,,,,,,,${model}${end}`,
      `pt2,g0,p1,dm2,${measure},${days},missing,2.250000,2.000000,1.500000,-1.000000,0.000000,1.000000,2.000000,3.000000,4.000000,5.000000,,,-2.000000,,,0.500000,0.100000,0.100000,${model}${end}`,
    ]
    const hba1c = rowsOf('hba1c', '2025-01-01,2026-01-01', '2025-12-27', modelId)
    const sbp = rowsOf('sbp', '2025-01-01,2026-01-01', '2025-12-27', '')
    const lines = hba1c.flatMap((line, at) => [line, sbp[at]])
    expect(await textOf((out) => writeExpectations(store, world.run, out))).toBe([header, ...lines, ''].join('\n'))
    const placebo = rowsOf('hba1c', '2024-01-02,2025-01-01', '2024-12-27', modelId, ',1')
    expect(await textOf((out) => writePlacebo(store, world.run, out))).toBe(
      [`${header},years_before`, ...placebo, ''].join('\n'),
    )
  })

  test('of a run without patients have their header only', async () => {
    const { run } = await regionRun(store, 'no files', { partners }, ['sbp'])
    expect(await textOf((out) => writePlacebo(store, run, out))).toMatch(/^patient_id,[^\n]*,years_before\n$/)
    expect(await readAssessedYears(store, run, ['sbp'])).toMatchObject([
      { yearsBefore: 0, outcomes: [{ measure: 'sbp' }] },
    ])
  })
})

describe('what is appended', () => {
  test('is refused twice, changed or deleted', async () => {
    const world = await regionRun(store, 'once', { partners, patients: patientsOf(['pt1']) }, ['sbp'])
    await assess(world, [['sbp', 0]], () => MEASURED)
    await expect(assess(world, [['sbp', 0]], () => MEASURED)).rejects.toThrow('expectation_pkey')
    for (const table of ['expectation', 'realisation', 'gain'])
      for (const change of [`update ${table} set years_before = 0`, `delete from ${table}`, `truncate ${table}`])
        await expect(store.pool.query(change), change).rejects.toThrow('append-only')
  })

  test('is refused with quantiles that do not ascend', async () => {
    const { run, panels } = await regionRun(store, 'quantiles', { partners, patients: patientsOf(['pt1']) }, ['sbp'])
    const shard = panels.findIndex(({ patientIds }) => patientIds.length > 0)
    const panel = panels[shard]!
    const { expected } = blocksOf(panel, 'sbp', 0, () => MEASURED)
    const crossed = { ...expected, quantiles: expected.quantiles.toReversed() }
    const appended = inTransaction(store, (transaction) =>
      appendExpectations(transaction, { run, shard, panel }, [crossed]),
    )
    await expect(appended).rejects.toThrow('quantiles_ascend')
  })

  test('must all be realised before it is read to settle', async () => {
    const { run, panels } = await regionRun(store, 'half', { partners, patients: patientsOf(['pt1']) }, ['sbp'])
    const shard = panels.findIndex(({ patientIds }) => patientIds.length > 0)
    const panel = panels[shard]!
    const { expected } = blocksOf(panel, 'sbp', 0, () => MEASURED)
    await inTransaction(store, (transaction) => appendExpectations(transaction, { run, shard, panel }, [expected]))
    await expect(readAssessedYears(store, run, ['sbp'])).rejects.toThrow('every expectation is realised')
  })
})

describe('figures', () => {
  let world: RegionRun
  const ids = Array.from({ length: 400 }, (_, at) => `pt${at}`)
  beforeAll(async () => {
    world = await regionRun(store, 'figures', { partners, patients: patientsOf(ids) }, ['sbp'])
    await assess(world, [['sbp', 0]], (id) => (id.endsWith('7') ? MISSING : MEASURED))
    await contribute(world, await readAssessedYears(store, world.run, ['sbp']))
  })
  const figures = (order: Omit<FiguresOrder, 'run' | 'yearsBefore'>) =>
    readFigures(store, { run: world.run, yearsBefore: 0, ...order })
  const eligible = (cells: readonly Cell[]) => cells.reduce((sum, cell) => sum + (cell.figures?.eligible ?? 0), 0)

  test('add up what was measured', async () => {
    const [all, ...others] = await figures({ by: [] })
    expect(others).toEqual([])
    expect(all?.at).toEqual({ measure: 'sbp' })
    expect(all?.figures).toMatchObject({ eligible: 400, measured: 360 })
    expect(all?.figures?.gainMean).toBeCloseTo(0.123456, 9)
    expect(all?.figures?.contributionMean).toBeCloseTo((360 * 0.123456 + 40 * 0.1) / 400, 9)
  })

  test('of few patients never leave, nor can they be had by subtraction', async () => {
    for (const by of [['age_band'], ['sex'], ['age_band', 'sex'], ['partner', 'age_band', 'sex', 'year']] as const) {
      const cells = await figures({ by })
      for (const { figures } of cells) expect(figures?.eligible ?? SMALLEST_CELL).toBeGreaterThanOrEqual(SMALLEST_CELL)
      const hidden = 400 - eligible(cells)
      expect(hidden === 0 || hidden >= SMALLEST_CELL, by.join()).toBe(true)
    }
  })

  test('hide a second group beside a single small one', async () => {
    const rows = {
      partners,
      patients: ids.slice(0, 60).map((id, at) => [id, 1950, at < 4 ? 'x' : at < 30 ? 'f' : 'm'] as const),
    }
    const small = await regionRun(store, 'small', rows, ['sbp'])
    await assess(small, [['sbp', 0]], () => MEASURED)
    await contribute(small, await readAssessedYears(store, small.run, ['sbp']))
    const cells = await readFigures(store, { run: small.run, yearsBefore: 0, by: ['sex'] })
    expect(cells.map(({ at, figures }) => [at.sex, figures?.eligible ?? null])).toEqual([
      ['f', null],
      ['m', 30],
      ['x', null],
    ])
    const [few] = await readFigures(store, { run: small.run, yearsBefore: 0, by: [], only: { sex: 'f' } })
    expect(few).toEqual({ at: { measure: 'sbp', sex: 'f' }, figures: null })
    expect((await readFigures(store, { run: small.run, yearsBefore: 0, by: [] }))[0]?.figures?.eligible).toBe(60)
  })
})
