/** The region that the bench of the API asks about: made once by the command line, kept, released, with a key for every role. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appendKey, newToken, type Role } from '../../data/access/keys.ts'
import { openStore, type Store } from '../../data/postgres/database.ts'
import { migrate, migrationTexts } from '../../data/postgres/migrate.ts'
import { inTransaction } from '../../data/postgres/transaction.ts'
import { regionAsked } from '../../data/region/regions.ts'
import { signsFor } from '../../engine/ledger/signer.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'

export interface BenchRegion {
  readonly store: Store
  readonly settlement: Settlement
  /** the largest panel */
  readonly partner: string
  readonly regionId: number
  /** by role, for a day */
  readonly tokens: Readonly<Record<(typeof ASKING)[number][0], string>>
}

const ASKING = [
  ['analyst', () => 'ann'],
  ['auditor', () => 'aud'],
  ['insurer', (_, insurer) => insurer],
  ['partner', (partner) => partner],
  ['researcher', () => 'rob'],
] as const satisfies readonly (readonly [Role, (partner: string, insurer: string) => string])[]

/** The environment of a process that works on what lies in the directory, whatever database is set here. */
export const environmentIn = (place: string): NodeJS.ProcessEnv => ({
  ...process.env,
  DATABASE_URL: '',
  REDIS_URL: '',
  WINST_HOME: join(place, 'home'),
})

/** Generates, imports and settles the region, unless the directory holds it already. */
export async function madeIn(place: string, patients: number, say: (line: string) => void): Promise<void> {
  const marker = join(place, 'made.json')
  const steps = Object.keys(await migrationTexts())
  if (existsSync(marker)) {
    const { migrations = [] } = JSON.parse(await readFile(marker, 'utf8')) as { migrations?: string[] }
    // A schema that these steps cannot bring up to date is of another history: the region is made again.
    if (migrations.length > 0 && migrations.every((step, at) => steps[at] === step)) return
  }
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { recursive: true })
  say(`makes a region of ${patients} patients in ${place}, once`)
  const region = join(place, 'region')
  await winst(place, ['generate', '--out', region, '--patients', String(patients), '--seed', '1'])
  await winst(place, [
    'run',
    '--data',
    region,
    '--contract',
    join(region, 'contract.yaml'),
    '--out',
    join(place, 'out'),
  ])
  await writeFile(marker, JSON.stringify({ patients, migrations: steps }))
}

/** A verb of the command line on what lies in the directory. */
export async function winst(place: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/cli/cli.ts', ...args], {
    env: environmentIn(place),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const status = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  if (status !== 0) throw new Error(`winst ${args[0]} ended with ${String(status)}`)
}

/** Opens the store of a directory, releases its settlement and gives out keys. The caller closes the store. */
export async function openRegion(place: string): Promise<BenchRegion> {
  const settlement = JSON.parse(await readFile(join(place, 'out/settlement.json'), 'utf8')) as Settlement
  const store = await openStore({ home: join(place, 'home') })
  await migrate(store)
  const { regionId } = await regionAsked(store, undefined)
  await release(store, settlement.settlement_id)
  const largest = settlement.partners.reduce((a, b) => (b.eligible > a.eligible ? b : a))
  const partner = largest.partner_id
  const insurer = largest.insurers.reduce((a, b) => (b.cents > a.cents ? b : a)).insurer
  const issued = ASKING.map(async ([role, subjectOf]) => {
    const token = newToken()
    const order = { role, subject: subjectOf(partner, insurer), regionId, issuedBy: 'bench', days: 1 }
    await appendKey(store, token, order)
    return [role, token] as const
  })
  const tokens = Object.fromEntries(await Promise.all(issued)) as BenchRegion['tokens'] // every role of ASKING is in it
  return { store, settlement, partner, regionId, tokens }
}

/** By the owner of the schema: the models of a generated region need not pass their checks for its pages to be looked at. */
async function release(store: Store, settlementId: string): Promise<void> {
  const { rows } = await store.pool.query<{ insurers: string[]; steps: number }>(
    `select insurers, (select count(*)::int from settlement_event e where e.settlement_id = s.settlement_id) as steps
       from settlement s where settlement_id = $1`,
    [settlementId],
  )
  const [found] = rows
  if (!found || found.steps > 0) return
  const approvals = found.insurers.map((insurer) => [
    insurer,
    signsFor(`insurer:${insurer}`, insurer) ? `insurer:${insurer}` : 'analyst:cas',
  ])
  await inTransaction(store, async ({ client }) => {
    const event = `insert into settlement_event (settlement_id, step, state, acted_by, acted_on, finality) values ($1, $2, $3, $4, act_day(), $5)`
    await client.query(event, [settlementId, 1, 'reviewed', 'analyst:bob', null])
    for (const [insurer, by] of approvals)
      await client.query(
        `insert into settlement_approval (settlement_id, insurer, finality, acted_by, acted_on) values ($1, $2, 'final', $3, act_day())`,
        [settlementId, insurer, by],
      )
    await client.query(event, [settlementId, 2, 'released', approvals.at(-1)?.[1], 'final'])
  })
}

/** Records something that could change every page: nothing that was kept is shown any more. */
export async function recordSomething({ store, regionId }: BenchRegion): Promise<void> {
  await appendKey(store, newToken(), { role: 'auditor', subject: 'nobody', regionId, issuedBy: 'bench', days: 1 })
}
