/** The training rows of one shard, for every model of the contract; kept until the models are frozen. */
import { isDone, once, saveTrainingShards } from '../../data/runs/runs.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import type { Handler } from '../queue/worker.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'

export const window =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store, threads } = tools
    const { run, contract, enrolled, programme } = await contextOf(tools, job)
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    const shard = Number(job.part)
    if (await isDone(store, marker)) return null
    const panel = await readPanelBytes(store, { ...run, programme: programme.programme, shard })
    const models = await threads.run('window', { panel, contract, enrolled }, { signal })
    return await once(store, marker, async (transaction) => {
      await saveTrainingShards(transaction, run.runId, shard, models)
      return models.reduce((bytes, model) => bytes + model.bytes.length, 0)
    })
  }
