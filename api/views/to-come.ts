/** Results that a settlement does not have yet and can still get: their window had not closed on its day (method.md 5, episodes). */
import type { Store } from '../../data/postgres/database.ts'
import { resultsToCome } from '../../data/runs/results-to-come.ts'
import { panelsOf, SMALLEST_GROUP } from '../../engine/disclosure/small-groups.ts'
import { toldOutcomes } from '../../engine/disclosure/told-missing.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { RunSettlementRecord } from './settlement-view.ts'

export interface ToCome {
  /** missing so far; null: of one to nine people */
  readonly results: number | null
  /** all results of the same outcomes and partners, measured or missing */
  readonly of: number
}

/** Over the panels of the record that have a row of their own, of a party's excerpt its own; without the outcomes of a partner of which one to nine
 *  are missing, who would be told by subtraction. */
export async function toComeOf(
  store: Pick<Store, 'pool'>,
  { settlement, contract, run }: Pick<RunSettlementRecord, 'settlement' | 'contract' | 'run'>,
): Promise<ToCome> {
  const { shown } = panelsOf(settlement.partners, contract.minPatients)
  const told = shown.flatMap(({ partner_id, outcomes }) =>
    toldOutcomes(outcomes).map(({ eligible, measure }) => {
      const outcome = contract.outcomes.find((each) => each.measure === measure)
      invariant(outcome, 'a settlement has the outcomes of its contract')
      return { partnerId: partner_id, outcome, eligible }
    }),
  )
  const { results, persons } = await resultsToCome(store, { run, contract, of: told })
  const of = told.reduce((sum, { eligible }) => sum + eligible, 0)
  return { results: persons > 0 && persons < SMALLEST_GROUP ? null : results, of }
}
