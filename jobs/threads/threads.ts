/** Heavy computation in worker threads, so that the event loop stays free to renew the locks of the jobs at work. */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Call, Reply, Tasks } from './call.ts'
import type { Transferred } from './transferred.ts'

export interface Threads<T extends Tasks> {
  /** Runs an exported function of the tasks' module in a thread; the buffers in `transfer` move there instead of being copied.
   *  @throws the Refusal that the task threw */
  readonly run: <N extends keyof T & string>(
    task: N,
    payload: Parameters<T[N]>[0],
    more?: { readonly transfer?: readonly ArrayBuffer[]; readonly signal?: AbortSignal | undefined },
  ) => Promise<Arrived<Awaited<ReturnType<T[N]>>>>
  readonly threads: number
  readonly close: () => Promise<void>
}

type Arrived<R> = R extends Transferred<infer V> ? V : R

export interface ThreadSettings {
  /** the module whose exported functions are the tasks, as in `new URL('./tasks.ts', import.meta.url)` */
  readonly tasks: URL
  /** default: one for each core */
  readonly threads?: number
}

// Dozens of columns live as long as one task: a small young generation would copy them repeatedly.
const nurseryMb = 96

// A thread holds a model library: it is kept between stages, and given back when nothing more comes.
const idleMs = 30_000

/** Opens a pool of threads; each begins when first needed and then stays for the next task.
 *
 *  `import type * as tasks from './tasks.ts'`, then
 *  `openThreads<typeof tasks>({ tasks: new URL('./tasks.ts', import.meta.url) })` */
export function openThreads<T extends Tasks>({ tasks, threads = availableParallelism() }: ThreadSettings): Threads<T> {
  const pool = new Piscina({
    filename: new URL('./compute.ts', import.meta.url).href,
    name: 'compute',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    // Explicit: the parent's own options (of a debugger or test runner) must not be inherited.
    execArgv: ['--import', new URL('./typescript.mjs', import.meta.url).href],
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
    workerData: { tasks: tasks.href },
    recordTiming: false,
  })
  return {
    threads,
    async run(task, payload, { transfer = [], signal } = {}) {
      const call: Call = { task, payload }
      const options = { transferList: [...transfer], ...(signal && { signal }) }
      const reply = (await pool.run(call, options)) as Reply
      if ('refusal' in reply) throw new Refusal(reply.refusal.code, reply.refusal.message, reply.refusal.facts)
      return reply.value as never
    },
    close: () => pool.destroy(),
  }
}
