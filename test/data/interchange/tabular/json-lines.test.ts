/** JSON Lines as others write them: keys that come late, words for nothing, lines that are no objects. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { liveStore } from '../../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-json-lines-'))
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

const lines = (...rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

const sound: Readonly<Record<string, string | Buffer>> = {
  'partners.jsonl': lines({ partner_id: 'p01', name: '=HYPERLINK("http://x","De Eik")', kind: 'gp_practice' }),
  'patients.ndjson': lines(
    { patient_id: 'a', birth_year: 1950, sex: 'm', insurer: null },
    { patient_id: 'b', sex: 'f', birth_year: '1960', insurer: '7095' },
  ),
  'enrolments.jsonl.gz': gzipSync(
    lines(
      ...['a', 'b'].map((patient_id) => ({
        patient_id,
        programme: 'dm2',
        partner_id: 'p01',
        started_on: '2023-01-01',
      })),
    ),
  ),
  'observations.jsonl': `\uFEFF${lines(
    { patient_id: 'a', measure: 'hba1c', observed_on: '2024-01-10', value: 58.25 },
    { unit: 'mmol/mol', patient_id: 'b', measure: 'hba1c', observed_on: '2024-01-10', value: 61, opmerking: 'x' },
  )}\r\n`,
  'claims.jsonl':
    '{"claim_id":"c1","patient_id":"a","partner_id":"p01","performed_on":"2024-02-01","code":"12001","quantity":1,"amount_eur":99999999999.10}\n',
  'quality.jsonl': '',
}

let count = 0
async function imported(changes: Readonly<Record<string, string | Buffer | null>>, maxRejects = 0) {
  const dir = await mkdtemp(join(place, 'in-'))
  for (const [name, text] of Object.entries({ ...sound, ...changes }))
    if (text !== null) await writeFile(join(dir, name), text)
  const rejectsPath = join(dir, 'out', 'rejects.csv')
  const region = `json-lines-${++count}`
  const result = await importConverted(store, 'jsonl', { dir, region, rejectsPath, maxRejects })
  return { ...result, rejects: await readFile(rejectsPath, 'utf8') }
}

test('a file a table, an object a row, a key a column, in any order and any line', async () => {
  const { files, unknownColumns, conversion } = await imported({})
  expect(files.map(({ file, rows, accepted }) => [file, rows, accepted])).toEqual([
    ['partners.csv', 1, 1],
    ['patients.csv', 2, 2],
    ['enrolments.csv', 2, 2],
    ['observations.csv', 2, 2],
    ['claims.csv', 1, 1],
    ['quality.csv', 0, 0],
  ])
  expect(unknownColumns).toEqual([{ file: 'observations.csv', column: 'opmerking' }])
  expect(conversion.read.find(({ of }) => of === 'observations')).toEqual({
    of: 'observations',
    read: 2,
    fates: { kept: 2 },
  })
  const { rows } = await store.pool.query<{ name: string; cents: string }>(
    `select name, amount_cents::text as cents from partner, claim where claim_id = 'c1'`,
  )
  expect(rows).toEqual([{ name: '=HYPERLINK("http://x","De Eik")', cents: '9999999999910' }])
})

test('what is no object, and a list where a value should be, are rejected by file and line', async () => {
  const { rejects, files } = await imported(
    {
      'observations.jsonl': `${sound['observations.jsonl']!.toString()}[1,2]\n{"patient_id":"a",\n${lines({
        patient_id: 'a',
        measure: 'hba1c',
        observed_on: '2024-03-01',
        value: [58],
      })}`,
    },
    1,
  )
  expect(files.find(({ file }) => file === 'observations.csv')).toMatchObject({ rows: 5, accepted: 2, rejected: 3 })
  expect(rejects).toMatch(/^observations\.jsonl,4,/m)
  expect(rejects).toMatch(/^observations\.jsonl,5,/m)
  expect(rejects).toMatch(/^observations\.jsonl,6,value,\[…\],/m)
})

test.each([
  ['a required table', { 'patients.ndjson': null }, 'missing_file'],
  ['a required key', { 'patients.ndjson': lines({ patient_id: 'a', sex: 'f' }) }, 'missing_column'],
  ['an end', { 'patients.ndjson': `{"patient_id":"${'a'.repeat(2 << 20)}` }, 'unreadable_file'],
  ['UTF-8', { 'patients.ndjson': Buffer.from([...Buffer.from(lines({ patient_id: 'a' })), 0xe9]) }, 'unreadable_file'],
  [
    'a limit on keys',
    { 'patients.ndjson': lines(Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`k${at}`, at]))) },
    'unreadable_file',
  ],
  [
    'one file a table',
    { 'patients.jsonl': lines({ patient_id: 'c', birth_year: 1950, sex: 'x', extra: 1 }) },
    'two_files',
  ],
  [
    'a limit on what expands',
    { 'claims.jsonl': null, 'claims.jsonl.gz': gzipSync(lines({ claim_id: 'a'.repeat(900_000) }).repeat(200)) },
    'unreadable_file',
  ],
])('refused without %s', async (_, changes, code) => {
  await expect(imported(changes)).rejects.toMatchObject({ code })
})
