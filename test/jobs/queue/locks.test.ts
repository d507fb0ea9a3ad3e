/** Heavy computation lasts longer than a lock, and the job is not taken for lost. */
import { afterAll, describe, expect, test } from 'vitest'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { awaitRun, enqueueRun } from '../../../jobs/queue/queues.ts'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { startWorker, type Handler } from '../../../jobs/queue/worker.ts'
import { liveStore } from '../../support/services/live.ts'
import { liveQueues, runOf } from '../../support/services/queues.ts'
import type * as tasks from '../fixtures/tasks.ts'

const store = await liveStore()
const backends = await liveQueues('the test of locks on Redis')
const threads = openThreads<typeof tasks>({ tasks: new URL('../fixtures/tasks.ts', import.meta.url), threads: 2 })
afterAll(async () => {
  for (const { queues } of backends) await queues.close()
  await threads.close()
  await store.close()
})

// Longer than elsewhere: what is proved is that a lock is renewed, not that this machine is quick.
const recovery = { lockMs: 1_500, lookEveryMs: 300 }

describe.each(backends)('on $kind', { concurrent: true }, ({ queues }) => {
  test('a part that computes for longer than two locks in a thread is done once', async () => {
    const begun: string[] = []
    const handler: Handler = async ({ stage, part }) => {
      begun.push(`${stage}.${part}`)
      return stage === 'train' ? (await threads.run('busy', { milliseconds: 2.5 * recovery.lockMs })) > 0 : null
    }
    const handlers = Object.fromEntries(STAGES.map((stage) => [stage, handler])) as Record<Stage, Handler>
    const backend = await queues.open(store)
    await startWorker({ backend, handlers, concurrency: 2, recovery })
    await startWorker({ backend: await queues.open(store), handlers, concurrency: 2, recovery })
    await enqueueRun(backend, runOf('long', { flow: 'train', models: ['hba1c'] }))
    expect(await awaitRun(backend, 'long', { everyMs: 20 })).toBe(true)
    expect(begun.filter((part) => part === 'train.hba1c')).toHaveLength(1)
  })
})
