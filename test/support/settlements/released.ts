/** A settlement released by hand: the models of a test's region are judged by nobody, so that its acts cannot do it. */
import { today } from '../../../api/views/signature.ts'
import type { Store } from '../../../data/postgres/database.ts'

/** Reviewed by bob and released as final by cas, today. */
export async function releasedByHand(store: Store, settlementId: string): Promise<void> {
  for (const [step, state, by, finality] of [
    [1, 'reviewed', 'analyst:bob', null],
    [2, 'released', 'analyst:cas', 'final'],
  ] as const)
    await store.pool.query(
      'insert into settlement_event (settlement_id, step, state, acted_by, acted_on, finality) values ($1, $2, $3, $4, $5, $6)',
      [settlementId, step, state, by, today(), finality],
    )
}
