/** No patient in a log or a job: a log keeps a request's route, a job keeps ids of runs, contracts and settlements. */
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, runningApp, type RunningApp } from '../support/services/running-app.ts'
import { releasedByHand } from '../support/settlements/released.ts'

const log = new PassThrough()
let written = ''
log.on('data', (chunk) => (written += String(chunk)))

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp(log)
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

const patient = /p0\d-\d{3}/

test('no patient is in the line of a request, whether it was found, refused or unknown', async () => {
  const receipt = await asked.ask('partner p01', asked.settlementUrl('/partners/p01/receipt?patient=p01-001'))
  expect(receipt.statusCode).toBe(200)
  await asked.ask('partner p03', asked.settlementUrl('/partners/p01/receipt?patient=p01-001'))
  await asked.ask('partner p01', asked.settlementUrl('/partners/p01-001/receipt'))
  await asked.ask('partner p01', '/nowhere/p01-001')
  await asked.ask('partner p01', '/patients/p01-001', json('{"patient_id":"p01-001"'))
  const lines = written.trim().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(5)
  expect(lines.filter((line) => patient.test(line))).toEqual([])
  expect(written).toContain('/v1/settlements/:settlement/partners/:partner/receipt')
})

test('no patient is in a job, though the dispute that it previews is about one', async () => {
  const contention = { kind: 'not_our_patient', partner_id: 'p01', patient_id: 'p01-001' }
  const answer = await asked.ask(
    'partner p01',
    asked.settlementUrl('/dispute-previews'),
    json(JSON.stringify(contention)),
  )
  expect(answer.statusCode).toBe(202)
  const { rows } = await asked.store.pool.query<{ table: string }>(
    `select table_name as table from information_schema.tables where table_schema = 'bullmq' and table_type = 'BASE TABLE'`,
  )
  expect(rows.length).toBeGreaterThan(0)
  let seen = ''
  for (const { table } of rows)
    seen += JSON.stringify((await asked.store.pool.query(`select t::text from bullmq."${table}" t`)).rows)
  expect(seen).toContain('preview')
  expect(seen).toContain('noord')
  expect(seen).not.toMatch(patient)
})
