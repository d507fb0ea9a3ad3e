/** A settlement's lifecycle at the command line: each signer with its own token, every verb a process, under the role
 *  that may only add and read. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { parse as parseYaml, stringify } from 'yaml'
import { writeBundle } from '../data/settlements/bundle.ts'
import { insurerBundle } from '../data/settlements/insurer-bundle.ts'
import type { Store } from '../data/postgres/database.ts'
import { brokenEntry } from '../data/settlements/settlements.ts'
import { generateRegion } from '../data/synthetic/generate.ts'
import { INSURERS } from '../data/synthetic/person.ts'
import { tokenFor } from './support/services/keys.ts'
import type { Settlement } from '../engine/settlement/statement.ts'
import { verifyBundle } from '../verifier/verify.ts'
import { liveStore } from './support/services/live.ts'
import { winst } from './support/services/winst.ts'

const minutes = 60_000
let [store, place, databaseUrl]: [Store, string, string] = [null!, '', '']
const tokens = new Map<string, string>()

beforeAll(async () => {
  store = await liveStore()
  // A copy of a database has not the rights on the database itself.
  await store.pool.query(
    `do $$ begin execute format('grant create on database %I to winst_app', current_database()); end $$`,
  )
  const url = new URL(store.url)
  url.searchParams.set('options', '-c role=winst_app')
  databaseUrl = url.href
  place = await mkdtemp(join(tmpdir(), 'winst-hands-'))
  await generateRegion({ out: join(place, 'region'), patients: 300, seed: 5 })
  const signed = parseYaml(await readFile(join(place, 'region', 'contract.yaml'), 'utf8')) as Record<string, unknown>
  const { outcomes, budget_eur: _budget, corridor_eur: _corridor, gates: _gates, ...rest } = signed
  const plain = { credibility: 'none', dead_band: { eur: 0, z: 0 }, share: { gain: 0.5, loss: 0.5 }, min_patients: 10 }
  const contract = { ...rest, ...plain, outcomes: (outcomes as object[]).slice(0, 1) }
  await writeFile(join(place, 'contract.yaml'), stringify(contract))
}, minutes)
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

/** A verb by somebody; null: by nobody in particular. */
const by = (name: string | null, ...args: readonly string[]) =>
  winst([...args, '--json'], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: undefined,
    WINST_HOME: place,
    WINST_TOKEN: name === null ? undefined : tokens.get(name),
  })

async function done<T>(name: string | null, ...args: readonly string[]): Promise<T> {
  const said = await by(name, ...args)
  expect(said.status, `${args.join(' ')}: ${said.stderr}`).toBe(0)
  return JSON.parse(said.stdout) as T
}

async function refused(name: string | null, ...args: readonly string[]): Promise<string> {
  const { status, stderr } = await by(name, ...args)
  expect(status, args.join(' ')).toBe(1)
  return stderr
}

const paid = ({ partners }: Settlement) => partners.map(({ payment_cents }) => payment_cents)
/** What somebody who does not trust us finds wrong with it. */
async function findings(settlementId: string): Promise<readonly unknown[]> {
  const bundle = join(place, `${settlementId}.bundle`)
  await writeBundle(store, settlementId, bundle)
  return (await verifyBundle(bundle)).findings
}

let first: Settlement
const insurersIn = ({ partners }: Settlement) => [
  ...new Set(partners.flatMap(({ insurers }) => insurers.map(({ insurer }) => insurer))),
]

test(
  'prepared, reviewed, released and paid, each by somebody else',
  async () => {
    for (const [role, subject] of [
      ['analyst', 'bob'],
      ['analyst', 'cas'],
      ['analyst', 'dora'],
      ...INSURERS.map(([insurer]) => ['insurer', insurer] as const),
      ['partner', 'p01'],
    ] as const) {
      tokens.set(`${role}:${subject}`, await tokenFor(store, role, subject, 'region'))
    }
    // Keys are given out by the owner of the schema, not by the role under which all else is done here.
    const asked = ['token', 'analyst:ann', '--region', 'region', '--json']
    const given = await winst(asked, { DATABASE_URL: store.url, REDIS_URL: undefined, WINST_HOME: place })
    tokens.set('analyst:ann', (JSON.parse(given.stdout) as { token: string }).token)
    const out = join(place, 'out')
    const run = ['run', '--data', join(place, 'region'), '--contract', join(place, 'contract.yaml'), '--out', out]
    first = (await done<{ settlement: Settlement }>('analyst:ann', ...run)).settlement
    const act = (verb: string) => [verb, '--settlement', first.settlement_id]
    await done('analyst:bob', ...act('review'))
    expect(await refused('analyst:cas', ...act('release'), '--insurer', '7095')).toContain(
      'is not for analyst:cas to approve',
    )
    for (const model of Object.values(first.model_ids)) await done('analyst:dora', 'models', '--approve', model!)
    expect(await refused('insurer:7029', ...act('release'))).toContain('no settlement')
    for (const insurer of insurersIn(first)) await done(`insurer:${insurer}`, ...act('release'))
    expect(await refused('analyst:bob', ...act('pay'))).toContain('analyst:bob reviewed it')
    const life = await done<{ state: string; pays: { partner_id: string; due_cents: number }[] }>('analyst:cas', ...act('pay')) // prettier-ignore
    expect(life.state).toBe('paid')
    expect(life.pays.map(({ due_cents }) => due_cents)).toEqual(paid(first))
  },
  3 * minutes,
)

test(
  'disputed with its effect first, ruled on, corrected, and the difference explained to the cent',
  async () => {
    const rows = parse(await readFile(join(place, 'out', 'expectations.csv'), 'utf8'), { columns: true }) as Record<string, string>[] // prettier-ignore
    const of = rows
      .filter(({ partner_id, status }) => partner_id === 'p01' && status === 'measured')
      .toSorted((a, b) => Math.abs(Number(b.gain)) - Math.abs(Number(a.gain)))[0]!
    const contention = ['--settlement', first.settlement_id, '--partner', 'p01', '--patient', of.patient_id!]
    const preview = await done<{ effect: { after_cents: number } }>('partner:p01', 'dispute', ...contention)
    const filed = ['dispute', ...contention, '--file', 'a letter']
    const { dispute_id, deciders } = await done<{ dispute_id: number; deciders: string[] }>('partner:p01', ...filed)
    const ruling = ['rule', '--dispute', String(dispute_id), '--reason', 'the letter shows it']
    const other = insurersIn(first).find((insurer) => !deciders.includes(insurer))
    expect(await refused(`insurer:${other}`, ...ruling, '--verdict', 'upheld')).toContain('is decided by the insurer')
    const ruled = await done<{ corrected_by: string | null }>(`insurer:${deciders[0]}`, ...ruling, '--verdict', 'upheld', '--correct') // prettier-ignore
    const corrected = ruled.corrected_by!
    const receipt = await done<{ payment_cents: number }>('partner:p01', 'explain', '--settlement', corrected, '--partner', 'p01') // prettier-ignore
    expect(receipt.payment_cents).toBe(preview.effect.after_cents)
    const { partners, totals } = await done<Difference>(null, 'difference', '--from', first.settlement_id, '--to', corrected) // prettier-ignore
    expect(partners.map(({ before_cents }) => before_cents)).toEqual(paid(first))
    for (const { before_cents, after_cents, causes } of [...partners, totals])
      expect(Object.values(causes).reduce((sum, cents) => sum + cents, before_cents)).toBe(after_cents)
    // what was upheld is told as that, and to the other partners too
    expect(totals.causes.ruling).not.toBe(0)
    expect([totals.causes.late_data, totals.causes.attribution]).toEqual([0, 0])
    expect(await findings(first.settlement_id)).toEqual([])
    expect(await findings(corrected)).toEqual([])
    await done('analyst:bob', 'reject', '--settlement', corrected, '--note', 'the wrong letter')
    const bundle = join(place, 'rejected.bundle')
    await done(null, 'bundle', '--settlement', corrected, '--out', bundle)
    expect(await done(null, 'verify', bundle)).toMatchObject({ agrees: true, settlementId: corrected })
    // what was rejected is prepared anew, under another id, and says the same
    const anew = await done<Settlement>('analyst:cas', 'correct', '--dispute', String(dispute_id))
    expect(anew.settlement_id).not.toBe(corrected)
    expect(anew.partners.map(({ payment_cents }) => payment_cents)).toContain(preview.effect.after_cents)
    expect(await findings(anew.settlement_id)).toEqual([])
    expect(await refused('analyst:cas', 'correct', '--dispute', String(dispute_id))).toContain(anew.settlement_id)
    expect(await brokenEntry(store)).toBeNull()
    await eachInsurerVerifiesItsOwn(first)
    await eachInsurerVerifiesItsOwn(anew)
  },
  3 * minutes,
)

/** Every insurer's bundle agrees, and says nothing of another insurer. */
async function eachInsurerVerifiesItsOwn({ settlement_id, partners }: Settlement): Promise<void> {
  const insurers = [...new Set(partners.flatMap((partner) => partner.insurers.map(({ insurer }) => insurer)))]
  for (const insurer of insurers) {
    const file = join(place, `${insurer}.bundle`)
    const bytes = await insurerBundle(store, settlement_id, insurer)
    await writeFile(file, bytes)
    const cents = partners.flatMap((partner) => partner.insurers.filter((share) => share.insurer === insurer))
    expect(await verifyBundle(file)).toMatchObject({
      findings: [],
      insurer,
      paymentCents: cents.reduce((sum, share) => sum + share.cents, 0),
    })
    const said = gunzipSync(bytes).toString()
    // the contract names the insurers that agreed on it; nothing else does, and no partner's payment is told
    const rest = said.slice(0, said.indexOf('+contract.json')) + said.slice(said.indexOf('+partners.csv'))
    for (const other of insurers.filter((each) => each !== insurer)) expect(rest).not.toContain(`,${other},`)
    for (const { payment_cents } of partners.filter((each) => each.payment_cents !== 0))
      expect(rest).not.toMatch(new RegExp(`[^0-9]${Math.abs(payment_cents)}[^0-9]`))
    const forged = said.replace(
      /^ (p\d+(?:,[^,\n]+){5},)(-?\d+)$/m,
      (_, row: string, own: string) => ` ${row}${Number(own) + 3}`,
    )
    expect(forged).not.toBe(said)
    await writeFile(file, gzipSync(forged))
    expect((await verifyBundle(file)).findings).toContainEqual(
      expect.objectContaining({ part: 'partners.csv', field: 'cents' }),
    )
  }
}

interface Change {
  readonly before_cents: number
  readonly after_cents: number
  readonly causes: Readonly<Record<string, number>>
}
interface Difference {
  readonly partners: readonly Change[]
  readonly totals: Change
}
