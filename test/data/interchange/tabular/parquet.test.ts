/** Parquet as others write it: Arrow's types, any compression, parts in a directory; and files made to exhaust. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  Bool,
  DateDay,
  Float32,
  Int32,
  Int64,
  Table,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import type { DataType } from 'apache-arrow'
import type { ColumnMetaData } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm'
import { afterAll, expect, test } from 'vitest'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { refuseLargePages } from '../../../../data/interchange/tabular/parquet-pages.ts'
import { liveStore } from '../../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-parquet-'))
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

type Columns = Readonly<Record<string, readonly [DataType, readonly unknown[]]>>

/** As Arrow's own writer in Rust makes it. */
function arrow(columns: Columns, compression = Compression.SNAPPY): Buffer {
  const table = new Table(
    Object.fromEntries(Object.entries(columns).map(([name, [type, values]]) => [name, vectorFromArray(values, type)])),
  )
  const properties = new WriterPropertiesBuilder().setCompression(compression).build()
  return Buffer.from(writeParquet(WasmTable.fromIPCStream(tableToIPC(table, 'stream')), properties))
}

const day = (text: string) => new Date(`${text}T00:00:00Z`)

const sound: Readonly<Record<string, Buffer>> = {
  'partners.parquet': arrow({
    partner_id: [new Utf8(), ['p01']],
    name: [new Utf8(), ['De Eik']],
    kind: [new Utf8(), ['gp_practice']],
  }),
  'patients.parquet': arrow(
    {
      patient_id: [new Utf8(), ['a', 'b']],
      birth_year: [new Int64(), [1950n, 1960n]],
      sex: [new Utf8(), ['m', 'f']],
      insurer: [new Int32(), [7095, null]],
      died_on: [new DateDay(), [null, day('2024-01-20')]],
      consent: [new Bool(), [true, false]],
    },
    Compression.ZSTD,
  ),
  'enrolments.parquet': arrow(
    {
      patient_id: [new Utf8(), ['a', 'b']],
      programme: [new Utf8(), ['dm2', 'dm2']],
      partner_id: [new Utf8(), ['p01', 'p01']],
      started_on: [new TimestampMillisecond(), [day('2023-01-01'), day('2023-02-01')]],
    },
    Compression.GZIP,
  ),
  'observations.parquet': arrow(
    {
      patient_id: [new Utf8(), ['a', 'b']],
      measure: [new Utf8(), ['hba1c', 'hba1c']],
      observed_on: [new DateDay(), [day('2024-01-10'), day('2024-01-11')]],
      value: [new Float32(), [58.1, 61.25]],
    },
    Compression.BROTLI,
  ),
}

let count = 0
async function imported(changes: Readonly<Record<string, Buffer | null>>, maxRejects = 0) {
  const dir = await mkdtemp(join(place, 'in-'))
  for (const [name, bytes] of Object.entries({ ...sound, ...changes })) {
    if (bytes === null) continue
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), bytes)
  }
  const rejectsPath = join(dir, 'out', 'rejects.csv')
  const region = `parquet-${++count}`
  const result = await importConverted(store, 'parquet', { dir, region, rejectsPath, maxRejects })
  return { ...result, region, rejects: await readFile(rejectsPath, 'utf8') }
}

test("files of Arrow's writer are the tables, whatever their types and their compression", async () => {
  const { files, unknownColumns, region } = await imported({})
  expect(files.map(({ file, rows, accepted }) => [file, rows, accepted])).toEqual([
    ['partners.csv', 1, 1],
    ['patients.csv', 2, 2],
    ['enrolments.csv', 2, 2],
    ['observations.csv', 2, 2],
  ])
  expect(unknownColumns).toEqual([{ file: 'patients.csv', column: 'consent' }])
  const { rows } = await store.pool.query(
    `select p.patient_id, s.insurer, s.died_on::text, e.started_on::text, o.observed_on::text, o.value
       from patient p join patient_state s using (patient_key) join enrolment e using (patient_key)
       join observation o using (patient_key) join delivery d on d.delivery_id = o.delivery_id
       join region r on r.region_id = d.region_id where r.name = $1 order by 1`,
    [region],
  )
  expect(rows).toEqual([
    {
      patient_id: 'a',
      insurer: '7095',
      died_on: null,
      started_on: '2023-01-01',
      observed_on: '2024-01-10',
      value: 58.1,
    },
    {
      patient_id: 'b',
      insurer: null,
      died_on: '2024-01-20',
      started_on: '2023-02-01',
      observed_on: '2024-01-11',
      value: 61.25,
    },
  ])
})

/** Decimals in each of the types that Parquet has for them. */
const amounts = (schema: object, values: readonly bigint[]): Buffer =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'claim_id', data: values.map((_, at) => `c${count}-${at}`) },
        ...['patient_id', 'partner_id', 'performed_on', 'code'].map((name, at) => ({
          name,
          data: values.map(() => ['a', 'p01', '2024-02-01', '12001'][at]!),
        })),
        { name: 'quantity', data: values.map(() => 1) },
        { name: 'amount_eur', data: [...values] },
      ],
      schema: [
        { name: 'root', num_children: 7 },
        ...['claim_id', 'patient_id', 'partner_id', 'performed_on', 'code'].map((name) => ({
          name,
          type: 'BYTE_ARRAY' as const,
          converted_type: 'UTF8' as const,
          repetition_type: 'REQUIRED' as const,
        })),
        { name: 'quantity', type: 'DOUBLE', repetition_type: 'REQUIRED' },
        { name: 'amount_eur', repetition_type: 'REQUIRED', converted_type: 'DECIMAL', ...schema },
      ],
    }),
  )

test.each([
  ['32 bits', { type: 'INT32', precision: 9, scale: 2 }, [115n, -5n, 0n]],
  ['64 bits', { type: 'INT64', precision: 18, scale: 2 }, [115n, -5n, 999_999_999_999_999n]],
  ['bytes', { type: 'BYTE_ARRAY', precision: 38, scale: 2 }, [115n, -5n, 999_999_999_999_999n]],
  [
    '16 bytes',
    { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, precision: 38, scale: 2 },
    [115n, -129n, 999_999_999_999_999n],
  ],
])('amounts are decimals to the cent: %s', async (_, schema, cents) => {
  const { files } = await imported({ 'claims.parquet': amounts(schema, cents) })
  expect(files.find(({ file }) => file === 'claims.csv')).toMatchObject({ accepted: cents.length, rejected: 0 })
  const { rows } = await store.pool.query<{ cents: string }>(
    `select amount_cents::text as cents from claim where claim_id like $1 order by claim_id`,
    [`c${count - 1}-%`],
  )
  expect(rows.map((row) => row.cents)).toEqual(cents.map(String))
})

test('parts of a table in a directory of its name are one table', async () => {
  const part = (patient: string) =>
    arrow({
      patient_id: [new Utf8(), [patient]],
      birth_year: [new Int32(), [1950]],
      sex: [new Utf8(), ['x']],
    })
  const { files, conversion } = await imported({
    'patients.parquet': null,
    'patients.parquet/part-0.parquet': part('a'),
    'patients.parquet/part-1.parquet': part('b'),
    'patients.parquet/_SUCCESS': Buffer.alloc(0),
  })
  expect(files.find(({ file }) => file === 'patients.csv')).toMatchObject({ rows: 2, accepted: 2 })
  expect(conversion).toMatchObject({ files: 5, ignored: [] })
})

test('a row that is wrong is rejected by its place in its file', async () => {
  const observations = arrow({
    patient_id: [new Utf8(), ['a', 'nobody']],
    measure: [new Utf8(), ['hba1c', 'hba1c']],
    observed_on: [new Utf8(), ['2024-01-10', '2024-01-10']],
    value: [new Int32(), [58, 58]],
  })
  const { rejects } = await imported({ 'observations.parquet': observations }, 1)
  expect(rejects).toMatch(/^observations\.parquet,2,/m)
})

test.each([
  ['cut off', sound['patients.parquet']!.subarray(0, 300), 'PAR1|footer'],
  ['empty', Buffer.alloc(0), 'shorter than any Parquet file'],
  ['a text', Buffer.from('patient_id,birth_year,sex\na,1950,m\n'), 'a footer of|PAR1'],
  [
    'a footer longer than the file',
    Buffer.concat([sound['patients.parquet']!.subarray(0, -8), Buffer.from('ffffff0150415231', 'hex')]),
    'a footer of 33554431 bytes',
  ],
])('refused: %s', async (_, bytes, why) => {
  await expect(imported({ 'patients.parquet': bytes })).rejects.toMatchObject({
    code: 'unreadable_file',
    message: expect.stringMatching(`^patients\\.parquet cannot be read as Parquet \\(.*(${why})`) as string,
  })
})

/** A number in Thrift's compact protocol. */
function zigzag(number: number): number[] {
  const bytes: number[] = []
  for (let rest = 2 * number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}

/** A data page: its type, its sizes, and its header with the number of values. */
const page = (unpacked: number, values: number) =>
  Uint8Array.from([0x15, 0, 0x15, ...zigzag(unpacked), 0x15, ...zigzag(0), 0x2c, 0x15, ...zigzag(values), 0, 0])

test.each([
  ['two thousand million values', page(8, 2_000_000_000), 'a page of 2000000000 values'],
  ['two gigabytes', page(2 ** 31 - 1, 1), 'a page of 2147483647 bytes'],
  ['more values than its group has rows', page(8, 3), 'pages of 3 values in a group of 2 rows'],
  ['no end', page(8, 2).subarray(0, 6), 'a page header without an end'],
])('a page of %s is refused before it is unpacked', async (_, bytes, sentence) => {
  const buffer = { byteLength: bytes.length, slice: (from: number, to?: number) => bytes.slice(from, to).buffer }
  const metadata = {
    path_in_schema: ['sex'],
    data_page_offset: 0n,
    total_compressed_size: BigInt(bytes.length),
  } as ColumnMetaData
  const group = { columns: [{ file_offset: 0n, meta_data: metadata }], num_rows: 2n, total_byte_size: 0n }
  await expect(refuseLargePages(buffer, group)).rejects.toThrow(sentence)
  await expect(
    refuseLargePages(
      { byteLength: page(8, 2).length, slice: (from, to) => page(8, 2).slice(from, to).buffer },
      {
        ...group,
        columns: [{ file_offset: 0n, meta_data: { ...metadata, total_compressed_size: BigInt(page(8, 2).length) } }],
      },
    ),
  ).resolves.toBeUndefined()
})

test('refused: a list where a column should be', async () => {
  const patients = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'patient_id', data: ['a'] },
        { name: 'birth_year', data: [1950] },
        { name: 'sex', data: [['m']] },
      ],
      schema: [
        { name: 'root', num_children: 3 },
        { name: 'patient_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'birth_year', type: 'INT32', repetition_type: 'REQUIRED' },
        { name: 'sex', converted_type: 'LIST', num_children: 1, repetition_type: 'REQUIRED' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ],
    }),
  )
  await expect(imported({ 'patients.parquet': patients })).rejects.toMatchObject({
    code: 'missing_column',
    message: 'patients.parquet: missing column sex; found are patient_id, birth_year.',
  })
})
