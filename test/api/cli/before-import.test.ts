/** What is wrong with a command is found before anything is imported or written for it. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { liveStore } from '../../support/services/live.ts'
import { winst } from '../../support/services/winst.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-before-'))
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

const environment = {
  DATABASE_URL: store.url,
  REDIS_URL: undefined,
  WINST_HOME: join(place, 'home'),
  WINST_TOKEN: undefined,
}
const deliveries = async () => (await store.pool.query('select from delivery')).rowCount

const valid = `contract: zz
title: ZZ
programme: dm2
period: {start: 2031-01-01, end: 2031-12-31}
reference: {start: 2021-01-01, end: 2024-12-31}
share: {gain: 0.5, loss: 0}
outcomes: [{measure: hba1c, price_eur: 12.5, horizon_days: 365, window_days: 120, baseline_days: 450}]
`

const minutes = 60_000

test('a contract that is missing, is no file, or breaks a rule', { timeout: 5 * minutes }, async () => {
  const dir = await dataset()
  await mkdir(join(place, 'folder.yaml'))
  await writeFile(join(place, 'broken.yaml'), valid.replace('dm2', 'unknown'))
  await writeFile(join(place, 'latin1.yaml'), Buffer.from(valid.replace('title: ZZ', 'title: Patiënt'), 'latin1'))
  for (const [file, sentence] of [
    ['missing.yaml', 'missing.yaml cannot be read (ENOENT); name a file that is there.'],
    ['folder.yaml', 'folder.yaml is a directory; a regular file is wanted.'],
    ['broken.yaml', 'broken.yaml: '],
    ['latin1.yaml', 'latin1.yaml, byte 24: not UTF-8; save the file as UTF-8.'],
  ] as const) {
    const args = ['run', '--data', dir, '--region', 'before', '--out', join(place, 'out')]
    const { status, stderr } = await winst([...args, '--contract', join(place, file)], environment)
    expect(stderr).toContain(`winst: ${join(place, sentence)}`)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(1)
  }
  expect(await deliveries()).toBe(0)
  expect(await readdir(place)).not.toContain('out')
})

test('a region that is called like a path', { timeout: 3 * minutes }, async () => {
  const dir = await dataset()
  const { status, stderr } = await winst(['import', '--data', dir, '--region', '../../x'], environment)
  expect(stderr).toMatch(/^winst: "\.\.\/\.\.\/x" is no name for a region: /)
  expect(status).toBe(1)
  expect(await deliveries()).toBe(0)
  expect(await readdir(place)).not.toContain('x')
})

test('and what an import writes is for this account alone', { timeout: 3 * minutes }, async () => {
  const dir = await dataset()
  const { status, stderr } = await winst(['import', '--data', dir, '--region', 'own'], environment)
  expect(status, stderr).toBe(0)
  const out = join(place, 'home', 'rejects', 'own')
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  expect(await modeOf(out)).toBe('700')
  for (const name of await readdir(out)) expect(await modeOf(join(out, name)), name).toBe('600')
  expect(await readFile(join(out, 'rejects.csv'), 'utf8')).toMatch(/^file,line,column,value,reason/)
})

test('a year that is still to come is not settled', { timeout: 3 * minutes }, async () => {
  await writeFile(join(place, 'future.yaml'), valid)
  const args = ['settle', '--contract', join(place, 'future.yaml'), '--region', 'own', '--as-of', '2032-01-01']
  const { status, stderr } = await winst(args, environment)
  expect(stderr).toMatch(
    /^winst: Contract zz is about 2031-01-01 to 2031-12-31, and the latest delivery known on 2032-01-01/,
  )
  expect(status).toBe(1)
  expect((await store.pool.query('select from settlement')).rowCount).toBe(0)
})
