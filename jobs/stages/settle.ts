/** Contributions, the settlement and its ledger entries, in one transaction. */
import { analyseAssessments, appendContributions } from '../../data/runs/assessments.ts'
import { appendResearchCells } from '../../data/research/cells.ts'
import { holdAgainstOpen } from '../../data/research/editions.ts'
import { appendCells } from '../../data/runs/cells.ts'
import { appendControlEffects } from '../../data/settlements/control-effects.ts'
import { appendCorrection } from '../../data/settlements/corrections.ts'
import { dropHandover } from '../../data/runs/handover.ts'
import { appendDrift, readResults } from '../../data/runs/drift.ts'
import type { Store } from '../../data/postgres/database.ts'
import { isDone, once, type Run } from '../../data/runs/runs.ts'
import { appendSettlement } from '../../data/settlements/settlements.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { driftOf, type Drift } from '../../engine/explain/drift.ts'
import { settlementText } from '../../engine/settlement/statement.ts'
import { realisedShards } from '../assessment/contributed-years.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'
import { beginFullSettlement } from '../assessment/settlement.ts'
import { ownSources, type ShardCounts } from '../assessment/settlement-input.ts'
import { preparerOf } from '../queue/run-job.ts'
import type { Handler } from '../queue/worker.ts'
import { appendedIn } from '../threads/assessed-year.ts'

export const settle =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store } = tools
    const context = await contextOf(tools, job)
    const { run, contract } = context
    const marker = { runId: run.runId, stage: job.stage, part: job.part }
    if (await isDone(store, marker)) return run.runId
    const counts = (job.results.realise ?? []) as readonly ShardCounts[]
    const sources = await ownSources(store, context)
    // The settlement is computed in a thread, and the drift on its own connection, while contributions are stored.
    const shardsOf = realisedShards(store, run.runId)
    const { years, settlement: settling } = await beginFullSettlement(tools, sources, counts, shardsOf, signal)
    const drifting = driftsOf(store, run, contract)
    const writing = once(store, marker, async (transaction) => {
      for (const { of, contributions } of years.flatMap(appendedIn))
        await appendContributions(transaction, run, of, contributions)
      await appendCells(transaction, run)
      await appendResearchCells(transaction, context)
      for (const [measure, drift] of await drifting) await appendDrift(transaction, run, measure, drift)
      const { settlement, controlEffects } = await settling
      await appendSettlement(transaction, run, settlement, settlementText(settlement), preparerOf(job.run))
      await appendControlEffects(transaction, settlement.settlement_id, controlEffects)
      await holdAgainstOpen(transaction, settlement.settlement_id)
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
