/** A worker process is killed with SIGKILL in the middle of its work, and the run ends as if it had not been. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import type { QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { awaitRun, enqueueRun } from '../../../jobs/queue/queues.ts'
import { startWorker } from '../../../jobs/queue/worker.ts'
import { liveStore } from '../../support/services/live.ts'
import { liveQueues, runOf } from '../../support/services/queues.ts'
import { handlersOn, hurried, prepareWitness } from '../fixtures/witness.ts'

const program = fileURLToPath(new URL('../fixtures/worker-process.ts', import.meta.url))
const soon = { everyMs: 20 }

const backends = await liveQueues('every test of killed workers on Redis')
afterAll(async () => {
  for (const { queues } of backends) await queues.close()
})

for (const { kind, queues } of backends)
  describe(`on ${kind}`, () => {
    let store: Store
    let backend: QueueBackend
    const started: ChildProcess[] = []
    beforeEach(async () => {
      store = await liveStore()
      await prepareWitness(store.pool)
      backend = await queues.open(store)
    })
    afterEach(async () => {
      for (const child of started.splice(0)) child.kill('SIGKILL')
      await backend.close()
      await store.close()
    })

    const startProcess = async (hangIn: string) => {
      const args = ['--import', 'tsx', program, store.url, queues.redisUrl ?? '-', hangIn]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      started.push(child)
      await once(child.stdout, 'data')
      return child
    }
    const kill = async (child: ChildProcess) => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const startHere = () =>
      startWorker({ backend, handlers: handlersOn(store.pool), concurrency: 3, recovery: hurried })
    const rowsOf = async (sql: string, values: readonly unknown[] = []) =>
      (await store.pool.query<{ part: string; pid: number }>(sql, [...values])).rows
    const until = async (holds: () => Promise<boolean>) => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
    }

    test('a worker killed in the last part: another does it again, and nothing is lost', async () => {
      const part = 'settle.all'
      const victim = await startProcess(part)
      await enqueueRun(backend, runOf('killed'))
      await until(async () => (await rowsOf('select * from begun where part = $1', [part])).length > 0)
      await kill(victim)
      await startHere()
      expect(await awaitRun(backend, 'killed', soon)).toBe('settle.all')
      const begun = await rowsOf('select * from begun where part = $1', [part])
      expect(new Set(begun.map(({ pid }) => pid))).toEqual(new Set([victim.pid, process.pid]))
      expect(await rowsOf('select * from done')).toHaveLength(53)
      expect(await rowsOf('select * from done where part = $1', [part])).toEqual([{ part, pid: process.pid }])
    })

    test('workers killed one after the other at the barriers of a run do not stop it', async () => {
      const victims = await Promise.all([startProcess('-'), startProcess('-')])
      await enqueueRun(backend, runOf('barriers'))
      for (const [index, victim] of victims.entries()) {
        await until(async () => (await rowsOf('select * from done')).length >= (index === 0 ? 17 : 36))
        await kill(victim)
      }
      await startHere()
      expect(await awaitRun(backend, 'barriers', soon)).toBe('settle.all')
      expect(await rowsOf('select * from done')).toHaveLength(53)
    })

    test('two workers share a run, and one that is killed leaves it to the other', async () => {
      const victim = await startProcess('window.05')
      await startHere()
      await enqueueRun(backend, runOf('shared'))
      const one = async () => (await rowsOf('select * from begun where part = $1', ['window.05'])).length > 0
      await until(one)
      await kill(victim)
      expect(await awaitRun(backend, 'shared', soon)).toBe('settle.all')
      expect(await rowsOf('select * from done')).toHaveLength(53)
    })

    test('a worker that stops in time lets go of nothing half done', async () => {
      const first = await startHere()
      await enqueueRun(backend, runOf('handed'))
      await until(async () => (await rowsOf('select * from done')).length >= 5)
      expect(await first.stop()).toBe(true)
      const before = await rowsOf('select * from begun')
      expect(before).toHaveLength((await rowsOf('select * from done')).length)
      await startHere()
      expect(await awaitRun(backend, 'handed', soon)).toBe('settle.all')
      expect(await rowsOf('select * from begun')).toHaveLength(53)
    })
  })
