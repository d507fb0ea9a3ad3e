/** Whether the process keeps up: if it does not, new requests are answered at once with 503 and when to ask again. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Limits } from './limits.ts'
import { WATCHED } from './rates.ts'

const EVERY_MS = 500

export interface PressureOptions extends Pick<Limits, 'behindMs' | 'waiting'> {
  /** milliseconds that the event loop was behind at most since this was asked last; tests hand in their own */
  readonly behind?: () => number
}

/** How far the event loop was behind at most, since it was asked last: what waited meanwhile is still to be done. */
function eventLoop(app: FastifyInstance): () => number {
  const resolution = 10
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  app.addHook('onClose', async () => void delay.disable())
  return () => {
    const most = delay.count === 0 ? 0 : delay.max / 1e6 - resolution
    delay.reset()
    return most
  }
}

export const pressure = fp(
  async (app: FastifyInstance, { behindMs, waiting, behind = eventLoop(app) }: PressureOptions) => {
    let lag = 0
    const timer = setInterval(() => (lag = behind()), EVERY_MS).unref()
    app.addHook('onClose', async () => clearInterval(timer))
    const unlimited = new Set([...WATCHED, '/metrics'])
    app.addHook('onRequest', (request, _reply, done) => {
      const isBehind = lag > behindMs || app.sharedStore.pool.waitingCount > waiting
      if (!isBehind || unlimited.has(request.routeOptions.url ?? '')) done()
      else done(new Refusal('overloaded', 'The process is behind, or too many wait for the database.'))
    })
  },
  { name: 'pressure', dependencies: ['connections'] },
)
