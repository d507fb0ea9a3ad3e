import { array, assert, constantFrom, oneof, property, string, tuple } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { importDataset } from '../../../../data/import/import.ts'
import { passesElevenTest } from '../../../../data/files/bsn.ts'
import { ByteDictionary } from '../../../../data/columns/byte-dictionary.ts'
import { dataset, removeDatasets } from '../../../support/regions/dataset.ts'
import { liveStore } from '../../../support/services/live.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

const files = {
  'patients.csv': {
    columns: ['patient_id', 'birth_year', 'sex', 'postcode4', 'insurer', 'died_on'],
    table: 'patient_state',
    payload: 'patient_key, shard, birth_year, sex, postcode4, insurer, died_on',
  },
  'observations.csv': {
    columns: ['patient_id', 'measure', 'observed_on', 'value', 'unit', 'partner_id'],
    table: 'observation',
    payload: 'patient_key, measure_id, observed_on, value, partner_id',
  },
  'conditions.csv': {
    columns: ['patient_id', 'code_system', 'code', 'onset_on', 'resolved_on'],
    table: 'condition_episode',
    payload: 'patient_key, code_system, code, onset_on, resolved_on',
  },
  'medications.csv': {
    columns: ['patient_id', 'atc', 'started_on', 'ended_on'],
    table: 'medication',
    payload: 'patient_key, atc, started_on, ended_on',
  },
  'claims.csv': {
    columns: ['claim_id', 'patient_id', 'partner_id', 'performed_on', 'code', 'quantity', 'amount_eur', 'setting'],
    table: 'claim',
    payload: 'claim_id, patient_key, partner_id, performed_on, code, quantity, amount_cents, setting',
  },
} as const
type File = keyof typeof files

const day = oneof(
  { weight: 6, arbitrary: constantFrom('2024-01-10', '2024-02-29', '1999-12-31', '2025-01-01', '2023-12-31') },
  constantFrom(
    '2023-02-29',
    '2030-01-01',
    '1799-12-31',
    '0000-00-00',
    '2024-1-10',
    '2024-13-01',
    '10-01-2024',
    '',
    '2024-01-1é',
  ),
)
const number = oneof(
  { weight: 6, arbitrary: constantFrom('58', '7.1', '140', '1.25', '120.0', '0', '99.99', '12.50', '-3.50', '1.00') },
  constantFrom(
    '-0.00',
    '1e2',
    '5.',
    '.5',
    '+7',
    '0058',
    '1234567890123456',
    '0.1234567890123456',
    '58,5',
    'x',
    '',
    '-',
    '١',
    '1.005',
  ),
)
const text = oneof(
  { weight: 6, arbitrary: constantFrom('T90.02', 'a\\b', 'é', 'x', 'long '.repeat(20)) },
  constantFrom('', '\t', 'y'.repeat(10_001)),
)
const cell: Record<string, Arbitrary<string>> = {
  patient_id: constantFrom('a', 'a', 'b', 'b', 'z', ''),
  measure: constantFrom('hba1c', 'sbp', 'ldl', 'hba1c', 'nothing', ''),
  unit: constantFrom('', '', 'mmol/mol', '%', 'mmHg', 'mmol/L', 'é'),
  partner_id: constantFrom('p01', 'p01', '', 'p99'),
  code_system: constantFrom('ICPC-1', 'ICPC-1', 'ICD-10', 'icpc-1'),
  claim_id: string({ unit: constantFrom('c', '1', '2', 'é'), maxLength: 3 }),
}
const ids = string({ unit: constantFrom('a', '1', '2', '3', '4', 'é', ' ', '='), minLength: 1, maxLength: 9 })
const cellsOfPatients: Record<string, Arbitrary<string>> = {
  patient_id: oneof({ weight: 8, arbitrary: ids }, constantFrom('NULL', 'na', 'nb', '', "'=a(1)")),
  birth_year: oneof(
    { weight: 6, arbitrary: constantFrom('1950', '1999', '2024', '1938') },
    constantFrom('1849', '50', '1950.0', '1960-03-01', '2027', '', 'x', ' 1950'),
  ),
  sex: constantFrom('m', 'f', 'm', 'f', 'x', 'M', 'vrouw', '2', '', 'z'),
  postcode4: constantFrom('1012', '9999', '1012AB', '', '101', 'n.v.t.'),
  insurer: constantFrom('7095', '3311', '0101', '101', '', 'x'),
}
const row = (file: File): Arbitrary<string[]> =>
  tuple(
    ...files[file].columns.map(
      (column) =>
        (file === 'patients.csv' ? cellsOfPatients[column] : cell[column]) ??
        (column.endsWith('_on') ? day : /value|quantity|amount/.test(column) ? number : text),
    ),
  )

const imported = async (name: File, rows: readonly (readonly string[])[], careful: boolean) => {
  const { columns, table, payload } = files[name]
  // A quoted header makes every row of its block go the careful way.
  const header = careful ? columns.map((column) => `"${column}"`) : columns
  const dir = await dataset({ [name]: [header, ...rows].map((each) => `${each.join(',')}\n`).join('') })
  const rejectsPath = join(dir, 'rejects.csv')
  const region = `${name} ${careful}`
  const { regionId, files: counts } = await importDataset(store, {
    dir,
    region: `${region} ${basename(dir)}`,
    delivered: '2026-01-01',
    maxRejects: 1,
    rejectsPath,
  })
  const facts = await store.pool.query(
    `select line, ${payload.replace('patient_key', 'patient_id')} from ${table} join patient using (patient_key) where ${table}.region_id = $1 order by line`,
    [regionId],
  )
  return { facts: facts.rows, rejects: await readFile(rejectsPath, 'utf8'), counts }
}

test.each(Object.keys(files) as File[])('%s: both lanes keep the same facts and tell the same faults', async (name) => {
  // Many rows in few imports: what is drawn is told apart by line.
  const drawn: (readonly string[])[] = []
  assert(
    property(array(row(name), { minLength: 20, maxLength: 20 }), (rows) => {
      drawn.push(...rows)
    }),
    { numRuns: 100, seed: 20260101 },
  )
  drawn.push(['a'], ['', ''], Array(9).fill('x'))
  const [quick, careful] = [await imported(name, drawn, false), await imported(name, drawn, true)]
  expect(quick.facts.length).toBeGreaterThan(50)
  expect(quick).toEqual(careful)
})

test('ids that look like citizen numbers are counted once a row, whichever way it goes', async () => {
  const numbers = Array.from({ length: 4000 }, (_, i) => String(100_000_000 + i))
  const likely = [...numbers.filter(passesElevenTest).slice(0, 300), ...numbers.slice(0, 100)]
  const rows = likely.map((id, i) => [id, i % 5 === 0 ? '1849' : '1950', 'f', '', '', i % 3 === 0 ? '1940-01-01' : ''])
  const told = async (careful: boolean) => await imported('patients.csv', rows, careful).catch(String)
  expect(await told(false)).toMatch(/\d+ of 400 nine-digit ids pass/)
  expect(await told(false)).toBe(await told(true))
})

test('words are found again by their bytes, however many and however alike', () => {
  const words = new ByteDictionary()
  const ids = Array.from({ length: 50_000 }, (_, i) => Buffer.from(i % 3 === 0 ? `s${i}` : `${i}s`))
  for (const [i, id] of ids.entries()) {
    expect(words.get(id, 0, id.length)).toBe(-1)
    words.set(id, 0, id.length, i)
  }
  expect(ids.findIndex((id, i) => words.get(id, 0, id.length) !== i)).toBe(-1)
  const inside = Buffer.from('xs3x')
  expect(words.get(inside, 1, 3)).toBe(3)
})
