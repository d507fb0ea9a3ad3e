/** ENTRY of a thread: loads the module of tasks once, then answers each call by the function of that name. */
import { workerData } from 'node:worker_threads'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { movable, Moved } from './transferred.ts'
import type { Tasks } from './threads.ts'

export interface Call {
  readonly task: string
  readonly payload: unknown
}

/** An error loses its class on its way out of a thread, so a refusal travels as what it says. */
export type Reply =
  | { readonly value: unknown }
  | { readonly refusal: { readonly code: string; readonly message: string; readonly facts: Refusal['facts'] } }

const { tasks: location } = workerData as { readonly tasks: string }
const tasks = (await import(location)) as Tasks

/** What the pool calls. What a task returns is copied out, since moving its buffers would empty what the task may still hold;
 *  where it holds nothing, it says so (jobs/moved.ts). */
export async function compute({ task, payload }: Call): Promise<Reply | object> {
  const run = tasks[task]
  invariant(typeof run === 'function', `${location} exports a task ${task}`)
  try {
    const result = await run(payload as never)
    return result instanceof Moved ? movable({ value: result.value }) : { value: result }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, facts } = error
    return { refusal: { code, message, facts } }
  }
}
