/** From expectations and realisations to contributions, the settlement and its entries in the ledger: all of it, or nothing. */
import { includedCounts, settlementInputOf } from './settlement-input.ts'
import { analyseAssessments, appendContributions } from '../../data/runs/assessments.ts'
import { appendCells } from '../../data/runs/cells.ts'
import { appendCorrection } from '../../data/settlements/corrections.ts'
import { dropHandover } from '../../data/runs/handover.ts'
import { appendDrift, readResults } from '../../data/runs/drift.ts'
import type { Store } from '../../data/postgres/database.ts'
import { isDone, once, type Run } from '../../data/runs/runs.ts'
import { appendSettlement } from '../../data/settlements/settlements.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { driftOf, type Drift } from '../../engine/explain/drift.ts'
import { settlementText } from '../../engine/settlement/statement.ts'
import { assessedIn, settledBuffers } from '../threads/assessed-year.ts'
import { contributedYears } from '../assessment/contributed-years.ts'
import type { Handler } from '../queue/worker.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'

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
    // What is owed is computed in a thread, and the drift on a connection of its own, while the store takes what everybody contributes.
    const settling = threads.run('settle', whole, { transfer: settledBuffers(years), signal })
    const drifting = driftsOf(store, run, contract)
    const writing = once(store, marker, async (transaction) => {
      for (const { yearsBefore, patientKey, outcomes } of years)
        for (const { measure, contributions } of outcomes)
          await appendContributions(transaction, run, { measure, yearsBefore, patientKey }, contributions)
      await appendCells(transaction, run)
      for (const [measure, drift] of await drifting) await appendDrift(transaction, run, measure, drift)
      const settlement = await settling
      const preparedBy = job.run.preparedBy ?? COMMAND_LINE
      await appendSettlement(transaction, run, settlement, settlementText(settlement), preparedBy)
      if (job.run.correction) await appendCorrection(transaction, run.runId, job.run.correction)
      await dropHandover(transaction, { runId: run.runId, stage: 'realise' })
      return run.runId
    })
    const analysing = analyseAssessments(store, 'expectation', 'realisation')
    const ended = await Promise.allSettled([settling, drifting, analysing, writing])
    for (const each of ended) if (each.status === 'rejected') throw each.reason
    await analyseAssessments(store, 'gain')
    return run.runId
  }

/** By measure, whether expectations still held in the contract year. */
async function driftsOf(store: Store, run: Run, contract: Contract): Promise<[string, Drift][]> {
  const drifts: [string, Drift][] = []
  for (const { measure } of contract.outcomes)
    drifts.push([measure, driftOf(await readResults(store, run, measure, contract))])
  return drifts
}
