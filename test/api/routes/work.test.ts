/** The work list: to each its own patients, by the day on which the window closes; no amount, and every look is logged. */
import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SIZES } from '../../support/regions/settled-region.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { winst } from '../../support/services/winst.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  const header = 'file,line,column,value,reason,partner_id,practice_id,advice\n'
  const rejects = `${header}observations.csv,2,value,x,no number,p01,p01,\nobservations.csv,3,value,x,no number,p02,p02,\n`
  await asked.store.pool.query(
    'insert into delivery_rejects (delivery_id, csv_gzip, warnings_gzip) select delivery_id, $1, $2 from delivery',
    [gzipSync(rejects), gzipSync(`${header}patients.csv,9,sex,q,left blank,p01,p01,\n`)],
  )
})
afterAll(() => asked.close())

interface Item {
  readonly partner_id: string
  readonly practice_id: string
  readonly patient_id: string
  readonly measure: string
  readonly window_from: string
  readonly window_to: string
  readonly last_value_on: string | null
}
interface List {
  readonly as_of: string
  readonly items: Item[]
  readonly next: string | null
  readonly faults: { readonly practice_id: string; readonly rejected: number; readonly kept: number }[]
}

const list = async (asker: Parameters<RunningApp['ask']>[0], query = ''): Promise<List> => {
  const answer = await asked.ask(asker, `/v1/work?limit=200${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<List>()
}

test('an analyst sees all of the contract year whose window has not closed, controls not', async () => {
  const { as_of, items, next, faults } = await list('analyst ann')
  expect(as_of).toBe('2026-01-01')
  expect(next).toBeNull()
  expect(items).toHaveLength(SIZES.p01 + SIZES.p02 + SIZES.p03)
  expect(new Set(items.map((item) => item.partner_id))).toEqual(new Set(['p01', 'p02', 'p03']))
  expect(items[0]).toEqual({
    contract: 'noord',
    partner_id: 'p01',
    practice_id: 'p01',
    patient_id: 'p01-000',
    measure: 'hba1c',
    window_from: '2025-09-03',
    window_to: '2026-05-01',
    last_value_on: '2024-11-01',
  })
  expect(faults).toEqual([
    { practice_id: 'p01', rejected: 1, kept: 1 },
    { practice_id: 'p02', rejected: 1, kept: 0 },
  ])
})

test('nothing in it says what is expected, or what it would pay', async () => {
  const text = JSON.stringify(await list('analyst ann'))
  expect(text).not.toMatch(/cents|eur|expect|gain|mean|value"|"q\d\d/i)
})

test('a partner sees its own patients and faults, and every one of them is in the log', async () => {
  const { items, faults } = await list('partner p03')
  expect(items.map((item) => item.patient_id.slice(0, 3))).toEqual(Array(SIZES.p03).fill('p03'))
  expect(faults).toEqual([])
  expect((await list('partner p77')).items).toEqual([])
  const { rows } = await asked.store.pool.query<{ patients: string[]; purpose: string }>(
    `select patients, purpose from audit_event where access_point = 'GET /v1/work' and who = 'p03'`,
  )
  expect(rows[0]!.purpose).toBe('care')
  expect(new Set(rows[0]!.patients)).toEqual(new Set(items.map((item) => item.patient_id)))
})

test('insurers, researchers and administrators see nobody', async () => {
  for (const asker of ['insurer 7095', 'researcher rob'] as const)
    expect((await asked.ask(asker, '/v1/work')).statusCode).toBe(403)
  const token = await tokenFor(asked.store, 'administrator', 'ada', 'noord')
  const answer = await asked.app.inject({ url: '/v1/work', headers: { authorization: `Bearer ${token}` } })
  expect(answer.statusCode).toBe(403)
})

test('it is read page by page', async () => {
  const first = (await asked.ask('partner p03', '/v1/work?limit=7')).json<List>()
  const rest = (await asked.ask('partner p03', `/v1/work?limit=7&cursor=${first.next}`)).json<List>()
  const all = (await list('partner p03')).items
  expect([...first.items, ...rest.items]).toEqual(all)
  expect(rest.next).toBeNull()
})

test('at the command line it is a file, of whoever holds the token', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'winst-work-'))
  const out = join(dir, 'work.csv')
  const environment = { DATABASE_URL: asked.store.url, REDIS_URL: undefined, WINST_TOKEN: asked.tokenOf('partner p03') }
  const { status, stdout, stderr } = await winst(['work', '--out', out, '--json'], environment)
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ as_of: '2026-01-01', measurements: SIZES.p03 })
  const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n')
  expect(header).toBe('partner_id,practice_id,patient_id,measure,window_from,window_to,last_value_on,contract')
  expect(lines).toHaveLength(SIZES.p03)
  expect(lines[0]).toBe('p03,p03,p03-000,hba1c,2025-09-03,2026-05-01,2024-11-01,noord')
  await rm(dir, { recursive: true })
}, 60_000)

test('as of a later day whoever was measured or whose window closed is gone, and who came is there', async () => {
  await deliver(asked.store, 'noord', '2026-02-01', {
    observations: [['p03-000', 'hba1c', '2026-01-15', 50]],
    patients: [['p03-new', 1950, 'f', '3311']],
    enrolments: [['p03-new', 'dm2', 'p03', '2025-03-01']],
  })
  const names = async (query = '') => (await list('partner p03', query)).items.map((item) => item.patient_id)
  expect(await names()).not.toContain('p03-000')
  expect(await names()).toHaveLength(SIZES.p03 - 1)
  expect(await names('&as_of=2026-01-31')).toContain('p03-000')
  expect(await names('&as_of=2026-05-02')).toEqual([])
  expect((await asked.ask('partner p03', '/v1/work?contract=nowhere')).statusCode).toBe(404)
})
