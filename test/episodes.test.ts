/** Episodes through the whole path, by the command line: hip operations in, a statement in episodes out, and back to the rows. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { dayOf, epochDayOf, type Day } from '../engine/kernel/calendar.ts'
import type { Settlement } from '../engine/settlement/statement.ts'
import type { Store } from '../data/postgres/database.ts'
import { dataset, removeDatasets } from './support/regions/dataset.ts'
import { HIP_EFFECTS, hipOperations } from './support/regions/hip-operations.ts'
import { liveStore } from './support/services/live.ts'
import { winst } from './support/services/winst.ts'

const minutes = 60_000
const EARLY = '2026-01-15'
const yearly = 30

let place: string
let store: Store
let here: Record<string, string | undefined>
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'winst-episodes-'))
  store = await liveStore()
  here = { DATABASE_URL: store.url, REDIS_URL: undefined, WINST_HOME: place }
}, minutes)
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

const addDays = (day: Day, days: number): Day => dayOf(epochDayOf(day) + days)
const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[]
const fileIn = (out: string, name: string) => readFile(join(place, out, name), 'utf8')
const settlementIn = async (out: string) => JSON.parse(await fileIn(out, 'settlement.json')) as Settlement
const paymentsIn = async (out: string) => (await settlementIn(out)).partners.map(({ payment_cents }) => payment_cents)

/** Runs a dataset to a settlement in `out`. */
async function run(region: string, out: string, operations: Parameters<typeof hipOperations>[0]) {
  const dir = await dataset(hipOperations(operations))
  const args = ['--data', dir, '--region', region, '--delivered', operations.known, '--out', join(place, out)]
  const said = await winst(['run', ...args, '--contract', join(dir, 'contract.yaml'), '--workers', '1'], here)
  expect(said).toMatchObject({ status: 0, stderr: expect.not.stringContaining('winst:') })
  return said
}

describe('as known before the last results are due', () => {
  let said: Awaited<ReturnType<typeof run>>
  let settlement: Settlement
  let rows: Record<string, string>[]
  test(
    'it runs, and nothing is rejected: not a birth year that is empty either',
    async () => {
      said = await run('heupen', 'early', { known: EARLY, closedAfter: 60, yearly })
      settlement = await settlementIn('early')
      rows = rowsOf(await fileIn('early', 'expectations.csv'))
      expect(rowsOf(await fileIn('early', 'rejects.csv'))).toEqual([])
    },
    10 * minutes,
  )

  test('every operation of the inclusion window counts from its day, several of one patient too, and nobody else', () => {
    const own = rows.filter(({ partner_id }) => (partner_id ?? '') in HIP_EFFECTS)
    for (const { index_on, target_on, status } of rows) {
      expect(index_on! >= '2024-10-01' && index_on! <= '2025-09-30').toBe(true)
      expect(target_on).toBe(addDays(index_on as Day, 180))
      expect(status).not.toBe('enrolled_late')
    }
    const days = new Map<string, Set<string>>()
    for (const { patient_id, index_on } of own)
      days.set(patient_id!, (days.get(patient_id!) ?? new Set()).add(index_on!))
    expect([...days.values()].some(({ size }) => size === 2)).toBe(true)
    const sum = (of: 'patients' | 'eligible' | 'measured') =>
      settlement.partners.reduce((all, each) => all + each[of], 0)
    expect(sum('patients')).toBe(own.length)
    expect(sum('measured')).toBe(own.filter(({ status }) => status === 'measured').length)
    for (const { eligible, patient_years } of settlement.partners) expect(patient_years).toBe(eligible)
  })

  test('placebo years hold the operations of the same days in the years that count', async () => {
    const before = rowsOf(await fileIn('early', 'placebo.csv'))
    // a year before, the last window closes after the reference
    expect(new Set(before.map(({ years_before }) => years_before))).toEqual(new Set(['2', '3']))
    for (const { index_on, years_before } of before) {
      const shifted = `${Number(index_on!.slice(0, 4)) + Number(years_before)}${index_on!.slice(4)}`
      expect(shifted >= '2024-10-01' && shifted <= '2025-09-30').toBe(true)
    }
  })

  test('scores lie on the whole points that there are, and what was planted comes back', () => {
    for (const { q05, q50, q95 } of rows)
      for (const q of [q05, q50, q95]) expect(Number(q) % 1 === 0 && Number(q) >= 0 && Number(q) <= 48).toBe(true)
    const { outcomes, partners } = settlement
    expect(outcomes[0]).toMatchObject({ measure: 'ohs', better: 'higher', placebo_years: 2 })
    for (const { partner_id, outcomes: own } of partners) {
      const { net_gain, variance } = own[0]!
      expect(Math.abs(net_gain! - HIP_EFFECTS[partner_id]!)).toBeLessThan(3 * Math.sqrt(variance!))
    }
  })

  test('how many results can still come is said, in the terminal and on the statement', async () => {
    // panels with a row of their own, of whom not one to nine are missing
    const told = settlement.partners.filter(({ eligible, measured }) => eligible >= 20 && eligible - measured >= 10)
    const ids = new Set(told.map(({ partner_id }) => partner_id))
    const missing = rows.filter(({ partner_id, status }) => ids.has(partner_id!) && status === 'missing')
    const still = missing.filter(({ target_on }) => addDays(target_on as Day, 60) >= EARLY).length
    const of = told.reduce((all, { eligible }) => all + eligible, 0)
    expect(still).toBeGreaterThan(10)
    expect(said.stdout).toContain(`${still} of ${of} results can still come.`)
    const page = await fileIn('early', 'report.html')
    expect(page).toContain(`${still} van de ${of} uitkomsten kunnen nog komen`)
  })

  test('the statement speaks of episodes, and of no patient-year', async () => {
    const page = await fileIn('early', 'report.html')
    expect(page).toContain('Waarde per episode')
    expect(page).not.toMatch(/pati[eë]ntja/i)
    expect(said.stdout).toContain('EUR an episode')
  })

  test(
    'a cent leads back to the operations of one patient, and the bundle is verified without us',
    async () => {
      const twice = rows.find(
        ({ patient_id, index_on, partner_id }) =>
          partner_id === 'h01' && rows.some((other) => other.patient_id === patient_id && other.index_on !== index_on),
      )!
      const asked = ['--settlement', settlement.settlement_id, '--partner', 'h01', '--patient', twice.patient_id!]
      const receipt = await winst(['explain', ...asked, '--json'], here)
      expect(receipt.status).toBe(0)
      const { patients } = JSON.parse(receipt.stdout) as { patients: { index_on: string }[] }
      expect(new Set(patients.map(({ index_on }) => index_on)).size).toBe(2)
      expect((await winst(['explain', ...asked], here)).stdout).toMatch(/baseline +observations\.csv:\d+/)
      const bundle = join(place, 'heupen.bundle')
      expect((await winst(['bundle', '--settlement', settlement.settlement_id, '--out', bundle], here)).status).toBe(0)
      const verdict = await winst(['verify', bundle, '--json'], { DATABASE_URL: 'postgres://nowhere.invalid/none' })
      expect(JSON.parse(verdict.stdout)).toMatchObject({
        agrees: true,
        paymentCents: settlement.totals.payment_cents,
      })
    },
    5 * minutes,
  )
})

test(
  'whether files were closed early changes no payment',
  async () => {
    await run('dichte heupen', 'closed', { known: EARLY, closedAfter: 2, yearly })
    expect(await paymentsIn('closed')).toEqual(await paymentsIn('early'))
    expect((await paymentsIn('early')).some((cents) => cents > 0)).toBe(true)
  },
  10 * minutes,
)
