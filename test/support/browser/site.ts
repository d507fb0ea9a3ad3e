/** The whole stack for a browser: a region settled by a worker of its own, an API on a port, and pages of people who are signed in. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { parse, stringify } from 'yaml'
import { startLocalWorker, type LocalWorker } from '../../../api/cli/verbs/local-services.ts'
import { startServer, type RunningServer, type ServerOptions } from '../../../api/server.ts'
import { runOrderOf } from '../../../api/views/run-order.ts'
import type { Role } from '../../../data/access/keys.ts'
import { importDataset } from '../../../data/import/import.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { readContractFile } from '../../../data/region/contract-file.ts'
import { appendContract } from '../../../data/region/contracts.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { latestDelivery, regionMade, regionOf } from '../../../data/region/regions.ts'
import { decideOnModel } from '../../../data/settlements/model-registry.ts'
import type { SyntheticEffects } from '../../../data/synthetic/effects.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { awaitRun, enqueueRun } from '../../../jobs/queue/queues.ts'
import { freePort } from '../services/free-port.ts'
import { tokenFor } from '../services/keys.ts'
import { liveStore } from '../services/live.ts'
import { startBrowser } from './chromium.ts'

export const REGION = 'noord'
/** Whoever looks at a site, by role; p01 is a partner of its contract, 7095 one of its insurers. */
export const PEOPLE = {
  analyst: 'bob',
  insurer: '7095',
  partner: 'p01',
  researcher: 'rob',
  auditor: 'aud',
  administrator: 'ada',
} as const satisfies Record<Role, string>
const PATIENTS = 500
/** How long a page is waited for, at most: machines that test are slow and shared. */
const PATIENCE_MS = 120_000

export interface SignedIn extends BrowserContextOptions {
  readonly subject?: string
  /** left out: the region of the site */
  readonly region?: string
  readonly lang?: 'nl' | 'en'
}

export interface Site {
  readonly store: Store
  /** null where the site is opened without one */
  readonly worker: LocalWorker | null
  /** where uploads lie: a worker elsewhere is told of it */
  readonly uploads: string
  readonly browser: Browser
  readonly server: RunningServer
  /** http://127.0.0.1:PORT */
  readonly address: string
  /** a generated dataset of the region, and the contract that it is settled by */
  readonly data: string
  readonly contract: string
  /** of the settlement that was prepared by analyst:ann; blank where nothing was settled */
  readonly settlementId: string
  /** a page of somebody who is signed in, in a browser profile of its own */
  readonly pageOf: (role: Role, options?: SignedIn) => Promise<Page>
  /** a page of nobody */
  readonly page: (options?: BrowserContextOptions) => Promise<Page>
  readonly close: () => Promise<void>
}

export interface SiteOptions extends Partial<Pick<ServerOptions, 'verify'>> {
  /** `empty`: nothing was imported; `imported`: nothing was settled; `settled` (default): prepared, its models approved */
  readonly until?: 'empty' | 'imported' | 'settled'
  /** `none`: nobody takes jobs, until somebody starts a worker; then nothing can be settled first */
  readonly worker?: 'here' | 'none'
  /** planted in the region's data; left out: those of `generate` */
  readonly effects?: SyntheticEffects
  /** other terms of the contract than those of `datasetIn` */
  readonly terms?: object
  /** more of what the server is started with, once its address is known */
  readonly serverWith?: (address: string) => Promise<Partial<ServerOptions>>
}

export async function openSite({
  until = 'settled',
  worker: whose = 'here',
  effects,
  terms = {},
  serverWith,
}: SiteOptions = {}): Promise<Site> {
  const store = await liveStore()
  const place = await mkdtemp(join(tmpdir(), 'winst-site-'))
  const uploads = join(place, 'uploads')
  const worker =
    whose === 'here' ? await startLocalWorker(store, { redisUrl: null, uploads, pseudonymKey: undefined }, 2) : null
  const queue = worker?.backend ?? (await openQueueBackend({ store, redisUrl: null }))
  await regionMade(store, REGION)
  const data = join(place, 'region')
  const contract = await datasetIn(data, effects, terms)
  if (until !== 'empty')
    await importDataset(store, { dir: data, region: REGION, rejectsPath: join(place, 'rejects.csv') })
  const settlementId = until === 'settled' ? await settle(store, queue, contract) : ''
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const more = (await serverWith?.(address)) ?? {}
  const server = await startServer({ store, queue, uploads, port, host: '127.0.0.1', ...more })
  const browser = await startBrowser()

  const page = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ baseURL: address, ...options })
    context.setDefaultTimeout(PATIENCE_MS)
    return await context.newPage()
  }
  return {
    store,
    worker,
    uploads,
    browser,
    server,
    address,
    data,
    contract,
    settlementId,
    page,
    async pageOf(role, { subject = PEOPLE[role], region = REGION, lang = 'nl', ...options } = {}) {
      const opened = await page(options)
      const token = await tokenFor(store, role, subject, region)
      const cookie = (name: string, value: string) => ({ name, value, url: address, httpOnly: true })
      await opened.context().addCookies([cookie('winst_token', token), cookie('winst_lang', lang)])
      return opened
    },
    async close() {
      await browser.close()
      await server.close()
      await (worker ? worker.stop() : queue.close())
      await store.close()
      await rm(place, { recursive: true, force: true })
    },
  }
}

/** A region, and a contract that so few patients can be settled by: one outcome, no credibility to estimate. */
async function datasetIn(dir: string, effects: SyntheticEffects | undefined, terms: object): Promise<string> {
  await generateRegion({ out: dir, patients: PATIENTS, seed: 5, ...(effects ? { effects } : {}) })
  const path = join(dir, 'contract.yaml')
  const signed = parse(await readFile(path, 'utf8')) as { readonly outcomes: readonly object[] }
  const plain = { credibility: 'none', dead_band: { eur: 0, z: 0 }, share: { gain: 0.5, loss: 0.5 }, min_patients: 10 }
  await writeFile(path, stringify({ ...signed, ...plain, outcomes: signed.outcomes.slice(0, 1), ...terms }))
  return path
}

/** Settled by the worker in ann's name; cas has read the cards of its models. */
async function settle(store: Store, queue: QueueBackend, path: string): Promise<string> {
  const region = await regionOf(store, REGION)
  const asOf = await latestDelivery(store, region)
  const contract = await readContractFile(path, await regionProgrammes(store.pool, region.regionId, asOf))
  await appendContract(store, region.regionId, contract)
  const order = await runOrderOf(store, { contract, flow: 'settle', asOf, preparedBy: 'analyst:ann' })
  await enqueueRun(queue, order)
  const settlementId = (await awaitRun(queue, order.runId)) as string
  const { rows } = await store.pool.query<{ model_id: string }>('select model_id from run_model where run_id = $1', [
    settlementId,
  ])
  for (const { model_id } of rows)
    await decideOnModel(store, model_id, { state: 'payable', by: 'analyst:cas', reason: 'card read' })
  return settlementId
}
