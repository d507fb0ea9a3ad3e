/** Expectations for every patient of one shard, in the contract year and in the placebo years. */
import { appendExpectations } from '../../data/runs/assessments.ts'
import { handOver } from '../../data/runs/handover.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { panelOf } from '../../data/columns/panel-bytes.ts'
import { isDone, once } from '../../data/runs/runs.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { FrozenModel } from '../threads/tasks.ts'
import type { Handler } from '../queue/worker.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'

export const expect = (tools: Tools): Handler => {
  const { store, threads } = tools
  const modelsOf = modelsOnce(store)
  return async (job, signal) => {
    const { run, contract, better, enrolled, programme } = await contextOf(tools, job)
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    if (await isDone(store, marker)) return null
    const shard = Number(job.part)
    const panel = await readPanelBytes(store, { ...run, programme: programme.programme, shard })
    const models = await modelsOf(run.runId)
    const { blocks, expected } = await threads.run('expect', { panel, contract, enrolled, better, models }, { signal })
    return await once(store, marker, async (transaction) => {
      await appendExpectations(transaction, { run, shard, panel: panelOf(panel) }, blocks)
      await handOver(transaction, { ...marker, piece: job.part }, expected)
      return blocks.reduce((rows, { mean }) => rows + mean.length, 0)
    })
  }
}

/** The models of a run, read once for all its parts: they are frozen. */
function modelsOnce(store: Store): (runId: string) => Promise<readonly FrozenModel[]> {
  let last: { readonly runId: string; readonly models: Promise<readonly FrozenModel[]> } | null = null
  return (runId) => {
    if (last?.runId !== runId) {
      const models = readRunModels(store, runId).then((all) =>
        all.map(({ measure, yearsElapsed, modelId, bytes }) => ({ measure, yearsElapsed, modelId, bytes })),
      )
      last = { runId, models }
      models.catch(() => (last = null))
    }
    return last.models
  }
}
