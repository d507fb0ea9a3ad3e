/** The wide extract of a GP information system: a row for each patient on each peildatum, memo codes as columns. */
import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { spellsOf, type PeildatumStatus } from '../../../../data/interchange/his/stays.ts'
import { liveStore } from '../../../support/services/live.ts'
import { converted, removeSources, source, unaccounted } from '../fixture.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeSources()
})

const header =
  'Patientnummer;Peildatum;Praktijk;Geboortedatum;Geslacht;Postcode;UZOVI;Overlijdensdatum;HBAC;HBAC_datum;RRSY;RRSY_datum;DMKZ;DMHB;ICPC'
const rows = [
  'a;01-01-2024;01010101;12-03-1950;M;2312 AB;7095;;53;14-11-2023;138,5;14-11-2023;ja;huisarts;T90.02;K86',
  'a;01-04-2024;01010101;12-03-1950;M;2312 AB;7095;;53;14-11-2023;0;01-03-2024;ja;huisarts;T90.02',
  'a;01-07-2024;02020202;12-03-1950;M;2312 AB;7095;;-;;;;ja;specialist;T90.02',
  'b;01-01-2024;01010101;1961;V;;;20-05-2024;61;20231201;;;ja;;T90.02',
  'b;01-04-2024;01010101;1961;V;;;20-05-2024;61;20231201;;;ja;;T90.02',
  'c;01-01-2024;01010101;1970;?;;;;;;;;nee;;K86',
].map((row) => row.replace('T90.02;K86', '"T90.02;K86"'))
const extract = `${header}\r\n${rows.join('\r\n')}\r\n`

test('readings, people, practices and episodes; everything read has a fate', async () => {
  const result = await converted('his', await source({ 'extract.csv': extract }))
  expect(unaccounted(result)).toEqual([])
  expect(result.rows.observations).toEqual([
    'a,hba1c,2023-11-14,53,,01010101',
    'a,sbp,2023-11-14,138.5,,01010101',
    'b,hba1c,2023-12-01,61,,01010101',
  ])
  expect(result.fates.reading).toEqual({
    kept: 3,
    repeated: 2,
    'not measured': 6,
    'a value of 0, which stands for missing': 1,
  })
  expect(result.rows.patients).toEqual(['a,1950,m,2312,7095,', 'b,1961,f,,,2024-05-20', 'c,1970,x,,,'])
  expect(result.rows.partners!.map((row) => row.split(',')[0])).toEqual(['01010101', '02020202'])
  expect(result.rows.conditions).toEqual([
    'a,ICPC-1,T90.02,2024-01-01,',
    'a,ICPC-1,K86,2024-01-01,',
    'b,ICPC-1,T90.02,2024-01-01,',
    'c,ICPC-1,K86,2024-01-01,',
  ])
})

test('enrolments from one peildatum to the next: moved, died, never', async () => {
  const { rows: tables } = await converted('his', await source({ 'extract.csv': extract }))
  expect(tables.enrolments).toEqual([
    'a,dm2,01010101,2024-01-01,2024-07-01,moved,gp',
    'a,dm2,02020202,2024-07-01,,,specialist',
    'b,dm2,01010101,2024-01-01,2024-05-20,died,',
  ])
})

test('it comes in, and a sex that is not known is x', async () => {
  const dir = await source({ 'extract.csv': extract })
  const rejectsPath = `${dir}.rejects.csv`
  const order = { dir, region: 'his', rejectsPath, maxRejects: 0.5 }
  const { files } = await importConverted(store, 'his', order)
  expect(files.find(({ file }) => file === 'patients.csv')).toMatchObject({ rows: 3, accepted: 3, rejected: 0 })
})

test('a practice that only an earlier peildatum names is told by that line', async () => {
  const named = extract.replace('a;01-01-2024;01010101', 'a;01-01-2024;=1+f(1)')
  const dir = await source({ 'extract.csv': named })
  const rejectsPath = `${dir}.rejects.csv`
  await importConverted(store, 'his', { dir, region: 'his named', rejectsPath, maxRejects: 0.9 })
  const [, ...rejects] = (await readFile(rejectsPath, 'utf8')).trimEnd().split('\n')
  expect(rejects).toContainEqual(expect.stringMatching(/^extract\.csv,2,partner_id,'=1\+f\(1\),/))
  for (const reject of rejects) expect(reject).toMatch(/^extract\.csv,\d+,/)
})

test('an own extract.yaml says what the columns are; a column that is not there is named', async () => {
  const layout = 'patient: nr\npeildatum: datum\nmeasures: { suiker: { measure: hba1c, unit: "%" } }\n'
  const own = 'nr;datum;praktijk;geboortedatum;suiker\na;2024-01-01;p1;1950;7,5\n'
  const { rows: tables, notes } = await converted('his', await source({ 'x.txt': own, 'extract.yaml': layout }))
  expect(tables.observations).toEqual(['a,hba1c,2024-01-01,7.5,%,p1'])
  expect(notes).toMatchObject({ 'readings dated by the peildatum, as the extract has no day for them': 1 })
  await expect(converted('his', await source({ 'x.txt': own }))).rejects.toThrow(
    /no column "patientnummer" for patient; name the right one in extract.yaml/,
  )
  const wrong = 'measures: { suiker: { measure: glucose } }\n'
  await expect(converted('his', await source({ 'x.txt': own, 'extract.yaml': wrong }))).rejects.toThrow(
    /measures.suiker means "glucose", which is no measure/,
  )
})

describe('spells of taking part', () => {
  const days = ['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01']
  const at = (on: string, takesPart = true, practice = 'p', mainPractitioner = 'gp'): PeildatumStatus => ({
    on,
    practice,
    takesPart,
    mainPractitioner,
  })
  const spells = (seen: PeildatumStatus[], diedOn = '') =>
    spellsOf(seen, () => days, diedOn).map(({ since, until, endReason }) => [since, until, endReason])

  test.each([
    ['still in it', days.map((on) => at(on)), '', [['2024-01-01', '', '']]],
    [
      'out, and in again',
      [at(days[0]!), at(days[1]!, false), at(days[2]!), at(days[3]!)],
      '',
      [
        ['2024-01-01', '2024-04-01', 'other'],
        ['2024-07-01', '', ''],
      ],
    ],
    ['gone from the extract', [at(days[0]!)], '', [['2024-01-01', '2024-04-01', 'other']]],
    [
      'missing once',
      [at(days[0]!), at(days[2]!), at(days[3]!)],
      '',
      [
        ['2024-01-01', '2024-04-01', 'other'],
        ['2024-07-01', '', ''],
      ],
    ],
    [
      'under another',
      [at(days[0]!), at(days[1]!, true, 'p', 'specialist'), at(days[2]!), at(days[3]!)],
      '',
      [
        ['2024-01-01', '2024-04-01', 'other'],
        ['2024-04-01', '2024-07-01', 'other'],
        ['2024-07-01', '', ''],
      ],
    ],
    ['died after the last', days.map((on) => at(on)), '2024-11-05', [['2024-01-01', '2024-11-05', 'died']]],
    ['left before dying', [at(days[0]!), at(days[1]!, false)], '2024-11-05', [['2024-01-01', '2024-04-01', 'other']]],
    ['never', days.map((on) => at(on, false)), '', []],
  ])('%s', (_, seen, diedOn, expected) => {
    expect(spells(seen, diedOn)).toEqual(expected)
  })
})
