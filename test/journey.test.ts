/** READ THIS FIRST: a region's files go in, a settled statement comes out; on real services, by the command line a person uses. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { generateRegion } from '../data/synthetic/generate.ts'
import type { Settlement } from '../engine/settlement/statement.ts'
import type { Store } from '../data/postgres/database.ts'
import { liveStore } from './support/services/live.ts'
import { liveRedis, type LiveRedis } from './support/services/redis.ts'
import { winst } from './support/services/winst.ts'

const minutes = 60_000
let place: string
let region: string
let contract: string
let redis: LiveRedis | null
const stores: Store[] = []

/** A person's environment: this database, and the queue on Redis only where the test says so. */
async function somewhere(redisUrl?: string): Promise<Record<string, string | undefined>> {
  const store = await liveStore()
  stores.push(store)
  return { DATABASE_URL: store.url, REDIS_URL: redisUrl, WINST_HOME: place }
}

const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[]
const fileIn = (out: string, name: string) => readFile(join(place, out, name), 'utf8')

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'winst-journey-'))
  region = join(place, 'region')
  const generated = await generateRegion({ out: region, patients: 400, seed: 3 })
  contract = generated.contractFile
  redis = await liveRedis('the same run with its queue on Redis')
}, minutes)

afterAll(async () => {
  await redis?.close()
  await Promise.all(stores.map((store) => store.close()))
  await rm(place, { recursive: true, force: true })
})

describe('from files to a statement', () => {
  let here: Record<string, string | undefined>
  let settlement: Settlement

  test(
    'run writes every file of the interface',
    async () => {
      here = await somewhere()
      const out = join(place, 'first')
      const said = await winst(
        ['run', '--data', region, '--contract', contract, '--out', out, '--workers', '1', '--json'],
        here,
      )
      expect(said.stderr).not.toContain('winst:')
      expect(said.status).toBe(0)
      expect((await readdir(out)).sort()).toEqual([
        'expectations.csv',
        'ledger.csv',
        'model-card.json',
        'placebo.csv',
        'profile.html',
        'profile.json',
        'rejects.csv',
        'report.html',
        'settlement.json',
        'warnings.csv',
      ])
      settlement = JSON.parse(await fileIn('first', 'settlement.json')) as Settlement
      expect((JSON.parse(said.stdout) as { settlement: Settlement }).settlement).toEqual(settlement)
    },
    3 * minutes,
  )

  test('every contract partner is there, and the parts are the whole', () => {
    const { partners, totals } = settlement
    expect(partners.map(({ partner_id }) => partner_id)).toEqual(partners.map(({ partner_id }) => partner_id).sort())
    expect(partners.reduce((sum, { payment_cents }) => sum + payment_cents, 0)).toBe(totals.payment_cents)
    for (const { payment_cents, insurers, attribution } of partners) {
      expect(insurers.reduce((sum, { cents }) => sum + cents, 0)).toBe(payment_cents)
      expect(attribution.reduce((sum, { cents }) => sum + cents, 0)).toBe(payment_cents)
    }
    expect(totals.per_procedure_cents).toBeGreaterThan(0)
    expect(totals.bundled_cents).toBeGreaterThan(0)
  })

  test('expectations are distributions, known before what followed', async () => {
    const rows = rowsOf(await fileIn('first', 'expectations.csv'))
    expect(rows.length).toBeGreaterThan(500)
    const quantiles = ['q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95']
    for (const row of rows) {
      const values = quantiles.map((name) => Number(row[name]))
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(row.status === 'measured').toBe(row.realised !== '')
      if (row.realised_on) expect(row.realised_on > row.index_on!).toBe(true)
    }
    const inside = rows.filter(
      ({ status, realised, q05, q95 }) =>
        status === 'measured' && Number(q05) <= Number(realised) && Number(realised) <= Number(q95),
    ).length
    const measured = rows.filter(({ status }) => status === 'measured').length
    // Some 700 results, clustered in people: three standard errors around 90%, and room for what effects were planted.
    expect(inside / measured).toBeGreaterThan(0.84)
    expect(inside / measured).toBeLessThan(0.96)
  })

  test('the ledger balances, and pays what the settlement says', async () => {
    const entries = rowsOf(await fileIn('first', 'ledger.csv'))
    const sum = (of: typeof entries, side: string) => of.reduce((cents, entry) => cents + Number(entry[side]), 0)
    expect(sum(entries, 'debit_cents')).toBe(sum(entries, 'credit_cents'))
    const insurers = entries.filter(({ account }) => account === 'insurer')
    expect(sum(insurers, 'credit_cents') - sum(insurers, 'debit_cents')).toBe(settlement.totals.payment_cents)
  })

  test(
    'every cent leads back to its clause and its rows, and who does not trust us can check it offline',
    async () => {
      const { settlement_id, partners } = settlement
      const bundle = join(place, 'settlement.bundle')
      expect((await winst(['bundle', '--settlement', settlement_id, '--out', bundle], here)).status).toBe(0)
      const verdict = await winst(['verify', bundle, '--json'], { DATABASE_URL: 'postgres://nowhere.invalid/none' })
      expect(verdict.status).toBe(0)
      expect(JSON.parse(verdict.stdout)).toMatchObject({
        agrees: true,
        settlementId: settlement_id,
        paymentCents: settlement.totals.payment_cents,
      })
      const bytes = await readFile(bundle)
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(bundle, bytes)
      expect(await winst(['verify', bundle])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('does not agree'),
      })
      const partner = partners[0]!.partner_id
      const patient = rowsOf(await fileIn('first', 'expectations.csv')).find((row) => row.partner_id === partner)!
      const asked = ['--settlement', settlement_id, '--partner', partner, '--patient', patient.patient_id!]
      const receipt = await winst(['explain', ...asked], here)
      expect(receipt.stdout).toContain(`${partner}: ${(partners[0]!.payment_cents / 100).toFixed(2)} EUR`)
      expect(receipt.stdout).toMatch(/baseline +observations\.csv:\d+/)
    },
    2 * minutes,
  )

  test('every row that was not accepted is accounted for', async () => {
    const rejects = rowsOf(await fileIn('first', 'rejects.csv'))
    expect(rejects.length).toBeGreaterThan(0)
    for (const { file, line, reason } of rejects)
      expect(file && Number(line) > 1 && reason, JSON.stringify({ file, line, reason })).toBeTruthy()
  })

  test(
    'run again in the same place changes nothing',
    async () => {
      const out = join(place, 'again')
      const said = await winst(['run', '--data', region, '--contract', contract, '--out', out], here)
      expect(said.status).toBe(0)
      expect(said.stdout).toContain('nothing changed')
      for (const name of [
        'settlement.json',
        'expectations.csv',
        'placebo.csv',
        'ledger.csv',
        'report.html',
        'rejects.csv',
        'profile.json',
        'profile.html',
      ])
        expect(await fileIn('again', name), name).toBe(await fileIn('first', name))
    },
    3 * minutes,
  )

  test(
    'the steps alone come to the same: train, then settle as known on the same day',
    async () => {
      const asked = ['--contract', contract, '--region', 'region', '--as-of', settlement.as_of, '--json']
      const trained = await winst(['train', ...asked], here)
      expect(trained.status).toBe(0)
      const { models } = JSON.parse(trained.stdout) as { models: { measure: string; modelId: string }[] }
      expect(Object.fromEntries(models.map(({ measure, modelId }) => [measure, modelId]))).toEqual(settlement.model_ids)
      const settled = await winst(['settle', ...asked, '--out', join(place, 'steps')], here)
      expect(settled.status).toBe(0)
      expect(await fileIn('steps', 'settlement.json')).toBe(await fileIn('first', 'settlement.json'))
    },
    3 * minutes,
  )

  test(
    'in a new place, with four workers and the queue on Redis, the bytes are the same',
    async () => {
      const there = await somewhere(redis?.url)
      const out = join(place, 'elsewhere')
      const said = await winst(['run', '--data', region, '--contract', contract, '--out', out, '--workers', '4'], there)
      expect(said.status).toBe(0)
      for (const name of ['settlement.json', 'expectations.csv', 'placebo.csv', 'ledger.csv', 'report.html'])
        expect(await fileIn('elsewhere', name), name).toBe(await fileIn('first', name))
    },
    3 * minutes,
  )

  test.each(['csv', 'fhir', 'omop', 'jsonl', 'parquet', 'xlsx'])(
    'exported as %s, and settled somewhere else, it is the same payment to the cent',
    async (format) => {
      const out = join(place, `export-${format}`)
      expect((await winst(['export', '--out', out, '--format', format, '--gzip'], here)).status).toBe(0)
      const there = await somewhere()
      const settled = join(place, `settled-${format}`)
      const asked = ['--data', out, '--format', format, '--region', 'region', '--delivered', settlement.as_of]
      const said = await winst(['run', ...asked, '--contract', contract, '--out', settled], there)
      expect(said.status, said.stderr).toBe(0)
      for (const name of ['settlement.json', 'ledger.csv', 'expectations.csv'])
        expect(await fileIn(`settled-${format}`, name), name).toBe(await fileIn('first', name))
    },
    3 * minutes,
  )

  test('a partner that the region does not have is refused by name, and nothing is settled', async () => {
    const text = await readFile(contract, 'utf8')
    const wrong = join(place, 'wrong.yaml')
    await writeFile(wrong, text.replace(/^control: .*$/m, 'control: [p90, nobody]'))
    const said = await winst(['settle', '--contract', wrong, '--region', 'region'], here)
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('"nobody" is not in partners.csv')
  })
})

describe('wrong usage', () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['no verb', [], 2, /Usage: winst/],
    ['an unknown verb', ['reimburse'], 2, /unknown command 'reimburse'/],
    ['a missing option', ['run', '--data', 'x'], 2, /required option '--contract/],
    ['a day that is none', ['settle', '--contract', 'x', '--as-of', '2025-02-30'], 2, /YYYY-MM-DD/],
    ['a share above 1', ['import', '--data', 'x', '--max-rejects', '5'], 2, /share from 0 to 1/],
    ['a directory that is not there', ['import', '--data', 'no-such-directory'], 1, /no-such-directory/],
    ['a verb that is still to come', ['design', '--contract', 'x', '--data', 'y', '--out', 'z'], 1, /not available/],
  ]
  test.each(cases)('%s', async (_, args, status, sentence) => {
    const said = await winst(args, await somewhereOnce())
    expect(said.status).toBe(status)
    expect(said.stderr).toMatch(sentence)
    expect(said.stdout).toBe('')
  })

  let once: Promise<Record<string, string | undefined>> | undefined
  const somewhereOnce = () => (once ??= somewhere())

  test('with --json a failure is a document too', async () => {
    const said = await winst(['import', '--data', 'no-such-directory', '--json'], await somewhereOnce())
    expect(said.status).toBe(1)
    expect(JSON.parse(said.stdout)).toMatchObject({ error: { code: 'missing_directory' } })
  })
})
