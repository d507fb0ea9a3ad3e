/** What a disputed fact would change: the settlement anew with that one change, by the models and rows that it was made from. */
import { invariant } from '../../engine/kernel/refusal.ts'
import { panelIf } from '../../engine/explain/dispute.ts'
import { shardOf } from '../../engine/panel/shard.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readAssessedYears } from '../../data/runs/assessed-years.ts'
import { appendEffects, type Effect, readPreview } from '../../data/settlements/disputes.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { panelBytes, panelOf } from '../../data/columns/panel-bytes.ts'
import { once, partResults } from '../../data/runs/runs.ts'
import { readSettlement } from '../../data/settlements/settlements.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import type { Handler } from '../queue/worker.ts'
import { yearsWith } from '../assessment/patient-substitution.ts'
import { contextOf, type Tools } from '../assessment/run-context.ts'
import { includedCounts, settlementInputOf } from './settlement-input.ts'

export const preview =
  (tools: Tools): Handler =>
  async (job, signal) => {
    const { store, threads } = tools
    const { previewId, settlementId, contention } = await readPreview(store, job.run.runId)
    const { runId, document } = await readSettlement(store, settlementId)
    const context = await contextOf(tools, { ...job, results: { snapshot: [{ runId }] } })
    const { run, contract, better, enrolled, programme } = context
    const shard = shardOf(contention.patientId)
    const panel = panelOf(await readPanelBytes(store, { ...run, programme: programme.programme, shard }))
    const changed = panelIf(panel, contention)
    invariant(changed, 'what a preview disputes was looked up when it was asked for')
    const task = { panel: panelBytes(changed), contract, enrolled, better }
    const models = await readRunModels(store, runId)
    const { expected } = await threads.run('expect', { ...task, models }, { signal })
    // nothing of a preview is appended, so nobody's key is needed
    const patientKey = new Int32Array(changed.patientIds.length)
    const { blocks } = await threads.run('realise', { ...task, expected, patientKey }, { signal })
    const measures = contract.outcomes.map(({ measure }) => measure)
    const idOf = await patientIds(tools, run.regionId)
    const years = yearsWith(await readAssessedYears(store, run, measures), changed, blocks, contention.patientId, idOf)
    const counts = includedCounts({ results: { realise: await partResults(store, runId, 'realise') } })
    const input = await settlementInputOf(store, context, counts)
    const settlement = await threads.run('settleYears', { input, years }, { signal })
    const effects = effectsOf(JSON.parse(document) as Settlement, settlement)
    return await once(store, { runId: previewId, stage: job.stage, part: job.part }, async (transaction) => {
      await appendEffects(transaction, previewId, effects)
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

async function patientIds({ store }: Tools, regionId: number): Promise<ReadonlyMap<number, string>> {
  const rows = await store.db
    .selectFrom('patient')
    .select(['patient_key', 'patient_id'])
    .where('region_id', '=', regionId)
    .execute()
  return new Map(rows.map(({ patient_key, patient_id }) => [patient_key, patient_id]))
}
