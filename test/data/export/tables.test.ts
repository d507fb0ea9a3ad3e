/** Parquet, workbooks and JSON Lines by readers that are not ours: they hold what the CSV of the same region holds. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC, util, type Field } from 'apache-arrow'
import { parse } from 'csv-parse/sync'
import { readParquet } from 'parquet-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { read, utils, type WorkBook } from 'xlsx'
import { exportRegion, type ExportFormat } from '../../../data/export/export.ts'
import { FACT_NAMES, type FactName } from '../../../data/export/facts/facts.ts'
import { writeWorkbook } from '../../../data/export/tables/workbook.ts'
import { guarded } from '../../../data/files/formulas.ts'
import { importDataset } from '../../../data/import/import.ts'
import { importConverted } from '../../../data/interchange/convert.ts'
import { latestDelivery, regionOf } from '../../../data/region/regions.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { awkward } from '../../support/regions/awkward.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-tables-'))
const rejectsPath = join(place, 'rejects.csv')
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

beforeAll(async () => {
  await generateRegion({ out: join(place, 'source'), patients: 40, seed: 3 })
  await importDataset(store, { dir: join(place, 'source'), region: 'synthetic', rejectsPath })
  await importDataset(store, { dir: await dataset(awkward), region: 'awkward', rejectsPath })
})

const exports = new Map<string, Promise<string>>()
function exported(name: string, format: ExportFormat): Promise<string> {
  const key = `${name}-${format}`
  const known = exports.get(key) ?? write(name, format, join(place, key))
  exports.set(key, known)
  return known
}

async function write(name: string, format: ExportFormat, dir: string): Promise<string> {
  const region = await regionOf(store, name)
  const asOf = await latestDelivery(store, region)
  await exportRegion(store, { regionId: region.regionId, asOf, format, dir, gzip: false })
  return dir
}

type Row = Readonly<Record<string, string>>

/** The rows of a table as CSV has them, without what is blank. */
async function told(name: string, table: FactName): Promise<Row[]> {
  const rows = parse(await readFile(join(await exported(name, 'csv'), `${table}.csv`)), { columns: true }) as Row[]
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, text]) => text !== '')))
}

const amountText = (cents: bigint) =>
  `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents)
    .padStart(3, '0')
    .replace(/(?=..$)/, '.')}`

/** The text of a value as Arrow has it. */
function arrowText(value: unknown, { type, name }: Field): string {
  if (String(type).startsWith('Decimal')) {
    expect([name, String(type)]).toEqual(['amount_eur', 'Decimal[18e+2]'])
    return amountText(util.bigNumToBigInt(value as Parameters<typeof util.bigNumToBigInt>[0]))
  }
  if (String(type).startsWith('Date')) return new Date(Number(value)).toISOString().slice(0, 10)
  return String(value)
}

/** A number's text as PostgreSQL and JavaScript both read it. */
const sameNumbers = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, text]) => [
      column,
      ['value', 'quantity'].includes(column) && !Number.isNaN(Number(text)) ? String(Number(text)) : text,
    ]),
  )

describe.each(['synthetic', 'awkward'])('%s', (name) => {
  test.each(FACT_NAMES)('%s.parquet read by Arrow, amounts as decimals', async (table) => {
    const bytes = await readFile(join(await exported(name, 'parquet'), `${table}.parquet`))
    const arrow = tableFromIPC(readParquet(bytes).intoIPCStream())
    const rows: Row[] = []
    for (let at = 0; at < arrow.numRows; at++)
      rows.push(
        Object.fromEntries(
          arrow.schema.fields.flatMap((field) => {
            const value: unknown = arrow.getChild(field.name)?.get(at)
            return value === null ? [] : [[field.name, arrowText(value, field)]]
          }),
        ),
      )
    // of CSV alone a spreadsheet would run a name
    const written = (await told(name, table)).map(sameNumbers)
    expect(rows.map(sameNumbers).map(asCsv)).toEqual(written)
  })

  test('dataset.xlsx read by SheetJS: a sheet a table, days as days, amounts with two decimals', async () => {
    const workbook: WorkBook = read(await readFile(join(await exported(name, 'xlsx'), 'dataset.xlsx')), {
      cellNF: true,
    })
    expect(workbook.SheetNames).toEqual([...FACT_NAMES])
    for (const table of FACT_NAMES) {
      const cells: unknown[][] = utils.sheet_to_json(workbook.Sheets[table]!, { header: 1, UTC: true })
      const [header, ...lines] = cells as [string[], ...unknown[][]]
      const rows = lines.map((line) =>
        Object.fromEntries(
          line.flatMap((value, at) => {
            const column = header[at]!
            return value === undefined || value === '' ? [] : [[column, sheetText(column, value)]]
          }),
        ),
      )
      expect(rows.map(sameNumbers).map(asCsv)).toEqual((await told(name, table)).map(sameNumbers))
    }
    expect(Object.values(workbook.Sheets).flatMap((sheet) => Object.values(sheet).filter((cell) => cell.f))).toEqual([])
  })

  test('JSON Lines: an object a row, numbers as they are kept', async () => {
    for (const table of FACT_NAMES) {
      const text = await readFile(join(await exported(name, 'jsonl'), `${table}.jsonl`), 'utf8')
      const rows = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      const shown = rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            column === 'amount_eur'
              ? (value as number).toFixed(2)
              : typeof value === 'string'
                ? value
                : JSON.stringify(value),
          ]),
        ),
      )
      expect(shown.map(sameNumbers).map(asCsv)).toEqual((await told(name, table)).map(sameNumbers))
      const amounts = [...text.matchAll(/"amount_eur":([^,}]*)/g)].map(([, amount]) => amount)
      expect(amounts.filter((amount) => !/^-?\d+\.\d\d$/.test(amount!))).toEqual([])
    }
  })
})

/** CSV has an apostrophe before what a spreadsheet would run. */
const asCsv = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([column, text]) => [column, guarded(text)]))

function sheetText(column: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (column === 'amount_eur') return (value as number).toFixed(2)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

test('a table of more rows than a sheet holds goes on in another, and comes in as one', async () => {
  const region = await regionOf(store, 'synthetic')
  const asOf = await latestDelivery(store, region)
  const dir = await mkdtemp(join(place, 'sheets-'))
  const client = await store.pool.connect()
  try {
    const unitOf = new Map([['hba1c', 'mmol/mol']])
    await writeWorkbook(
      { client, regionId: region.regionId, asOf, dir, gzip: false, unitOf, programmes: new Map() },
      31,
    )
  } finally {
    client.release()
  }
  const { SheetNames } = read(await readFile(join(dir, 'dataset.xlsx')), { bookSheets: true })
  expect(SheetNames.slice(0, 4)).toEqual(['partners', 'patients', 'patients (2)', 'enrolments'])
  const { files } = await importConverted(store, 'xlsx', { dir, region: 'sheets', rejectsPath })
  const counted = (await told('synthetic', 'patients')).length
  expect(files.find(({ file }) => file === 'patients.csv')).toMatchObject({ rows: counted, accepted: counted })
})
