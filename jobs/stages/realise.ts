/** What happened to every patient of one shard of whom something was expected. */
import { appendRealisations } from '../../data/assessments.ts'
import { readExpectedShard } from '../../data/expected-shard.ts'
import { panelOf } from '../../data/panel-bytes.ts'
import { once } from '../../data/runs.ts'
import { readPanelBytes } from '../../data/snapshot.ts'
import type { Handler } from '../worker.ts'
import { contextOf, type Tools } from './context.ts'

/** Counts of one shard that the settlement adds up. */
export interface RealiseResult {
  readonly [key: string]: number | readonly (readonly [number, number])[]
  readonly rows: number
  readonly notMainPractitioner: number
  readonly otherInsurer: number
  /** (partner of the run, patients included over the quarter days), those above 0 */
  readonly includedOnQuarterDays: readonly (readonly [number, number])[]
}

export const realise =
  (tools: Tools): Handler =>
  async (job, signal): Promise<RealiseResult> => {
    const { store, threads } = tools
    const { run, contract, better, enrolled, programme } = await contextOf(tools, job)
    const shard = Number(job.part)
    const bytes = await readPanelBytes(store, { ...run, programme: programme.programme, shard })
    const panel = panelOf(bytes)
    const expected = await readExpectedShard(store, run, shard, panel)
    const task = { panel: bytes, contract, enrolled, better, expected }
    const { blocks, includedOnQuarterDays, barred } = await threads.run('realise', task, { signal })
    return await once(store, { runId: run.runId, stage: job.stage, part: job.part }, async (transaction) => {
      await appendRealisations(transaction, { run, shard, panel }, blocks)
      return {
        rows: blocks.reduce((rows, { status }) => rows + status.length, 0),
        ...barred,
        includedOnQuarterDays: [...includedOnQuarterDays.entries()].filter(([, patients]) => patients > 0),
      }
    })
  }
