/** The real app on a real store and queue, a region that was settled, and a token for every kind of reader. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp, type AppOptions } from '../../../api/app.ts'
import type { Store } from '../../../data/postgres/database.ts'
import type { Role } from '../../../data/access/keys.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { tokenFor } from './keys.ts'
import { liveStore } from './live.ts'
import { settledRegion, type SettledRegion } from '../regions/settled-region.ts'

/** 1111 insures nobody and p77 is nobody: they may know of no settlement. */
export const READERS = [
  ['analyst', 'ann'],
  ['analyst', 'bob'],
  ['insurer', '7095'],
  ['insurer', '3311'],
  ['insurer', '1111'],
  ['partner', 'p01'],
  ['partner', 'p03'],
  ['partner', 'p77'],
  ['researcher', 'rob'],
] as const satisfies readonly (readonly [Role, string])[]
export type ReaderName = `${(typeof READERS)[number][0]} ${(typeof READERS)[number][1]}`
export const readerNames = READERS.map(([role, subject]): ReaderName => `${role} ${subject}`)

export interface Body {
  readonly type: string
  readonly text: string
}
export const json = (text: string): Body => ({ type: 'application/json', text })

export interface RunningApp {
  readonly app: FastifyInstance
  readonly store: Store
  /** where the app puts what is uploaded */
  readonly uploads: string
  /** settled: its region and its contract are called `noord` */
  readonly noord: SettledRegion
  tokenOf(asker: ReaderName): string
  /** GET, or POST with a body, in the name of the asker */
  ask(asker: ReaderName, url: string, body?: Body): Promise<LightMyRequestResponse>
  settlementUrl(rest?: string): string
  close(): Promise<void>
}

/** @param log where the app writes a line per request; null: nowhere */
export async function runningApp(log: Writable | null = null, options: AppOptions = {}): Promise<RunningApp> {
  const store = await liveStore()
  const queue = await openQueueBackend({ store, redisUrl: null })
  const uploads = await mkdtemp(join(tmpdir(), 'winst-uploads-'))
  const app = await buildApp({ store, queue, uploads }, log, options)
  const noord = await settledRegion(store, 'noord')
  const tokens = new Map<string, string>()
  for (const [role, subject] of READERS) tokens.set(`${role} ${subject}`, await tokenFor(store, role, subject, 'noord'))
  const tokenOf = (asker: ReaderName): string => tokens.get(asker) ?? ''
  return {
    app,
    store,
    uploads,
    noord,
    tokenOf,
    ask: (asker, url, body) =>
      app.inject({
        method: body ? 'POST' : 'GET',
        url,
        headers: { authorization: `Bearer ${tokenOf(asker)}`, ...(body ? { 'content-type': body.type } : {}) },
        ...(body ? { payload: body.text } : {}),
      }),
    settlementUrl: (rest = '') => `/v1/settlements/${noord.settlement.settlement_id}${rest}`,
    close: async () => {
      await app.close()
      await queue.close()
      await store.close()
      await rm(uploads, { recursive: true, force: true })
    },
  }
}
