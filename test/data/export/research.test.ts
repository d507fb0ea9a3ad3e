/** Expectations and gains for researchers: in the shape of OMOP, and nobody in it has an id of the region. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, expect, test } from 'vitest'
import { exportResearch } from '../../../data/export/export.ts'
import { liveStore } from '../../support/services/live.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-research-'))
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

type Row = Readonly<Record<string, string>>
const table = async (dir: string, name: string): Promise<Row[]> =>
  parse(await readFile(join(dir, `${name}.csv`)), { columns: true }) as Row[]

test('every expectation, realisation, gain and contribution of a settlement, person by person', async () => {
  const { world } = await settledRegion(store, 'research')
  const dir = join(place, 'out')
  await exportResearch(store, { settlementId: world.run.runId, dir, gzip: false })
  const { rows: stored } = await store.pool.query<{ patients: number; rows: number; realised: number; mean: number }>(
    `select count(distinct patient_key)::int as patients, count(*)::int as rows, count(realised)::int as realised, sum(mean) as mean
       from assessment where run_id = $1`,
    [world.run.runId],
  )
  const [persons, measurements] = [await table(dir, 'PERSON'), await table(dir, 'MEASUREMENT')]
  const of = (what: string) => measurements.filter((row) => row.measurement_source_value!.endsWith(` ${what}`))
  expect(persons).toHaveLength(stored[0]!.patients)
  expect(of('realised')).toHaveLength(stored[0]!.realised)
  const sum = of('expected').reduce((total, row) => total + Number(row.value_as_number), 0)
  expect(sum).toBeCloseTo(stored[0]!.mean, 3)
  for (const { range_low, value_as_number, range_high } of of('expected')) {
    expect(Number(range_low)).toBeLessThanOrEqual(Number(value_as_number))
    expect(Number(range_high)).toBeGreaterThanOrEqual(Number(value_as_number))
  }
  const { rows: patients } = await store.pool.query<{ patient_id: string }>('select patient_id from patient')
  for (const file of await readdir(dir)) {
    const cells = new Set((await readFile(join(dir, file), 'utf8')).split(/[,\n]/))
    expect(patients.filter(({ patient_id }) => cells.has(patient_id))).toEqual([])
  }
})
