/** Statements in a thread of their own: a second of computation that no other request waits for. */
import { Piscina } from 'piscina'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { StatementOrder, StatementReply } from './statement-thread.ts'

export interface Statements {
  /** The statement of a settlement, as HTML text.
   *  @throws Refusal `not_found`, as for whoever asks */
  page(order: StatementOrder): Promise<string>
  close(): Promise<void>
}

// The thread holds the chart library: it is given back when nothing more comes.
const IDLE_MS = 30_000

/** The thread begins with the first statement; statements wait for each other, and nothing else for them. */
export function openStatements(): Statements {
  const pool = new Piscina({
    filename: new URL('./statement-thread.ts', import.meta.url).href,
    name: 'statement',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    // Explicit: the parent's own options (of a debugger or test runner) must not be inherited.
    execArgv: ['--import', new URL('./typescript.mjs', import.meta.url).href],
    recordTiming: false,
  })
  return {
    async page(order) {
      const reply = (await pool.run(order)) as StatementReply
      if ('page' in reply) return reply.page
      throw new Refusal(reply.refusal.code, reply.refusal.message, reply.refusal.facts)
    },
    close: () => pool.destroy(),
  }
}
