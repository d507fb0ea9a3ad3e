import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, boolean, constantFrom, property, string } from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readCsv } from '../../../data/files/csv.ts'
import { plainRecords, quotedRecords } from '../../../data/files/csv-records.ts'

const dir = await mkdtemp(join(tmpdir(), 'winst-csv-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

const field = string({ unit: constantFrom('a', 'é', ' ', ',', ';', '"', '\n', '\r\n', '1') })
const table = array(array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 })
const ending = constantFrom('\n', '\r\n')

const written = (text: string, always: boolean) =>
  always || /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

test('what RFC 4180 writes is read back, with the line each record begins in', () => {
  assert(
    property(table, ending, boolean(), (rows, end, always) => {
      const text = rows.map((row) => row.map((each) => written(each, always)).join(',') + end).join('')
      const records: string[][] = []
      const lines: number[] = []
      const { rest } = quotedRecords(text, 1, ',', (fields, count, line, malformed) => {
        expect(malformed).toBe(false)
        records.push(fields.slice(0, count))
        lines.push(line)
      })
      expect(rest).toBe(text.length)
      expect(records).toEqual(rows)
      const breaks = (row: string[]) => row.join('').split('\n').length
      expect(lines).toEqual(rows.map((_, i) => 1 + rows.slice(0, i).reduce((sum, row) => sum + breaks(row), 0)))
    }),
  )
})

test('without quotes both splitters agree', () => {
  const plain = array(array(constantFrom('', 'a', 'é1', ' '), { minLength: 1, maxLength: 4 }), {
    maxLength: 8,
  })
  assert(
    property(plain, ending, boolean(), (rows, end, open) => {
      const whole = rows.map((row) => row.join(';') + end).join('')
      const text = open ? whole.slice(0, -end.length) : whole
      const by = (split: typeof plainRecords | typeof quotedRecords) => {
        const records: unknown[] = []
        const take = (fields: readonly string[], count: number, line: number) =>
          void records.push([line, ...fields.slice(0, count)])
        if (split === plainRecords) plainRecords(text, 1, ';', [], take)
        else quotedRecords(text, 1, ';', take)
        return records
      }
      expect(by(plainRecords)).toEqual(by(quotedRecords))
    }),
  )
})

test('blocks end anywhere, also inside quotes and characters: no row is lost, none is doubled', async () => {
  const path = join(dir, 'long.csv')
  const rows = Array.from({ length: 60_000 }, (_, i) => [
    String(i),
    i % 7 === 0 ? `é "${i}",\n${'x'.repeat(i % 90)}` : 'é'.repeat(i % 60),
  ])
  await writeFile(path, `n,text\n${rows.map((row) => row.map((each) => written(each, false)).join(',')).join('\n')}`)
  const read: string[][] = []
  await readCsv(path, 'long.csv', { table: 'long.csv', columns: ['n', 'text'] }, () => ({
    record: (fields, count) => void read.push(fields.slice(0, count)),
    flush: async () => undefined,
  }))
  expect(read.length).toBe(rows.length)
  expect(read.findIndex((row, i) => row[0] !== rows[i]?.[0] || row[1] !== rows[i]?.[1])).toBe(-1)
})

test('a row without delimiters costs no more than its length', () => {
  const text = 'x\n'.repeat(500_000)
  let rows = 0
  expect(plainRecords(text, 1, ',', [], () => void rows++)).toBe(500_000)
  expect(rows).toBe(500_000)
})
