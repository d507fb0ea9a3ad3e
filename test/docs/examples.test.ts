/** The examples of docs/examples, run against the running app where their language is installed. */
import { execFile, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'
import { dataset, removeDatasets } from '../support/regions/dataset.ts'
import { importDataset } from '../../data/import/import.ts'

let [asked, baseUrl]: [RunningApp, string] = [null!, '']
beforeAll(async () => {
  asked = await runningApp()
  const rejectsPath = join(asked.uploads, 'rejects.csv')
  await importDataset(asked.store, { dir: await dataset(), region: 'noord', delivered: '2026-02-01', rejectsPath })
  baseUrl = await asked.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await asked.close()
  await removeDatasets()
})

const there = (program: string, ...probe: string[]): boolean => spawnSync(program, probe).status === 0

const run = async (program: string, file: string, token = asked.tokenOf('analyst ann')) =>
  await promisify(execFile)(program, [resolve(import.meta.dirname, '../../docs/examples', file)], {
    env: { ...process.env, WINST_URL: baseUrl, WINST_TOKEN: token },
  })

test.each([
  ['python3', 'api.py', there('python3', '--version')],
  ['Rscript', 'api.R', there('Rscript', '-e', 'library(jsonlite)')],
] as const)('%s %s', async (program, file, installed) => {
  if (!installed) {
    process.stderr.write(
      `${file} was not run: ${program}${program === 'Rscript' ? ' with jsonlite' : ''} is not installed here\n`,
    )
    return
  }
  const { stdout } = await run(program, file)
  const id = asked.noord.settlement.settlement_id.slice(0, 8)
  expect(stdout).toMatch(new RegExp(`^settlement ${id} noord 2026-01-01 prepared`, 'm'))
  expect(stdout).toMatch(/^outcome hba1c mean gain -?[\d.]+/m)
  expect(stdout).toMatch(/^programmes [1-9]/m)
  expect(stdout).toMatch(/^rejects [1-9]\d* lines/m)
})

test('a token that is not known is refused with its sentence', async () => {
  if (!there('python3', '--version')) return
  await expect(run('python3', 'api.py', 'wrong')).rejects.toMatchObject({
    stderr: expect.stringContaining('not_authenticated') as string,
  })
})
