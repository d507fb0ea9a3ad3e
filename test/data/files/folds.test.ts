import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readFolds } from '../../../data/files/folds.ts'

const place = await mkdtemp(join(tmpdir(), 'winst-folds-'))
afterAll(() => rm(place, { recursive: true, force: true }))

async function foldsOf(text: string): Promise<[string, number][]> {
  const path = join(place, 'folds.csv')
  await writeFile(path, text)
  return [...(await readFolds(path))]
}

test('folds by patient, as spreadsheets write them', async () => {
  const wanted = [
    ['a', 0],
    ['b, c', 4],
  ]
  expect(await foldsOf('patient_id,fold\na,0\n"b, c",4\n')).toEqual(wanted)
  expect(await foldsOf('\uFEFFFold;Patient_id\r\n0;a\r\n\r\n4;b, c\r\n')).toEqual(wanted)
})

test.each([
  ['patient_id,fold\na,0\nb,-1\n', 3],
  ['patient_id,fold\na,half\n', 2],
  ['patient_id,fold\n\na,\n', 3],
  ['patient_id,fold\n,1\n', 2],
  ['patient_id,fold\na,3\nb\n', 3],
  ['patient,part\na,1\n', 2],
])('a row without either is refused by its line: %j', async (text, line) => {
  await expect(foldsOf(text)).rejects.toMatchObject({ code: 'invalid_folds', facts: { line } })
})
