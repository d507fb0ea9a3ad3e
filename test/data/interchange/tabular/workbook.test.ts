/** Workbooks as others write them: shared texts, days by number, titles above the header, and what is none. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { utils, write, type WorkSheet } from 'xlsx'
import { ZipFile } from 'yazl'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { numberFormatOf } from '../../../../data/interchange/tabular/number-formats.ts'
import { liveStore } from '../../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-workbook-'))
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

type Sheets = Readonly<Record<string, WorkSheet>>

const day = (text: string) => ({ t: 'd' as const, v: new Date(`${text}T00:00:00Z`), z: 'dd-mm-yyyy' })

const sheets: Sheets = {
  partners: utils.aoa_to_sheet([
    ['partner_id', 'name', 'kind', 'agb'],
    ['p01', 'Praktijk  de "Eik" & zoon <één>', 'gp_practice', { t: 'n', v: 1234567, z: '00000000' }],
  ]),
  patients: utils.aoa_to_sheet(
    [
      ['Overzicht patiënten'],
      [],
      ['patient_id', 'birth_year', 'sex', 'postcode4', 'insurer', 'died_on', null],
      ['a', 1950, 'm', 1012, 7095, null],
      [],
      ['b', 1960, 'f', null, null, day('2025-06-01'), '  '],
    ],
    { UTC: true },
  ),
  enrolments: utils.aoa_to_sheet(
    [
      ['patient_id', 'programme', 'partner_id', 'started_on'],
      ['a', 'dm2', 'p01', day('2023-01-01')],
      ['b', 'dm2', 'p01', '2023-02-01'],
    ],
    { UTC: true },
  ),
  observations: utils.aoa_to_sheet(
    [
      ['patient_id', 'measure', 'observed_on', 'value', 'unit', 'opmerking'],
      ['a', 'hba1c', day('2024-01-10'), { t: 'n', f: '50+0.1+0.2', v: 50.1 + 0.2 }, 'mmol/mol', 'zie brief'],
      ['b', 'sbp', day('2024-03-01'), '140', 'mmHg'],
    ],
    { UTC: true },
  ),
  Toelichting: utils.aoa_to_sheet([['Dit is geen tabel']]),
}

let regions = 0
function bytesOf(of: Sheets, date1904 = false): Buffer {
  const SheetNames = Object.keys(of)
  return write({ SheetNames, Sheets: of, Workbook: { WBProps: { date1904 } } }, {
    type: 'buffer',
    bookType: 'xlsx',
    bookSST: true,
    compression: true,
    UTC: true,
  } as Parameters<typeof write>[1]) as Buffer
}

async function imported(of: Sheets | Buffer, { maxRejects = 0, date1904 = false } = {}) {
  const dir = await mkdtemp(join(place, 'in-'))
  const path = join(dir, 'aanlevering.xlsx')
  await writeFile(path, Buffer.isBuffer(of) ? of : bytesOf(of, date1904))
  const rejectsPath = join(dir, 'out', 'rejects.csv')
  const region = `workbook-${++regions}`
  const result = await importConverted(store, 'xlsx', { dir: path, region, rejectsPath, maxRejects })
  return { ...result, region, rejects: await readFile(rejectsPath, 'utf8') }
}

async function readings(region: string) {
  const { rows } = await store.pool.query<{ patient: string; measure: string; on: string; value: number }>(
    `select p.patient_id as patient, k.key as measure, observed_on::text as on, value
       from observation o join patient p using (patient_key) join measure_key k using (measure_id)
       join delivery d using (delivery_id) join region r on r.region_id = d.region_id
      where r.name = $1 order by 1`,
    [region],
  )
  return rows
}

test('sheets of another writer are the tables: shared texts, days, titles and empty rows, formulas as last shown', async () => {
  const { files, conversion, unknownColumns, region } = await imported(sheets)
  expect(files.map(({ file, rows, accepted }) => [file, rows, accepted])).toEqual([
    ['partners.csv', 1, 1],
    ['patients.csv', 2, 2],
    ['enrolments.csv', 2, 2],
    ['observations.csv', 2, 2],
  ])
  expect(conversion).toMatchObject({ format: 'xlsx', files: 1, ignored: ['aanlevering.xlsx, sheet Toelichting'] })
  expect(unknownColumns).toEqual([{ file: 'observations.csv', column: 'opmerking' }])
  expect(await readings(region)).toEqual([
    { patient: 'a', measure: 'hba1c', on: '2024-01-10', value: 50.3 },
    { patient: 'b', measure: 'sbp', on: '2024-03-01', value: 140 },
  ])
  const { rows } = await store.pool.query<{ name: string; agb: string }>(
    `select name, agb from partner where name like 'Praktijk%Eik%'`,
  )
  expect(rows).toEqual([{ name: 'Praktijk  de "Eik" & zoon <één>', agb: '01234567' }])
})

test('days that are counted from 1904 are the same days', async () => {
  const { region } = await imported(sheets, { date1904: true })
  expect((await readings(region)).map(({ on }) => on)).toEqual(['2024-01-10', '2024-03-01'])
})

test('a row that is wrong is rejected by its sheet and its row there', async () => {
  const observations = utils.aoa_to_sheet([
    ['Metingen van 2024'],
    ['patient_id', 'measure', 'observed_on', 'value', 'unit'],
    ['a', 'hba1c', '2024-01-10', 58, 'mmol/mol'],
    [],
    ['nobody', 'hba1c', '2024-01-10', 58, 'mmol/mol'],
    ['a', 'hba1c', '2024-01-11', '#N/B', 'mmol/mol'],
  ])
  const { rejects } = await imported({ ...sheets, observations }, { maxRejects: 1 })
  expect(rejects).toMatch(/^aanlevering\.xlsx,5,/m)
  expect(rejects).toMatch(/^aanlevering\.xlsx,6,.*#N\/B/m)
})

test('a workbook of one sheet is called as its table is', async () => {
  const dir = await mkdtemp(join(place, 'each-'))
  const { Toelichting: _, ...tables } = sheets
  for (const [name, sheet] of Object.entries(tables))
    await writeFile(join(dir, `${name}.xlsx`), bytesOf({ Blad1: sheet }))
  await writeFile(join(dir, '~$patients.xlsx'), 'the lock of an open workbook')
  const { files, conversion } = await importConverted(store, 'xlsx', {
    dir,
    region: 'each',
    rejectsPath: join(dir, 'out', 'rejects.csv'),
  })
  expect(files).toHaveLength(4)
  expect(conversion).toMatchObject({ files: 4, ignored: [] })
})

test('what is missing is named by its sheet', async () => {
  const { observations: _, ...without } = sheets
  await expect(imported(without)).rejects.toMatchObject({ code: 'missing_file', facts: { files: ['observations'] } })
  const patients = utils.aoa_to_sheet([
    ['patient_id', 'birth_year'],
    ['a', 1950],
  ])
  await expect(imported({ ...sheets, patients })).rejects.toMatchObject({
    code: 'missing_column',
    message: 'aanlevering.xlsx, sheet patients: missing column sex; found are patient_id, birth_year.',
  })
})

async function zipped(entries: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of Object.entries(entries)) zip.addBuffer(bytes, name)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const relations = (type: string, target: string) =>
  Buffer.from(`<Relationships><Relationship Id="r1" Type="http://x/${type}" Target="${target}"/></Relationships>`)

test.each([
  ['an old or locked workbook', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), /password, or is an \.xls/],
  ['no archive', () => Buffer.from('patient_id;birth_year\n'), /aanlevering\.xlsx cannot be read/],
  ['one that was cut off', () => bytesOf(sheets).subarray(0, 2000), /cut off in transfer/],
  ['another archive', () => zipped({ 'patients.csv': Buffer.from('a,b\n') }), /a zip archive and no workbook/],
  [
    'an element that names others without end',
    () =>
      zipped({
        '_rels/.rels': relations('officeDocument', 'w.xml'),
        'w.xml': Buffer.from('<!DOCTYPE a [<!ENTITY b "&b;&b;">]><workbook>&b;</workbook>'),
      }),
    /cannot be read: w\.xml/,
  ],
])('refused: %s', async (_, bytes, sentence) => {
  await expect(imported(await bytes())).rejects.toThrow(sentence)
})

test('a sheet that expands beyond reason is refused before it is read', async () => {
  const sheet = `<worksheet><sheetData>${'<row><c t="inlineStr"><is><t>a</t></is></c></row>'.repeat(2_000_000)}</sheetData></worksheet>`
  const rels = (targets: readonly string[]) =>
    Buffer.from(
      `<Relationships>${targets.map((target, at) => `<Relationship Id="r${at}" Type="http://x/worksheet" Target="${target}"/>`).join('')}</Relationships>`,
    )
  const names = ['partners', 'patients', 'enrolments', 'observations']
  const bytes = await zipped({
    '_rels/.rels': relations('officeDocument', 'w.xml'),
    'w.xml': Buffer.from(
      `<workbook><sheets>${names.map((name, at) => `<sheet name="${name}" r:id="r${at}"/>`).join('')}</sheets></workbook>`,
    ),
    '_rels/w.xml.rels': rels(['s.xml', 's.xml', 's.xml', 's.xml']),
    's.xml': Buffer.from(sheet),
  })
  await expect(imported(bytes)).rejects.toMatchObject({
    code: 'unreadable_file',
    message: 'aanlevering.xlsx cannot be read: s.xml expands to more than 200 times its size.',
  })
})

test.each([
  ['45302', 14, undefined, '2024-01-11'],
  ['45302.5', 22, undefined, '2024-01-11T12:00:00'],
  ['45302.999994', 14, undefined, '2024-01-11T23:59:59'],
  ['1', 14, undefined, '1900-01-01'],
  ['59', 14, undefined, '1900-02-28'],
  ['61', 14, undefined, '1900-03-01'],
  ['45302', 164, '[$-413]d mmmm yyyy;@', '2024-01-11'],
  ['45302', 164, '"dag" 0', '45302'],
  ['45302', 164, '0.00E+00', '45302'],
  ['1012', 164, '0000', '1012'],
  ['345', 164, '0000', '0345'],
  ['12.300000000000001', 0, undefined, '12.3'],
  ['0.5', 14, undefined, '0.5'],
  ['0.065', 10, undefined, '0.065'],
  ['1.2E-3', 0, undefined, '0.0012'],
])('number %s in format %s %s is shown as %s', (written, id, code, shown) => {
  expect(numberFormatOf(id, code, false)(written)).toBe(shown)
})
