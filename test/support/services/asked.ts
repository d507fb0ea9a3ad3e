/** The real app on a real store and queue, a region that was settled, and a token for every kind of reader. */
import type { Writable } from 'node:stream'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../../../api/app.ts'
import { issueToken } from '../../../api/views/issue-token.ts'
import type { Role } from '../../../data/postgres/tokens.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { liveStore } from './live.ts'
import { settledWorld, type SettledWorld } from '../regions/settled-world.ts'

/** 1111 insures nobody and p77 is nobody: they may know of no settlement. */
export const ASKERS = [
  ['analyst', 'ann'],
  ['insurer', '7095'],
  ['insurer', '3311'],
  ['insurer', '1111'],
  ['partner', 'p01'],
  ['partner', 'p03'],
  ['partner', 'p77'],
  ['researcher', 'rob'],
] as const satisfies readonly (readonly [Role, string])[]
export type Asker = `${(typeof ASKERS)[number][0]} ${(typeof ASKERS)[number][1]}`
export const askers = ASKERS.map(([role, subject]): Asker => `${role} ${subject}`)

export interface Body {
  readonly type: string
  readonly text: string
}
export const json = (text: string): Body => ({ type: 'application/json', text })

export interface Asked {
  readonly app: FastifyInstance
  /** settled: its region and its contract are called `noord` */
  readonly noord: SettledWorld
  tokenOf(asker: Asker): string
  /** GET, or POST with a body, in the name of the asker */
  ask(asker: Asker, url: string, body?: Body): Promise<LightMyRequestResponse>
  settlementUrl(rest?: string): string
  close(): Promise<void>
}

/** @param log where the app writes a line per request; null: nowhere */
export async function askedApp(log: Writable | null = null): Promise<Asked> {
  const store = await liveStore()
  const queue = await openQueueBackend({ store, redisUrl: null })
  const app = await buildApp({ store, queue }, log)
  const noord = await settledWorld(store, 'noord')
  const tokens = new Map<string, string>()
  for (const [role, subject] of ASKERS) tokens.set(`${role} ${subject}`, await issueToken(store, { role, subject }))
  const tokenOf = (asker: Asker): string => tokens.get(asker) ?? ''
  return {
    app,
    noord,
    tokenOf,
    ask: (asker, url, body) =>
      app.inject({
        method: body ? 'POST' : 'GET',
        url,
        headers: { authorization: `Bearer ${tokenOf(asker)}`, ...(body ? { 'content-type': body.type } : {}) },
        ...(body ? { payload: body.text } : {}),
      }),
    settlementUrl: (rest = '') => `/settlements/${noord.settlement.settlement_id}${rest}`,
    close: async () => {
      await app.close()
      await queue.close()
      await store.close()
    },
  }
}
