/** Frames of a settlement at the command line and in a notebook: what each role may see, and no more. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notebookOf } from '../../../api/cli/notebook.ts'
import { printedFrame } from '../../../api/cli/printed-frame.ts'
import { rowsOf } from '../../../data/frames/frame.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { toldPartner } from '../../../engine/disclosure/told-missing.ts'
import { newToken, type Reader } from '../../../data/access/keys.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { SIZES, settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'
import { liveStore } from '../../support/services/live.ts'
import { winst } from '../../support/services/winst.ts'

const minute = 60_000
let [store, settled, place]: [Store, SettledRegion, string] = [null!, null!, '']

beforeAll(async () => {
  store = await liveStore()
  settled = await settledRegion(store, 'framed')
  place = await mkdtemp(join(tmpdir(), 'winst-frame-'))
})
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

const as = (role: Reader['role'], subject: string) => notebookOf(store, { role, subject })
const framed = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  winst(['frame', '--settlement', settled.settlement.settlement_id, ...args], {
    DATABASE_URL: store.url,
    REDIS_URL: undefined,
    WINST_TOKEN: undefined,
    ...environment,
  })

describe('a notebook', () => {
  const rowsFor = async (role: Reader['role'], subject: string, table: 'partners' | 'partner_outcomes' | 'outcomes') =>
    rowsOf(await as(role, subject).frame(settled.settlement.settlement_id, table))

  test('shows an analyst partners and outcomes as the document has them, but for who was not measured', async () => {
    const partners = await rowsFor('analyst', 'ann', 'partners')
    const { settlement } = settled
    const shown = settlement.partners.filter(({ partner_id }) => partners.some((row) => row.partner_id === partner_id))
    expect(shown.length).toBeGreaterThan(1)
    expect(partners.map(({ partner_id, payment_cents, interval90_low_cents }) => [partner_id, payment_cents, interval90_low_cents])).toEqual(
      shown.map(({ partner_id, payment_cents, interval90_cents }) => [partner_id, payment_cents, interval90_cents[0]]),
    ) // prettier-ignore
    const outcomes = await rowsFor('analyst', 'ann', 'partner_outcomes')
    expect(outcomes).toEqual(
      shown
        .map(toldPartner)
        .flatMap(({ partner_id, outcomes: own }) => own.map((outcome) => ({ partner_id, ...outcome }))),
    )
    expect(await rowsFor('analyst', 'ann', 'outcomes')).toEqual(settlement.outcomes)
  })

  test('shows a partner itself, an insurer its cents, a researcher no partner', async () => {
    expect((await rowsFor('partner', 'p01', 'partners')).map(({ partner_id }) => partner_id)).toEqual(['p01'])
    expect(await rowsFor('insurer', '7095', 'partners')).toEqual([
      { partner_id: 'p01', cents: settled.settlement.partners[0]!.insurers.find(({ insurer }) => insurer === '7095')!.cents },
    ]) // prettier-ignore
    expect(await rowsFor('researcher', 'eva', 'partners')).toEqual([])
    expect(await rowsFor('researcher', 'eva', 'outcomes')).toHaveLength(settled.settlement.outcomes.length)
    await expect(rowsFor('partner', 'p99', 'partners')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('keeps rows of persons to analysts', async () => {
    const { settlement_id } = settled.settlement
    const assessed = await as('analyst', 'ann').assessments(settlement_id, { measure: 'hba1c' })
    expect(assessed.shape[0]).toBe(Object.values(SIZES).reduce((sum, size) => sum + size, 0))
    for (const role of ['partner', 'insurer', 'researcher'] as const) {
      const subject = { partner: 'p01', insurer: '7095', researcher: 'eva' }[role]
      const asked = as(role, subject).assessments(settlement_id, { measure: 'hba1c' })
      await expect(asked, role).rejects.toMatchObject({ code: 'not_allowed' })
    }
  })

  test('describes a frame, and prints it in pieces that fit', async () => {
    const analyst = as('analyst', 'ann')
    const frame = await analyst.frame(settled.settlement.settlement_id, 'partners')
    const payments = rowsOf(await analyst.describe(frame)).find(({ column }) => column === 'payment_cents')!
    const cents = rowsOf(frame).map(({ payment_cents }) => payment_cents as number)
    expect([payments.count, payments.min, payments.max]).toEqual([cents.length, Math.min(...cents), Math.max(...cents)])
    const lines = printedFrame(frame, 100).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    for (const column of frame.columns)
      expect(
        lines.some((line) => line.includes(column)),
        column,
      ).toBe(true)
    expect(lines.filter((line) => line.includes('partner_id')).length).toBeGreaterThan(1)
  })
})

test('the script in docs/notebooks.md runs as it stands there', { timeout: minute }, async () => {
  const root = resolve(import.meta.dirname, '../../..')
  const [, script] = /```ts\n([^`]+)```/.exec(await readFile(join(root, 'docs/notebooks.md'), 'utf8'))!
  const file = join(place, 'means.mts')
  await writeFile(file, script!.replaceAll("from './api/", `from '${root}/api/`))
  const env = { ...process.env, DATABASE_URL: store.url, WINST_TOKEN: '' }
  const args = ['--import', 'tsx', file, settled.settlement.settlement_id]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  for (const part of ['hba1c', 'net_gain_mean', 'measured_probability', 'median']) expect(stdout).toContain(part)
})

describe('winst frame', () => {
  test('prints all tables for whoever runs it, and their rows as one document', { timeout: minute }, async () => {
    const [people, json] = await Promise.all([framed([]), framed(['--json', '--table', 'outcomes'])])
    expect(people.status, people.stderr).toBe(0)
    for (const part of ['partners, described', 'partner_outcomes, described', 'outcomes, described', 'p01', 'median'])
      expect(people.stdout).toContain(part)
    const document = JSON.parse(json.stdout) as { tables: Record<string, { rows: unknown[]; description: unknown[] }> }
    expect(document.tables.outcomes!.rows).toEqual(settled.settlement.outcomes)
    expect(document.tables.outcomes!.description.length).toBeGreaterThan(0)
  })

  test('writes what the holder of the token may see', { timeout: minute }, async () => {
    const token = await tokenFor(store, 'partner', 'p01')
    const out = join(place, 'own.csv')
    const said = await framed(['--out', out], { WINST_TOKEN: token })
    expect(said.status, said.stderr).toBe(0)
    const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\n')
    expect(header).toMatch(/^partner_id,patients,/)
    expect(lines.map((line) => line.split(',')[0])).toEqual(['p01'])
    const unknown = await framed([], { WINST_TOKEN: newToken() })
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('WINST_TOKEN')])
  })

  test('says how a frame is written, and how danfojs is installed', { timeout: minute }, async () => {
    const sheet = await framed(['--out', join(place, 'frame.xlsx')])
    expect([sheet.status, sheet.stderr]).toEqual([2, expect.stringContaining('.csv or .parquet')])
    const hidden = new URL('../../support/services/without-danfojs.mjs', import.meta.url).href
    const without = await framed(['--json'], { NODE_OPTIONS: `--import ${hidden}` })
    expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('npm install')])
    expect(JSON.parse(without.stdout)).toMatchObject({ error: { code: 'not_installed' } })
  })
})
