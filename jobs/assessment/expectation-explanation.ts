/** The explanation of a patient's expectations in a settlement, from the frozen model and panel. */
import { type Day, epochDayOf } from '../../engine/kernel/calendar.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { outcomeAfter, yearsElapsedOf } from '../../engine/contract/term.ts'
import { isOfReference } from '../../engine/panel/landmarks.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { shardOf } from '../../engine/panel/shard.ts'
import { modelChoice } from '../../models/predictive/expecter.ts'
import { loadExplainer } from '../../models/explanation/explanation.ts'
import type { Store } from '../../data/postgres/database.ts'
import { readRunModels } from '../../data/runs/models.ts'
import type { Run } from '../../data/runs/runs.ts'
import { readPanel } from '../../data/snapshot/snapshot.ts'

/** mean = reference + the sum of contributions, but for rounding to six decimals; in the measure's unit. */
export interface ExpectationExplanation {
  readonly measure: string
  readonly mean: number
  readonly reference: number
  /** by group of features (models/explanation/words.ts); those that are 0 left out */
  readonly contributions: Readonly<Record<string, number>>
  readonly in_words: string
}

/** Explains the expectations of a patient on the index dates of a receipt, by measure. */
export async function expectationExplanations(
  store: Store,
  { run, contract }: { run: Run; contract: Contract },
  patientId: string,
  asked: readonly { readonly measure: string; readonly index_on: Day }[],
): Promise<ExpectationExplanation[]> {
  const panel = await readPanel(store, { ...run, programme: contract.programme, shard: shardOf(patientId) })
  const patient = panel.patientIds.indexOf(patientId)
  invariant(patient >= 0, 'an assessed patient is in the panel of its shard')
  const models = await readRunModels(store, run.runId)
  return asked.map(({ measure, index_on }) => {
    const indexOn = epochDayOf(index_on)
    const elapsed = yearsElapsedOf(contract, indexOn)
    const model = models.find((frozen) => frozen.measure === measure && frozen.yearsElapsed === elapsed)
    const outcome = contract.outcomes.find((each) => each.measure === measure)
    invariant(model && outcome, `a model of ${measure} is frozen`)
    const rows = { patient: Int32Array.of(patient), day: Int32Array.of(indexOn) }
    const explainer = loadExplainer(model.bytes)
    const choice = modelChoice(
      panel,
      rows,
      isOfReference(panel, contract, outcomeAfter(outcome, elapsed)),
      explainer.folds,
    )
    const { mean, reference, contributions, inWords } = explainer.explain(panel, rows, choice)
    const parts = [...contributions].map(([group, [value]]) => [group, quantised(value!)] as const)
    return {
      measure,
      mean: quantised(mean[0]!),
      reference: quantised(reference[0]!),
      contributions: Object.fromEntries(parts.filter(([, value]) => value !== 0)),
      in_words: inWords(0, Math.abs(mean[0]!) < 10 ? 2 : 1),
    }
  })
}
