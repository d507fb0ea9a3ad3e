/** Heavy computation lasts longer than a lock, and the job is not taken for lost. */
import { afterAll, describe, expect, test } from 'vitest'
import { STAGES, type Stage } from '../../jobs/flow.ts'
import { awaitRun, enqueueRun } from '../../jobs/queues.ts'
import { openThreads } from '../../jobs/threads.ts'
import { startWorker, type Handler } from '../../jobs/worker.ts'
import { liveStore } from '../support/live.ts'
import { liveQueues, runOf } from '../support/queues.ts'
import type * as tasks from './fixtures/tasks.ts'
import { hurried } from './fixtures/witness.ts'

const store = await liveStore()
const backends = await liveQueues('the test of locks on Redis')
const threads = openThreads<typeof tasks>({ tasks: new URL('./fixtures/tasks.ts', import.meta.url), threads: 1 })
afterAll(async () => {
  for (const { queues } of backends) await queues.close()
  await threads.close()
  await store.close()
})

describe.each(backends)('on $kind', ({ queues }) => {
  test('a part that computes for four locks long in a thread is done once', async () => {
    const begun: string[] = []
    const handler: Handler = async ({ stage, part }) => {
      begun.push(`${stage}.${part}`)
      return stage === 'train' ? (await threads.run('busy', { milliseconds: 4 * hurried.lockMs })) > 0 : null
    }
    const handlers = Object.fromEntries(STAGES.map((stage) => [stage, handler])) as Record<Stage, Handler>
    const backend = await queues.open(store)
    await startWorker({ backend, handlers, concurrency: 2, recovery: hurried })
    await startWorker({ backend: await queues.open(store), handlers, concurrency: 2, recovery: hurried })
    await enqueueRun(backend, runOf('long', { flow: 'train', measures: ['hba1c'] }))
    expect(await awaitRun(backend, 'long', { everyMs: 20 })).toBe(true)
    expect(begun.filter((part) => part === 'train.hba1c')).toHaveLength(1)
  })
})
