/** A settlement released by hand: the models of a test's region are judged by nobody, so that its acts cannot do it. */
import { actDay } from '../../../data/settlements/act-day.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { signsFor } from '../../../engine/ledger/signer.ts'

/** Reviewed by bob, approved by every insurer for its own, and so released as final, today. */
export async function releasedByHand(store: Store, settlementId: string): Promise<void> {
  const on = await actDay(store)
  const { rows } = await store.pool.query<{ insurer: string }>(
    'select unnest(insurers) as insurer from settlement where settlement_id = $1',
    [settlementId],
  )
  const approvers = rows.map(({ insurer }) => [insurer, signerFor(insurer)] as const)
  const event = 'insert into settlement_event (settlement_id, step, state, acted_by, acted_on, finality) values '
  const one = (step: number, state: string, by: string, finality: string | null) =>
    `${event} ('${settlementId}', ${step}, '${state}', '${by}', '${on}', ${finality === null ? 'null' : `'${finality}'`});`
  // A simple query of several statements is one transaction: an approval does not stand without the release that it is the last for.
  await store.pool.query(
    [
      one(1, 'reviewed', 'analyst:bob', null),
      ...approvers.map(
        ([insurer, by]) =>
          `insert into settlement_approval (settlement_id, insurer, finality, acted_by, acted_on) values ('${settlementId}', '${insurer}', 'final', '${by}', '${on}');`,
      ),
      one(2, 'released', approvers.at(-1)![1], 'final'),
    ].join('\n'),
  )
}

/** Reviewed by bob, and approved by nobody yet. */
export async function reviewedByHand(store: Store, settlementId: string): Promise<void> {
  await store.pool.query(
    `insert into settlement_event (settlement_id, step, state, acted_by, acted_on) values ($1, 1, 'reviewed', 'analyst:bob', $2)`,
    [settlementId, await actDay(store)],
  )
}

/** Who approves an insurer's share: the insurer, or an analyst who neither prepared nor reviewed. */
export const signerFor = (insurer: string): string =>
  signsFor(`insurer:${insurer}`, insurer) ? `insurer:${insurer}` : 'analyst:cas'
