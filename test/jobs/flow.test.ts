import { hostname } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { FLOWS, partsOf, STAGES, type Stage } from '../../jobs/flow.ts'
import type { Progress } from '../../jobs/queue/progress.ts'
import type { QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { awaitRun, cancelRun, enqueueRun, forgetRun, readRunStatus, workersOf } from '../../jobs/queue/queues.ts'
import { partJobId, type PartJob, type Result } from '../../jobs/queue/run-job.ts'
import { startWorker, type Handler, type Handlers, type PartLog } from '../../jobs/queue/worker.ts'
import { liveStore } from '../support/services/live.ts'
import { liveQueues, runOf } from '../support/services/queues.ts'

const everyMs = 10
const retries = { attempts: 3, backoffMs: 10 }

/** The same handler at every stage. */
const atEveryStage = (handler: Handler): Handlers =>
  Object.fromEntries(STAGES.map((stage) => [stage, handler])) as Record<Stage, Handler>

const nameOf = ({ stage, part }: PartJob) => `${stage}.${part}`

test('a flow goes through stages in their order, and shards sort as text', () => {
  for (const flow of Object.values(FLOWS))
    expect([...flow]).toEqual(STAGES.filter((stage) => (flow as readonly Stage[]).includes(stage)))
  expect(partsOf('window', ['hba1c'])).toEqual([...partsOf('window', [])].sort())
  expect(partsOf('train', ['sbp', 'hba1c'])).toEqual(['sbp', 'hba1c'])
})

const store = await liveStore()
const backends = await liveQueues('every test of the flow on Redis')
afterAll(async () => {
  for (const { queues } of backends) await queues.close()
  await store.close()
})

for (const { kind, queues } of backends)
  describe(`a run on ${kind}`, async () => {
    const backend: QueueBackend = await queues.open(store)
    let handler: Handler = async (part) => nameOf(part)
    const log: PartLog[] = []
    const settings = { handlers: atEveryStage((part, signal) => handler(part, signal)), retries, concurrency: 4 }
    await startWorker({ backend, ...settings, onPart: (line) => log.push(line) })
    await startWorker({ backend: await queues.open(store), ...settings, onPart: (line) => log.push(line) })
    const waitFor = (runId: string, onProgress?: (progress: Progress) => void) =>
      awaitRun(backend, runId, { everyMs, ...(onProgress && { onProgress }) })

    test('does every part once, and no stage begins before the one before it is done', async () => {
      const begun: string[] = []
      const done = new Set<string>()
      handler = async (part) => {
        begun.push(nameOf(part))
        const before = FLOWS.settle[FLOWS.settle.findIndex((stage) => stage === part.stage) - 1]
        if (before) for (const other of partsOf(before, part.run.models)) expect(done).toContain(`${before}.${other}`)
        await new Promise((resolve) => setTimeout(resolve, Math.abs(part.part.length - 3)))
        done.add(nameOf(part))
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('order'))
      expect(await waitFor('order')).toBe('settle.all')
      const all = FLOWS.settle.flatMap((stage) =>
        partsOf(stage, runOf('order').models).map((part) => `${stage}.${part}`),
      )
      expect([...begun].sort()).toEqual([...all].sort())
      expect(log.filter((line) => line.run === 'order')).toHaveLength(all.length)
    })

    test('hands on the results of the stages before, in the order of their parts', async () => {
      const seen = new Map<Stage, PartJob['results']>()
      handler = async (part) => {
        seen.set(part.stage, part.results)
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('results', { models: ['sbp', 'acr'] }))
      await waitFor('results')
      expect(seen.get('window')).toEqual({ snapshot: ['snapshot.all'] })
      expect(seen.get('expect')?.train).toEqual(['train.sbp', 'train.acr'])
      expect(seen.get('settle')?.realise).toEqual(partsOf('realise', []).map((part) => `realise.${part}`))
    })

    test('is the same run when asked for twice, and answers again without working again', async () => {
      let parts = 0
      handler = async () => ++parts
      await Promise.all([enqueueRun(backend, runOf('twice')), enqueueRun(backend, runOf('twice'))])
      const [one, two] = await Promise.all([waitFor('twice'), waitFor('twice')])
      const again = await enqueueRun(backend, runOf('twice'))
      expect([one, two, again.result, await waitFor('twice')]).toEqual([53, 53, 53, 53])
      expect(parts).toBe(53)
      expect(again).toMatchObject({ state: 'completed', progress: { stage: 'settle', done: 1, of: 1 } })
    })

    test('is done anew after it was forgotten', async () => {
      let parts = 0
      handler = async () => ++parts
      await enqueueRun(backend, runOf('forgotten'))
      await waitFor('forgotten')
      await forgetRun(backend, 'forgotten')
      expect(await readRunStatus(backend, 'forgotten')).toBeNull()
      await enqueueRun(backend, runOf('forgotten'))
      expect(await waitFor('forgotten')).toBe(106)
    })

    test('takes parts that are done already as done: a barrier killed after adding them adds them again', async () => {
      const begun: string[] = []
      handler = async (part) => {
        begun.push(nameOf(part))
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('orphans', { flow: 'train' }))
      await waitFor('orphans')
      const run = await backend.queue('runs').getJob('run.orphans')
      await run?.remove({ removeChildren: false })
      begun.length = 0
      await enqueueRun(backend, runOf('orphans'))
      expect(await waitFor('orphans')).toBe('settle.all')
      expect(begun.filter((name) => /^(snapshot|window|train)/.test(name))).toEqual([])
      expect(begun).toHaveLength(33)
    })

    test('fails with the refusal of a part, at once, and whoever waits gets that refusal', async () => {
      const begun: string[] = []
      handler = async (part) => {
        begun.push(nameOf(part))
        if (part.stage === 'window' && part.part === '00')
          throw new Refusal('too_few_to_learn', 'shard 00 has no history', { shard: 0 })
        await new Promise((resolve) => setTimeout(resolve, 5))
        return null
      }
      await enqueueRun(backend, runOf('refused'))
      const failure = await waitFor('refused').catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(Refusal)
      expect(failure).toMatchObject({
        code: 'too_few_to_learn',
        message: 'shard 00 has no history',
        facts: { shard: 0 },
      })
      expect(begun.filter((name) => name === 'window.00')).toHaveLength(1)
      expect(begun).not.toContain('train.hba1c')
      expect(await readRunStatus(backend, 'refused')).toMatchObject({
        state: 'failed',
        refusal: { code: 'too_few_to_learn' },
      })
    })

    test('that failed is tried anew when asked for again', async () => {
      let refuse = true
      handler = async (part) => {
        if (refuse && part.stage === 'expect') throw new Refusal('locked', 'no room')
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('again'))
      await expect(waitFor('again')).rejects.toMatchObject({ code: 'locked' })
      refuse = false
      expect((await enqueueRun(backend, runOf('again'))).state).toBe('waiting')
      expect(await waitFor('again')).toBe('settle.all')
    })

    test('tries a part that breaks again, and gives up after three times', async () => {
      const tries = new Map<string, number>()
      handler = async (part) => {
        const count = (tries.get(nameOf(part)) ?? 0) + 1
        tries.set(nameOf(part), count)
        if (part.stage === 'train' && part.part === 'sbp' && count < 3) throw new Error('connection reset')
        if (part.run.runId === 'broken' && part.stage === 'settle') throw new Error('ledger does not balance')
        return null
      }
      await enqueueRun(backend, runOf('flaky'))
      expect(await waitFor('flaky')).toBeNull()
      expect(tries.get('train.sbp')).toBe(3)
      tries.clear()
      await enqueueRun(backend, runOf('broken'))
      await expect(waitFor('broken')).rejects.toMatchObject({
        code: 'job_failed',
        message: expect.not.stringContaining('ledger') as string,
        cause: { message: 'ledger does not balance' },
      })
      expect(tries.get('settle.all')).toBe(3)
    })

    test('tells how far it is, never further than its stage', async () => {
      handler = async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return null
      }
      const seen: Progress[] = []
      await enqueueRun(backend, runOf('progress'))
      await waitFor('progress', (progress) => seen.push(progress))
      expect(new Set(seen.map(({ stage }) => stage)).size).toBeGreaterThan(3)
      for (const { stage, done, of } of seen) {
        expect(of).toBe(partsOf(stage, runOf('progress').models).length)
        expect(done).toBeLessThanOrEqual(of)
      }
      const places = seen.map(({ stage, done }) => STAGES.indexOf(stage) * 100 + done)
      expect(places).toEqual([...places].sort((a, b) => a - b))
      expect(seen.at(-1)).toEqual({ stage: 'settle', done: 1, of: 1 })
    })

    test('called off stops at its next part, and begins anew when asked for again', async () => {
      const begun: string[] = []
      let release = () => {}
      const held = new Promise<void>((resolve) => (release = resolve))
      handler = async (part) => {
        begun.push(nameOf(part))
        if (part.stage === 'window') await held
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('off'))
      while (!begun.some((name) => name.startsWith('window'))) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await cancelRun(backend, 'off', 'analyst:ann')).toBe('running')
      expect(await readRunStatus(backend, 'off')).toMatchObject({ state: 'running', stopping: true })
      release()
      await expect(waitFor('off')).rejects.toMatchObject({ code: 'cancelled', facts: { by: 'analyst:ann' } })
      expect(begun.some((name) => name.startsWith('train'))).toBe(false)
      expect((await readRunStatus(backend, 'off'))?.state).toBe('cancelled')
      await expect(cancelRun(backend, 'off', 'analyst:ann')).rejects.toMatchObject({ code: 'already_ended' })
      await enqueueRun(backend, runOf('off'))
      expect(await waitFor('off')).toBe('settle.all')
    })

    test('called off in its last part comes to its end', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => (release = resolve))
      const begun: string[] = []
      handler = async (part) => {
        begun.push(part.stage)
        if (part.stage === 'settle') await held
        return nameOf(part)
      }
      await enqueueRun(backend, runOf('late'))
      while (!begun.includes('settle')) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await cancelRun(backend, 'late', 'analyst:ann')).toBe('running')
      release()
      expect(await waitFor('late')).toBe('settle.all')
    })

    test('keeps several runs apart', async () => {
      handler = async (part): Promise<Result> => part.run.runId
      const ids = ['north', 'south', 'east']
      for (const id of ids) await enqueueRun(backend, runOf(id))
      expect(await Promise.all(ids.map((id) => waitFor(id)))).toEqual(ids)
    })

    test('refuses a result that is data rather than ids', async () => {
      handler = async () => 'x'.repeat(20_000)
      await enqueueRun(backend, runOf('fat'))
      await expect(waitFor('fat')).rejects.toMatchObject({
        cause: { message: expect.stringContaining('ids and counts, not data') as string },
      })
    })

    test('is waited for by workers that can be counted', async () => {
      expect(await workersOf(backend)).toEqual([hostname(), hostname()])
    })

    test('nobody waits for a run that the queue does not know', async () => {
      await expect(waitFor('nowhere')).rejects.toMatchObject({ code: 'unknown_run' })
    })

    test('stores that share a queue do not see each other', async () => {
      const other = await liveStore()
      try {
        const theirs = await queues.open(other)
        expect(theirs.namespace).not.toBe(backend.namespace)
        handler = async () => null
        await enqueueRun(backend, runOf('shared'))
        await waitFor('shared')
        expect(await readRunStatus(theirs, 'shared')).toBeNull()
        expect(await theirs.queue('parts').getJob(partJobId('shared', 'settle', 'all'))).toBeUndefined()
        await theirs.close()
      } finally {
        await other.close()
      }
    })
  })
