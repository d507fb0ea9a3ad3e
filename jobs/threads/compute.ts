/** ENTRY of a thread: loads the module of tasks once, then answers each call by the function of that name. */
import { workerData } from 'node:worker_threads'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import type { Call, Reply, Tasks } from './call.ts'
import { Transferred, transferring } from './transferred.ts'

const { tasks: location } = workerData as { readonly tasks: string }
const tasks = (await import(location)) as Tasks

/** Called by the pool. The result of a task is copied, since transferring its buffers would detach arrays that the task may still hold;
 *  a task that holds none marks its result as transferred (transferred.ts). */
export async function compute({ task, payload }: Call): Promise<Reply | object> {
  const run = tasks[task]
  invariant(typeof run === 'function', `${location} exports a task ${task}`)
  try {
    const result = await run(payload as never)
    return result instanceof Transferred ? transferring({ value: result.value }) : { value: result }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, facts } = error
    return { refusal: { code, message, facts } }
  }
}
