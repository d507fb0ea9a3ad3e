/** Realisations of every patient of one shard with an expectation. */
import { appendRealisations, patientKeys } from '../../data/runs/assessments.ts'
import { dropHandover, handedOver, handOver } from '../../data/runs/handover.ts'
import { panelOf } from '../../data/columns/panel-bytes.ts'
import { doneResult, once } from '../../data/runs/runs.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { Handler } from '../queue/worker.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'
import { shardCounts, type ShardCounts } from '../assessment/settlement-input.ts'

/** What the settlement adds up, and how many rows were written. */
type RealiseResult = ShardCounts & { readonly rows: number }

export const realise =
  (tools: Tools): Handler =>
  async (job, signal): Promise<RealiseResult> => {
    const { store, threads } = tools
    const { run, contract, better, enrolled, programme } = await contextOf(tools, job)
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    const before = await doneResult<RealiseResult>(store, marker)
    if (before) return before
    const shard = Number(job.part)
    const bytes = await readPanelBytes(store, { ...run, programme: programme.programme, shard })
    const of = { run, shard, panel: panelOf(bytes) }
    const expectations = { runId: run.runId, stage: 'expect' }
    const [expected] = await handedOver(store, { ...expectations, prefix: job.part })
    invariant(expected, `shard ${job.part} has its expectations before they are held against what happened`)
    const patientKey = await patientKeys(store.pool, of)
    const task = { panel: bytes, contract, enrolled, better, expected, patientKey }
    const { blocks, years, includedOnQuarterDays, barred } = await threads.run('realise', task, { signal })
    return await once(store, marker, async (transaction) => {
      await appendRealisations(transaction, of, blocks, patientKey)
      for (const { yearsBefore, bytes: year } of years)
        await handOver(transaction, { ...marker, piece: `${yearsBefore}.${job.part}` }, year)
      await dropHandover(transaction, { ...expectations, piece: job.part })
      return {
        rows: blocks.reduce((rows, { status }) => rows + status.length, 0),
        ...shardCounts(barred, includedOnQuarterDays),
      }
    })
  }
