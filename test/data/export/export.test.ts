/** A region goes out in every format and comes back the same: what was exported is all there was. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportRegion, type ExportFormat } from '../../../data/export/export.ts'
import { importDataset } from '../../../data/import/import.ts'
import { importConverted } from '../../../data/interchange/convert.ts'
import { latestDelivery, regionOf } from '../../../data/region/regions.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { liveStore } from '../../support/services/live.ts'
import { awkward } from '../../support/regions/awkward.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-export-'))
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

const rejectsPath = join(place, 'rejects.csv')

/** What a region holds, as the hash over its accepted rows. */
async function sha256Of(name: string): Promise<string> {
  const region = await regionOf(store, name)
  const asOf = await latestDelivery(store, region)
  const programme = (await regionProgrammes(store.pool, region.regionId, asOf)).get('dm2')!
  return (await takeSnapshot(store, { regionId: region.regionId, asOf, programme })).datasetSha256
}

async function exported(name: string, format: ExportFormat, gzip = false, also = ''): Promise<string> {
  const region = await regionOf(store, name)
  const dir = join(place, `${name}-${format}${gzip ? '-gz' : ''}${also}`)
  const asOf = await latestDelivery(store, region)
  await exportRegion(store, { regionId: region.regionId, asOf, format, dir, gzip })
  return dir
}

async function tablesOf(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.csv'))
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)),
  )
}

/** What a Dutch spreadsheet makes of a table: numbers with a comma, columns parted by semicolons. */
function semicolons(file: string, text: string): string {
  const [header = [], ...rows]: string[][] = parse(text)
  const numeric = { 'observations.csv': ['value'], 'claims.csv': ['quantity', 'amount_eur'] }[file] ?? []
  const quoted = (field: string) => (/[";\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
  const told = (field: string, at: number) => quoted(numeric.includes(header[at]!) ? field.replace('.', ',') : field)
  return [header, ...rows.map((row) => row.map(told))].map((row) => `${row.join(';')}\n`).join('')
}

const hashes = new Map<string, string>()
beforeAll(async () => {
  await generateRegion({ out: join(place, 'source'), patients: 40, seed: 3 })
  await importDataset(store, { dir: join(place, 'source'), region: 'synthetic', rejectsPath })
  await importDataset(store, { dir: await dataset(awkward), region: 'awkward', rejectsPath })
  for (const name of ['synthetic', 'awkward']) hashes.set(name, await sha256Of(name))
})

test.each(['synthetic', 'awkward'])('%s: out in every format and in again, no row is another', async (name) => {
  const tables = await tablesOf(await exported(name, 'csv', false, '-before'))
  for (const [format, gzip] of [
    ['csv', false],
    ['fhir', name === 'awkward'],
    ['omop', name !== 'awkward'],
    ['jsonl', name === 'awkward'],
    ['parquet', false],
    ['xlsx', false],
  ] as const) {
    const dir = await exported(name, format, gzip)
    const region = `${name}-${format}`
    const order = { dir, region, rejectsPath }
    const { files } = format === 'csv' ? await importDataset(store, order) : await importConverted(store, format, order)
    expect(files.map(({ file, rejected }) => [file, rejected])).toEqual(files.map(({ file }) => [file, 0]))
    expect(await tablesOf(await exported(region, 'csv', false, '-back'))).toEqual(tables)
    expect(await sha256Of(region), region).toBe(hashes.get(name))
  }
})

test('a name that a spreadsheet would run is written as a text, and comes in as it was', async () => {
  const written = await readFile(join(await exported('awkward', 'csv', true), 'partners.csv.gz'))
  const lines = gunzipSync(written).toString('utf8').split('\n')
  expect(lines).toContain(`lab,"'=HYPERLINK(""http://x"",""Lab"")",diagnostic_centre,,`)
  expect(lines).toContain("eik,'- De Eik,hospital,,")
  const { rows } = await store.pool.query(
    `select distinct name collate "C" as name from partner where partner_id in ('lab', 'eik', 'apo') order by 1`,
  )
  expect(rows.map(({ name }) => name as string)).toEqual(["'=f(1)", '- De Eik', '=HYPERLINK("http://x","Lab")'])
})

test('the same hash from plain, gzipped and semicolon CSV with decimal commas', async () => {
  for (const name of ['synthetic', 'awkward']) {
    const plain = await tablesOf(await exported(name, 'csv', false, '-again'))
    const ways: Record<string, Record<string, string | Buffer | null>> = { gzipped: {}, semicolons: {} }
    for (const [file, text] of Object.entries(plain)) {
      ways.gzipped![file] = null
      ways.gzipped![`${file}.gz`] = gzipSync(text)
      ways.semicolons![file] = semicolons(file, text)
    }
    const programmes = name === 'awkward' ? { 'programmes/own.yaml': awkward['programmes/own.yaml'] } : {}
    for (const [way, files] of Object.entries(ways)) {
      const region = `${name}-${way}`
      const { files: counts } = await importDataset(store, {
        dir: await dataset({ ...files, ...programmes }),
        region,
        rejectsPath,
      })
      expect(
        counts.reduce((sum, { rejected }) => sum + rejected, 0),
        region,
      ).toBe(0)
      expect(await sha256Of(region), region).toBe(hashes.get(name))
    }
  }
})

test('out as Parquet: every column with its type', async () => {
  const dir = await exported('awkward', 'parquet', false, '-columns')
  const file = await readFile(join(dir, 'observations.parquet'))
  const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer })
  expect(rows).toHaveLength(9)
  expect(rows[1]).toEqual({
    patient_id: 'a_1',
    measure: 'hba1c',
    observed_on: new Date('2024-01-10T00:00:00Z'),
    value: 10.93 * 7.5 - 23.5,
    unit: 'mmol/mol',
    partner_id: 'lab',
  })
  expect(rows[0]).toMatchObject({ value: 55, partner_id: null })
})

test('a declaration file: a record a line, debits and credits, and a total', async () => {
  const dir = await exported('awkward', 'declarations')
  const lines = (await readFile(join(dir, 'declarations.txt'), 'latin1')).split('\r\n')
  expect(lines.slice(0, -1).every((line) => line.length === 224)).toBe(true)
  expect(lines.map((line) => line.slice(0, 2))).toEqual(['01', '98', '04', '04', '04', '04', '99', ''])
  expect(lines[1]).toMatch(/Geen officiele Vektis-indeling/)
  // x-2: no insurer and no AGB code known, five cents back; x_1: a visit and a half
  expect(lines[2]!.slice(2, 24)).toBe('0000000001000000000000')
  expect(lines[2]!.slice(108, 136)).toBe('202502010000010000000000005C')
  expect(lines[5]!.slice(12, 24)).toBe('709501234567')
  expect(lines[5]!.slice(108, 136)).toBe('202501010000015000000001250D')
  expect(lines[6]!.trimEnd()).toBe('99000000000400010000001357D')
})

test('the same facts are the same bytes', async () => {
  await expect(exported('synthetic', 'omop', true)).rejects.toThrow(/holds .+ already; give an empty directory/)
  const region = await regionOf(store, 'synthetic')
  const asOf = await latestDelivery(store, region)
  const again = join(place, 'again')
  await exportRegion(store, { regionId: region.regionId, asOf, format: 'omop', dir: again, gzip: true })
  for (const file of ['MEASUREMENT.csv.gz', 'PERSON.csv.gz', 'COST.csv.gz'])
    expect(await readFile(join(again, file))).toEqual(await readFile(join(place, 'synthetic-omop-gz', file)))
})
