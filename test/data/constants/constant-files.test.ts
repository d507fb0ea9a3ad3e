import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadConstants } from '../../../data/constants/constant-files.ts'
import { constantOn, releaseHeldBy } from '../../../engine/constants/constant.ts'

const folder = await mkdtemp(join(tmpdir(), 'constants-'))
afterAll(() => rm(folder, { recursive: true }))

async function dataset(name: string, files: Record<string, string>): Promise<string> {
  await mkdir(join(folder, name, 'constants'), { recursive: true })
  for (const [file, yaml] of Object.entries(files)) await writeFile(join(folder, name, 'constants', file), yaml)
  return join(folder, name)
}

const code = (file: string) =>
  `- {key: ${file}, value: '40001', unit: code, valid_from: 2026-01-01, source: contract 2026, certainty: S}\n`

test('the built-in constants each have a source, and payment codes are nowhere known', async () => {
  const constants = await loadConstants()
  expect(constantOn(constants, 'payout.days_after_receipt', '2025-04-20')).toMatchObject({ value: 30, certainty: 'S' })
  expect(releaseHeldBy([constantOn(constants, 'prestatiecode.segment2.dm2', '2025-01-01')])).toHaveLength(1)
})

test("a dataset's own constants hold before the built-in ones", async () => {
  const own = await loadConstants(await dataset('own', { 'codes.yaml': code('prestatiecode.segment2.dm2') }))
  expect(releaseHeldBy([constantOn(own, 'prestatiecode.segment2.dm2', '2026-01-01')])).toEqual([])
})

test('a faulty file is refused by its name, and so is a key in two files', async () => {
  await expect(loadConstants(await dataset('faulty', { 'codes.yaml': '- {key: x}\n' }))).rejects.toThrow(
    /constants\/codes\.yaml: this list of constants is refused .*\[0\]\.value is nothing; this key is required/,
  )
  await expect(loadConstants(await dataset('twice', { 'a.yaml': code('x'), 'b.yaml': code('x') }))).rejects.toThrow(
    /constants\/b\.yaml: constant x is given in a\.yaml too; keep all its values in one file/,
  )
})
