/** What was to be expected of every patient of one shard, in the contract year and in the placebo years. */
import { appendExpectations } from '../../data/assessments.ts'
import { handOver } from '../../data/handover.ts'
import { readRunModels } from '../../data/models.ts'
import { panelOf } from '../../data/panel-bytes.ts'
import { isDone, once } from '../../data/runs.ts'
import { readPanelBytes } from '../../data/snapshot.ts'
import type { Handler } from '../worker.ts'
import { contextOf, type Tools } from './context.ts'

export const expect =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store, threads } = tools
    const { run, contract, better, enrolled, programme } = await contextOf(tools, job)
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    if (await isDone(store, marker)) return null
    const shard = Number(job.part)
    const panel = await readPanelBytes(store, { ...run, programme: programme.programme, shard })
    const models = await readRunModels(store, run.runId)
    const { blocks, expected } = await threads.run('expect', { panel, contract, enrolled, better, models }, { signal })
    return await once(store, marker, async (transaction) => {
      await appendExpectations(transaction, { run, shard, panel: panelOf(panel) }, blocks)
      await handOver(transaction, { ...marker, piece: job.part }, expected)
      return blocks.reduce((rows, { mean }) => rows + mean.length, 0)
    })
  }
