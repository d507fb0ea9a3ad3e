/** From expectations and realisations to contributions, the settlement and its entries in the ledger: all of it, or nothing. */
import { includedCounts, settlementInputOf } from './settlement-input.ts'
import { analyseAssessments, appendContributions } from '../../data/assessments.ts'
import { appendCells } from '../../data/cells.ts'
import { appendCorrection } from '../../data/corrections.ts'
import { dropHandover } from '../../data/handover.ts'
import { appendDrift, readResults } from '../../data/drift.ts'
import { isDone, once } from '../../data/runs.ts'
import { appendSettlement } from '../../data/settlements.ts'
import { driftOf, type Drift } from '../../engine/drift.ts'
import { settlementText } from '../../engine/statement.ts'
import { assessedIn, settledBuffers } from '../assessed-year.ts'
import { contributedYears } from '../contributed-years.ts'
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
    const input = await settlementInputOf(store, context, includedCounts(job))
    const { controlPartners } = input
    const years = await contributedYears(tools, run.runId, contract, controlPartners, signal)
    const whole = { ...input, ...assessedIn(years, measures) }
    const settlement = await threads.run('settle', whole, { transfer: settledBuffers(years), signal })
    const drifts: [string, Drift][] = []
    for (const measure of measures) drifts.push([measure, driftOf(await readResults(store, run, measure, contract))])
    await once(store, marker, async (transaction) => {
      for (const { yearsBefore, patientKey, outcomes } of years)
        for (const { measure, contributions } of outcomes)
          await appendContributions(transaction, run, { measure, yearsBefore, patientKey }, contributions)
      await appendCells(transaction, run)
      for (const [measure, drift] of drifts) await appendDrift(transaction, run, measure, drift)
      await appendSettlement(
        transaction,
        run,
        settlement,
        settlementText(settlement),
        job.run.preparedBy ?? COMMAND_LINE,
      )
      if (job.run.correction) await appendCorrection(transaction, run.runId, job.run.correction)
      await dropHandover(transaction, { runId: run.runId, stage: 'realise' })
      return run.runId
    })
    await analyseAssessments(store)
    return run.runId
  }
