import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'
import { importDataset } from '../../../data/import/import.ts'
import type { ImportOrder } from '../../../data/import/import.ts'
import { outageOf } from '../../../data/postgres/outage.ts'
import type { Files } from '../../support/regions/dataset.ts'
import { dataset, removeDatasets, soundFiles } from '../../support/regions/dataset.ts'
import { issuesIn } from '../../support/regions/issues.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

let regions = 0

/** Imports files as a new region, or the one named. */
async function imported(files: Files, order: Partial<ImportOrder> = {}) {
  const dir = await dataset(files)
  const rejectsPath = join(dir, 'out', 'rejects.csv')
  const result = await importDataset(store, {
    dir,
    region: `region ${regions++}`,
    maxRejects: 1,
    rejectsPath,
    ...order,
  })
  const rejects = await issuesIn(rejectsPath)
  const warnings = await issuesIn(result.warningsPath)
  const counts = Object.fromEntries(result.files.map((file) => [file.file, [file.rows, file.rejected, file.unchanged]]))
  return { ...result, rejects, warnings, counts, dir }
}

const refused = async (files: Files, order: Partial<ImportOrder> = {}) => {
  const region = `region ${regions++}`
  const error = await imported(files, { region, ...order }).catch((caught: Error) => caught)
  const kept = await store.pool.query('select from region where name = $1', [region])
  expect(kept.rowCount, 'nothing is kept').toBe(0)
  return error
}

const values = async (regionId: number, asOf = 'infinity') =>
  (
    await store.pool.query(
      `select patient_id || ' ' || key || ' ' || observed_on || ' ' || value as row from observation_known($1, $2)
       join patient using (patient_key) join measure_key using (measure_id) order by 1`,
      [regionId, asOf],
    )
  ).rows.map(({ row }) => row as string)

const soundValues = ['a hba1c 2024-01-10 58', 'a hba1c 2025-01-12 55', 'b sbp 2024-03-01 140']
const observations = (...rows: string[]) => ({
  'observations.csv': ['patient_id,measure,observed_on,value,unit', ...rows, ''].join('\n'),
})

describe('a sound dataset', () => {
  test('is kept whole, known from the latest date in it, with the row each fact came from', async () => {
    const { regionId, deliveredOn, counts, rejects, unknownColumns } = await imported({})
    expect(await values(regionId)).toEqual(soundValues)
    expect(deliveredOn).toBe('2025-06-01')
    expect(counts['observations.csv']).toEqual([3, 0, 0])
    expect([rejects, unknownColumns]).toEqual([[], []])
    const { rows } = await store.pool.query(
      'select line, name from observation join source_file using (source_file_id) where region_id = $1 order by line',
      [regionId],
    )
    expect(rows).toEqual([2, 3, 4].map((line) => ({ line, name: 'observations.csv' })))
    const partner = await store.pool.query(
      'select agb, member_of from partner where region_id = $1 order by partner_id',
      [regionId],
    )
    expect(partner.rows).toEqual([
      { agb: null, member_of: null },
      { agb: '01234567', member_of: 'group' },
    ])
  })

  test('optional files are read too, amounts to the cent', async () => {
    const { regionId, counts } = await imported(
      {
        'conditions.csv': 'patient_id,code_system,code,onset_on,resolved_on\na,ICPC-1,T90.02,2015-03-01,\n',
        'medications.csv': 'patient_id,atc,started_on,ended_on\na,A10BA02,2020-01-01,2031-01-01\n',
        'claims.csv':
          'claim_id,patient_id,partner_id,performed_on,code,quantity,amount_eur,setting\nc1,a,p01,2024-01-01,12000,1,10.07,outpatient\nc2,a,p01,2024-01-01,12000,0.5,-3.5,\n',
        'quality.csv':
          'partner_id,gate,value,period\np01,benchmark_participation,true,2025\np01,benchmark_participation,false,\n',
      },
      { delivered: '2026-01-01' },
    )
    expect(counts).toMatchObject({
      'conditions.csv': [1, 0, 0],
      'medications.csv': [1, 0, 0],
      'claims.csv': [2, 0, 0],
      'quality.csv': [2, 0, 0],
    })
    const { rows } = await store.pool.query(
      'select amount_cents, quantity from claim where region_id = $1 order by claim_id',
      [regionId],
    )
    expect(rows).toEqual([
      { amount_cents: 1007, quantity: 1 },
      { amount_cents: -350, quantity: 0.5 },
    ])
  })

  test('programmes of its own bring measures of their own', async () => {
    const { regionId } = await imported({
      'programmes/study.yaml':
        'programme: study\ntitle: {nl: s, en: s}\nmeasures:\n  steps: {title: {nl: s, en: s}, unit: "1", better: higher, plausible: [0, 50000]}\n',
      ...observations('a,steps,2024-01-01,4000,1', 'a,steps,2024-01-02,60000,1'),
    })
    expect(await values(regionId)).toEqual(['a steps 2024-01-01 4000'])
    const { rows } = await store.pool.query('select programme from programme_definition where region_id = $1', [
      regionId,
    ])
    expect(rows).toEqual([{ programme: 'study' }])
  })
})

describe('other ways to write the same file', () => {
  const rows = soundFiles['observations.csv']
  const same: Record<string, Files> = {
    'a byte order mark': { 'observations.csv': `\uFEFF${rows}` },
    CRLF: { 'observations.csv': rows.replaceAll('\n', '\r\n') },
    'no line break at the end': { 'observations.csv': rows.trimEnd() },
    'blank lines': { 'observations.csv': `${rows}\n\n` },
    quotes: { 'observations.csv': rows.replaceAll(/[^,\n]+/g, '"$&"') },
    'quotes and CRLF': { 'observations.csv': rows.replaceAll(/[^,\n]+/g, '"$&"').replaceAll('\n', '\r\n') },
    'columns in another order, in capitals': {
      'observations.csv':
        'VALUE,Observed_On,unit,patient_id,measure\n58,2024-01-10,,a,hba1c\n55,2025-01-12,,a,hba1c\n140,2024-03-01,,b,sbp\n',
    },
    'semicolons and decimal commas': { 'observations.csv': rows.replaceAll(',', ';').replaceAll('140', '140,0') },
    gzip: { 'observations.csv': null, 'observations.csv.gz': gzipSync(rows) },
  }
  test.each(Object.keys(same))('%s', async (way) => {
    const { regionId, rejects } = await imported(same[way] ?? {})
    expect(rejects).toEqual([])
    expect(await values(regionId)).toEqual(soundValues)
  })

  test('line breaks, delimiters and quotes inside quotes', async () => {
    const { regionId, rejects } = await imported({
      'partners.csv':
        'partner_id,name,kind\np01,"De ""Oude"",\nPraktijk",gp_practice\np02,Tab\there \\ é,hospital\nx,,hospital\n',
    })
    expect(rejects).toEqual(['partners.csv,5,name,,is empty'])
    const { rows } = await store.pool.query('select name, line from partner where region_id = $1 order by partner_id', [
      regionId,
    ])
    expect(rows).toEqual([
      { name: 'De "Oude",\nPraktijk', line: 2 },
      { name: 'Tab\there \\ é', line: 4 },
    ])
  })

  test('an unknown column is reported and ignored', async () => {
    const { unknownColumns, rejects } = await imported({
      'patients.csv': 'patient_id,eyes,birth_year,sex\na,blue,1950,m\nb,,1960,f\n',
    })
    expect(unknownColumns).toEqual([{ file: 'patients.csv', column: 'eyes' }])
    expect(rejects).toEqual([])
  })
})

describe('a bad row goes to rejects.csv, with its reason', () => {
  const good = 'a,hba1c,2024-01-10,58.0,mmol/mol'
  const cases: [string, string, string][] = [
    ['a day that is no day', 'a,hba1c,2023-02-29,58,', 'observed_on,2023-02-29,no such day'],
    [
      'a Dutch date',
      'a,hba1c,10-01-2024,58,',
      'observed_on,10-01-2024,not a date YYYY-MM-DD; day or month first: 2024-01-10 or 2024-10-01',
    ],
    ['a number that is none', 'a,hba1c,2024-01-11,five,', 'value,five,not a number'],
    [
      'a decimal comma in a column of points',
      'a,hba1c,2024-01-11,"58,5",',
      'value,"58,5",not a number; a decimal comma in a column of decimal points',
    ],
    ['an empty value', 'a,hba1c,2024-01-11,,', 'value,,is empty'],
    ['an unknown patient', 'z,hba1c,2024-01-11,58,', 'patient_id,z,unknown patient'],
    ['an unknown measure', 'a,hb,2024-01-11,58,', 'measure,hb,unknown measure'],
    ['a wrong unit', 'a,hba1c,2024-01-11,58,mmHg', 'unit,mmHg,"cannot be converted to mmol/mol (known: mmol/mol, %)"'],
    [
      'value 0',
      'a,hba1c,2024-01-11,0,',
      'value,0,"outside the plausible range of hba1c, 20 to 200 mmol/mol; probably 0 written for what was not measured"',
    ],
    [
      'a percentage without its unit',
      'a,hba1c,2024-01-11,7.1,',
      'value,7.1,"outside the plausible range of hba1c, 20 to 200 mmol/mol; probably a value in % delivered as mmol/mol"',
    ],
    [
      'a class and a half',
      'a,nyha,2024-01-11,2.5,',
      'value,2.5,"between two values of nyha, which goes from 1 in steps of 1; 2 or 3 would be right"',
    ],
    [
      'a score between its tenths',
      'a,ccq,2024-01-11,"1.25",',
      'value,1.25,"between two values of ccq, which goes from 0 in steps of 0.1; 1.2 or 1.3 would be right"',
    ],
    [
      'a future date',
      'a,hba1c,2026-01-02,58,',
      'observed_on,2026-01-02,in the future: later than the delivery of 2026-01-01',
    ],
    ['a duplicate', good, ',,exact duplicate of line 2'],
    ['the same written otherwise', 'a,hba1c,2024-01-10,58,', ',,exact duplicate of line 2'],
    ['a field too many', `${good},x`, ',,"6 fields, where the header has 5"'],
    ['a stray quote', 'a,hb"a1c,2024-01-11,58,', ',,a quote where none can be: double it and put the field in quotes'],
  ]
  test.each(cases)('%s', async (_, row, reason) => {
    const { regionId, rejects, counts } = await imported(observations(good, row), { delivered: '2026-01-01' })
    expect(rejects).toEqual([`observations.csv,3,${reason}`])
    expect(counts['observations.csv']).toEqual([2, 1, 0])
    expect(await values(regionId)).toEqual(['a hba1c 2024-01-10 58'])
  })

  test('every fault of a row is told, the row counted once', async () => {
    const { rejects, counts } = await imported(observations('z,hba1c,2024-13-01,0,'))
    expect(rejects.map((line) => line.split(',')[2])).toEqual(['patient_id', 'observed_on', 'value'])
    expect(counts['observations.csv']).toEqual([1, 1, 0])
  })

  test('HbA1c in % is converted, 0 is fine where it is plausible', async () => {
    const { regionId } = await imported(observations('a,hba1c,2024-01-10,7.0,%', 'a,exac,2024-01-10,0,/a'))
    const [exac, hba1c] = await values(regionId)
    expect(exac).toBe('a exac 2024-01-10 0')
    expect(Number(hba1c?.split(' ')[3])).toBeCloseTo(53.01, 10)
  })

  test('scores in steps are read as they are written, on the fast path and the slow', async () => {
    const { regionId, rejects } = await imported(
      observations('a,ccq,2024-01-10,0.3,', 'a,ccq,2024-01-11,"2.7",', 'a,act,2024-01-10,25,'),
    )
    expect(rejects).toEqual([])
    expect(await values(regionId)).toEqual(['a act 2024-01-10 25', 'a ccq 2024-01-10 0.3', 'a ccq 2024-01-11 2.7'])
  })

  test('two values on one day are both kept: they are no duplicates', async () => {
    const { regionId } = await imported(observations('a,sbp,2024-01-10,140,', 'a,sbp,2024-01-10,150,'))
    expect(await values(regionId)).toEqual(['a sbp 2024-01-10 140', 'a sbp 2024-01-10 150'])
  })

  test('semicolons: a point that parts thousands is no decimal point', async () => {
    const { rejects } = await imported({
      'observations.csv': 'patient_id;measure;observed_on;value\na;acr;2024-01-10;1.234\na;acr;2024-01-11;1,5\n',
    })
    expect(rejects).toEqual([
      'observations.csv,2,value,1.234,not a number; 1234 or 1.234: the sign may part thousands or decimals',
    ])
  })

  test('people: unknown kinds, sexes, partners, programmes, years', async () => {
    const { rejects, warnings } = await imported(
      {
        'partners.csv':
          'partner_id,name,kind,agb,member_of\np01,A,gp_practice,123,\np02,B,shop,,\np03,C,hospital,,nobody\np04,D,hospital,,p04\np05,E,hospital,,\np05,F,hospital,,\n',
        'patients.csv':
          'patient_id,birth_year,sex,insurer,died_on\na,1950,vv,70,\nb,50,m,,\nc,1960,f,,1959-12-31\nd,1960,f,,\nd,1961,f,,\n',
        'enrolments.csv':
          'patient_id,programme,partner_id,started_on,ended_on,end_reason\nd,knitting,p05,2024-01-01,,\nd,dm2,p09,2024-01-01,,\nd,dm2,p05,2024-01-01,2023-12-31,bored\n',
        'observations.csv': 'patient_id,measure,observed_on,value\nd,sbp,2024-01-01,140\n',
      },
      { delivered: '2024-06-01' },
    )
    expect(rejects).toEqual([
      'partners.csv,3,kind,shop,"not one of gp_practice, care_group, hospital, diagnostic_centre, mental_health, home_care, patient_organisation"',
      'partners.csv,7,partner_id,p05,"stands in line 6 already, told otherwise"',
      'patients.csv,2,sex,vv,"not one of m, f, x"',
      'patients.csv,3,birth_year,50,not a year of four digits; 1950 or 2050',
      'patients.csv,4,died_on,1959-12-31,"before birth_year, 1960"',
      'patients.csv,6,patient_id,d,"stands in line 5 already, told otherwise"',
      'enrolments.csv,2,programme,knitting,unknown programme',
      'enrolments.csv,3,partner_id,p09,unknown partner',
      'enrolments.csv,4,ended_on,2023-12-31,"before started_on, 2024-01-01"',
    ])
    expect(warnings).toEqual([
      'partners.csv,2,agb,123,not 8 digits; left blank',
      'partners.csv,4,member_of,nobody,unknown partner; left blank',
      'partners.csv,5,member_of,p04,a partner is no member of itself; left blank',
      'patients.csv,2,insurer,70,not 4 digits; left blank',
      'enrolments.csv,4,end_reason,bored,"not one of died, moved, specialist, declined, recovered, other; left blank"',
    ])
  })

  test('of overlapping enrolments the later-started goes, then the greater partner_id; touching ones both stay', async () => {
    const { rejects, regionId } = await imported({
      'partners.csv': 'partner_id,name,kind\np1,A,gp_practice\np2,B,gp_practice\n',
      'enrolments.csv': [
        'patient_id,programme,partner_id,started_on,ended_on',
        'a,dm2,p2,2023-06-01,2024-06-01',
        'a,dm2,p1,2023-01-01,2024-01-01',
        'a,dm2,p2,2024-01-01,',
        'b,dm2,p2,2023-01-01,',
        'b,dm2,p1,2023-01-01,',
        'b,copd,p2,2023-01-01,',
        'b,copd,p1,2022-01-01,2021-01-01',
      ].join('\n'),
    })
    expect(rejects).toEqual([
      'enrolments.csv,8,ended_on,2021-01-01,"before started_on, 2022-01-01"',
      'enrolments.csv,2,started_on,2023-06-01,overlaps the enrolment in dm2 with p1 from 2023-01-01 (line 3)',
      'enrolments.csv,5,started_on,2023-01-01,overlaps the enrolment in dm2 with p1 from 2023-01-01 (line 6)',
    ])
    const { rows } = await store.pool.query('select line from enrolment where region_id = $1 order by line', [regionId])
    expect(rows.map(({ line }) => line)).toEqual([3, 4, 6, 7])
  })
})

test('an id that no index holds is a fault of its row, however it comes', async () => {
  const long = Array.from({ length: 4000 }, (_, at) => (at * 7919).toString(36)).join('')
  const { rejects, counts } = await imported({
    'patients.csv': `patient_id,birth_year,sex\na,1950,m\nb,1960,f\n${long.slice(0, 9000)},1970,f\n`,
    'conditions.csv': `patient_id,code_system,code,onset_on\na,ICD-10,${long.slice(0, 3000)},2020-01-01\n`,
    'quality.csv': `partner_id,gate,value,period\np01,${'é'.repeat(200)},true,${'é'.repeat(201)}\n`,
  })
  expect(rejects.map((row) => row.replace(/,[^,]{150,},/, ',…,'))).toEqual([
    'patients.csv,4,patient_id,…,longer than 200 characters',
    'conditions.csv,2,code,…,longer than 200 characters',
    'quality.csv,2,period,…,longer than 200 characters',
  ])
  expect(counts).toMatchObject({ 'conditions.csv': [1, 1, 0], 'quality.csv': [1, 1, 0] })
})

describe('what cannot be imported is refused in a sentence, and nothing of it is kept', () => {
  const digest = (_: unknown, i: number) => createHash('sha256').update(`${i}`).digest('hex')
  const hexLines = Array.from({ length: 37_500 }, digest).join('\n') // zip shortens them by half
  const cases: [string, Files, string][] = [
    ['a missing file', { 'observations.csv': null }, 'has no observations.csv'],
    [
      'a missing column',
      { 'patients.csv': 'patient_id,sex\na,m\n' },
      'patients.csv, line 1: missing column birth_year; found are patient_id, sex',
    ],
    [
      'a column twice',
      { 'patients.csv': 'patient_id,sex,birth_year,sex\n' },
      'patients.csv, line 1: column sex stands there twice',
    ],
    ['an empty file', { 'patients.csv': '' }, 'patients.csv is empty'],
    [
      'a line of 10 MB',
      observations(`a,sbp,2024-01-01,${'1'.repeat(10_000_000)},`),
      'observations.csv, line 2: longer than 1 MB',
    ],
    [
      'a header of a thousand columns',
      { 'patients.csv': `${Array.from({ length: 1000 }, (_, at) => `c${at}`).join()}\n` },
      'c18, c19 and 980 more.',
    ],
    [
      'a quote never closed',
      observations('a,sbp,2024-01-01,"140,', ...Array<string>(60_000).fill('a,sbp,2024-01-02,140,mmHg')),
      'observations.csv, line 2: longer than 1 MB',
    ],
    [
      'a quote never closed, in a small file',
      observations('a,sbp,2024-01-01,140,', 'a,"sbp,2024-01-02,140,', 'a,sbp,2024-01-03,140,'),
      'observations.csv, line 3: a quote is opened here that the file never closes',
    ],
    [
      'a binary file',
      {
        'observations.csv': Buffer.concat([
          Buffer.from('patient_id,measure,observed_on,value\na,sbp,'),
          Buffer.alloc(64),
        ]),
      },
      'observations.csv, line 2: a binary file',
    ],
    [
      'UTF-16',
      { 'patients.csv': Buffer.from('\uFEFFpatient_id,birth_year,sex\n', 'utf16le') },
      'patients.csv, line 1: the file is UTF-16',
    ],
    [
      'Windows-1252',
      { 'partners.csv': Buffer.from('partner_id,name,kind\np01,Ren\xe9,hospital\n', 'latin1') },
      'partners.csv, line 2: not UTF-8',
    ],
    [
      'a truncated gzip',
      {
        'observations.csv': null,
        'observations.csv.gz': gzipSync(soundFiles['observations.csv'].repeat(99)).subarray(0, 100),
      },
      'observations.csv.gz is not a whole gzip file',
    ],
    [
      'no gzip at all',
      { 'observations.csv': null, 'observations.csv.gz': 'patient_id' },
      'observations.csv.gz is not a whole gzip file',
    ],
    [
      'a gzip that expands without end',
      {
        'observations.csv': null,
        'observations.csv.gz': gzipSync(`patient_id,measure,observed_on,value\n${'\n'.repeat(70 << 20)}`),
      },
      'observations.csv.gz expands, in part at least, to more than 200 times its size',
    ],
    [
      'a gzip that expands without end after rows that do not',
      {
        'observations.csv': null,
        'observations.csv.gz': Buffer.concat([
          gzipSync(`patient_id,measure,observed_on,value\n`),
          gzipSync(hexLines),
          gzipSync('\n'.repeat(140 << 20)),
        ]),
      },
      'observations.csv.gz expands, in part at least, to more than 200 times its size',
    ],
    ['a file twice', { 'observations.csv.gz': gzipSync('x') }, 'both observations.csv and observations.csv.gz'],
    ['an invalid programme', { 'programmes/x.yaml': 'programme: x\n' }, 'x.yaml'],
    [
      'no date at all',
      {
        'patients.csv': 'patient_id,birth_year,sex\n',
        'enrolments.csv': 'patient_id,programme,partner_id,started_on\n',
        ...observations(),
      },
      'No date in the data has others near it',
    ],
  ]
  test.each(cases)('%s', async (_, files, sentence) => {
    expect(await refused(files)).toMatchObject({ name: 'Refusal', message: expect.stringContaining(sentence) })
  })

  test('a directory that is not there', async () => {
    expect(await refused({}, { dir: '/nowhere/at/all' })).toMatchObject({
      message: expect.stringContaining('does not exist'),
    })
  })

  test('a rejected share above --max-rejects, told with the commonest fault and the way to all of them', async () => {
    const files = observations('a,sbp,2024-01-01,0,', 'a,sbp,2024-01-02,140,')
    expect(await refused(files, { maxRejects: 0.49 })).toMatchObject({
      code: 'too_many_rejects',
      message: expect.stringMatching(
        /observations.csv: 1 of 2 rows rejected.*column value: outside the plausible range.*rejects.csv/,
      ),
    })
    expect((await imported(files, { maxRejects: 0.5 })).counts['observations.csv']).toEqual([2, 1, 0])
  })
})

describe('a database that goes away in the middle of a file', () => {
  const patients = Array.from({ length: 2000 }, (_, n) => `p${n}`)
  const days = Array.from({ length: 120 }, (_, n) => dayOf(epochDayOf('2024-01-01') + n))
  const many = {
    'patients.csv': ['patient_id,birth_year,sex', ...patients.map((id) => `${id},1950,f`), ''].join('\n'),
    'enrolments.csv': 'patient_id,programme,partner_id,started_on\n',
    'observations.csv': [
      'patient_id,measure,observed_on,value,unit',
      ...patients.flatMap((id) => days.map((day, n) => `${id},sbp,${day},${120 + (n % 40)},mmHg`)),
      '',
    ].join('\n'),
  }

  test.each([1, 2, 3, 4])('after %i steps of it is told as such, never as a fault of the program', async (steps) => {
    const dir = await dataset({ ...soundFiles, ...many })
    let seen = 0
    const lost = await importDataset(
      store,
      { dir, region: `region ${regions++}`, maxRejects: 1, rejectsPath: join(dir, 'r.csv') },
      ({ file }) => {
        if (file === 'observations.csv' && ++seen === steps)
          // The import's own transaction, at whatever it is by then: a file that was just read is not yet a delivery.
          void store.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`,
          )
      },
    ).catch((error: unknown) => error)
    expect(outageOf(lost)?.code).toBe('database_unreachable')
  })
})
