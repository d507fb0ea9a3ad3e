/** The preview of a dispute: the settlement recomputed with the contended fact, from the same models and rows. */
import { invariant } from '../../engine/kernel/refusal.ts'
import { panelIf } from '../../engine/explain/dispute.ts'
import { shardOf } from '../../engine/panel/shard.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readAssessedYears } from '../../data/runs/assessed-years.ts'
import { appendEffects, type Effect, type InsurerEffect, readPreview } from '../../data/disputes/previews.ts'
import { panelBytes, panelOf } from '../../data/columns/panel-bytes.ts'
import { once, partResults } from '../../data/runs/runs.ts'
import { readSettlement, wholeSettlement } from '../../data/settlements/settlements.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import type { Handler } from '../queue/worker.ts'
import { yearWithPatient } from '../assessment/patient-substitution.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'
import { beginSettlement } from '../assessment/settlement.ts'
import { ownSources, type ShardCounts } from '../assessment/settlement-input.ts'

export const preview =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store, threads } = tools
    const { previewId, settlementId, contention } = await readPreview(store, job.run.runId)
    const { runId } = await readSettlement(store, settlementId)
    const context = await contextOf(tools, { ...job, results: { snapshot: [{ runId }] } })
    const { run, contract, better, enrolled, programme } = context
    const shard = shardOf(contention.patientId)
    const panel = panelOf(await readPanelBytes(store, { ...run, programme: programme.programme, shard }))
    const changed = panelIf(panel, contention)
    invariant(changed, 'what a preview disputes was looked up when it was asked for')
    const task = { panel: panelBytes(changed), contract, enrolled, better }
    const sources = await ownSources(store, context)
    const { expected } = await threads.run('expect', { ...task, models: sources.models }, { signal })
    // nothing of a preview is appended, so no patient keys are needed
    const patientKey = new Int32Array(changed.patientIds.length)
    const realised = await threads.run('realise', { ...task, expected, patientKey }, { signal })
    const measures = contract.outcomes.map(({ measure }) => measure)
    const stored = await readAssessedYears(store, run, measures)
    const shardsOf = async (asked: number) => {
      const before = stored.find(({ yearsBefore }) => yearsBefore === asked)
      const after = realised.years.find(({ yearsBefore }) => yearsBefore === asked)
      invariant(after, 'every assessed year is realised')
      return yearWithPatient(contention.patientId, before ?? null, after.bytes)
    }
    const counts = await partResults<ShardCounts>(store, runId, 'realise')
    const { settlement } = await beginSettlement(tools, sources, counts, shardsOf, signal)
    const [before, after] = [await wholeSettlement(store, settlementId), await settlement]
    return await once(store, { runId: previewId, stage: job.stage, part: job.part }, async (transaction) => {
      await appendEffects(transaction, previewId, effectsOf(before, after), insurerEffectsOf(before, after))
      return previewId
    })
  }

function effectsOf(before: Settlement, after: Settlement): Effect[] {
  return before.partners.map(({ partner_id, payment_cents: before_cents }, at) => {
    const other = after.partners[at]
    invariant(other?.partner_id === partner_id, 'both settlements are of the same partners')
    return { partner_id, before_cents, after_cents: other.payment_cents }
  })
}

function insurerEffectsOf(before: Settlement, after: Settlement): InsurerEffect[] {
  const paidBy = ({ partners }: Settlement, insurer: string): number =>
    partners
      .flatMap(({ insurers }) => insurers)
      .reduce((sum, share) => sum + (share.insurer === insurer ? share.cents : 0), 0)
  const shares = [before, after].flatMap(({ partners }) => partners.flatMap(({ insurers }) => insurers))
  const insurers = [...new Set(shares.map(({ insurer }) => insurer))].sort()
  return insurers.map((insurer) => ({
    insurer,
    before_cents: paidBy(before, insurer),
    after_cents: paidBy(after, insurer),
  }))
}
