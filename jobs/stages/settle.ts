/** From expectations and realisations to contributions, the settlement and its entries in the ledger: all of it, or nothing. */
import { includedCounts, settlementInputOf } from './settlement-input.ts'
import { analyseAssessments, appendContributions } from '../../data/assessments.ts'
import { appendCells } from '../../data/cells.ts'
import { readAssessedYears } from '../../data/assessed-years.ts'
import { appendCorrection } from '../../data/corrections.ts'
import { isDone, once } from '../../data/runs.ts'
import { appendSettlement } from '../../data/settlements.ts'
import { invariant } from '../../engine/refusal.ts'
import { settlementText } from '../../engine/statement.ts'
import type { Handler } from '../worker.ts'
import { contextOf, type Tools } from './context.ts'

/** Who prepares a settlement that nobody with a token asked for: whoever sits at the command line. */
const COMMAND_LINE = 'winst'

export const settle =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store, threads } = tools
    const context = await contextOf(tools, job)
    const { run, contract } = context
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    if (await isDone(store, marker)) return run.runId
    const measures = contract.outcomes.map(({ measure }) => measure)
    const years = await readAssessedYears(store, run, measures)
    const input = await settlementInputOf(store, context, includedCounts(job))
    const { settlement, contributions } = await threads.run('settle', { input, years }, { signal })
    await once(store, marker, async (transaction) => {
      for (const block of contributions) {
        const year = years.find(({ yearsBefore }) => yearsBefore === block.yearsBefore)
        invariant(year, `contributions belong to a year that was assessed`)
        await appendContributions(transaction, run, { ...block, patientKey: year.patientKey }, block)
      }
      await appendCells(transaction, run)
      await appendSettlement(
        transaction,
        run,
        settlement,
        settlementText(settlement),
        job.run.preparedBy ?? COMMAND_LINE,
      )
      if (job.run.correction) await appendCorrection(transaction, run.runId, job.run.correction)
      return run.runId
    })
    await analyseAssessments(store)
    return run.runId
  }
