/** Every payment of a settlement with each control left out in turn, kept with it. */
import type { ControlEffect } from '../../engine/explain/dependence.ts'
import type { Store } from '../postgres/database.ts'
import type { Transaction } from '../postgres/transaction.ts'

/** Appends them, once. */
export async function appendControlEffects(
  { db }: Pick<Transaction, 'db'>,
  settlement_id: string,
  effects: readonly ControlEffect[],
): Promise<void> {
  const rows = effects.flatMap(({ control_id, payments }) =>
    payments.map((payment) => ({ settlement_id, control_id, ...payment })),
  )
  if (rows.length === 0) return
  await db
    .insertInto('control_effect')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** In order of control and partner; none where a settlement has no trend, or is older than this is kept. */
export async function readControlEffects(
  store: Pick<Store, 'db'>,
  settlementId: string,
): Promise<readonly ControlEffect[]> {
  const rows = await store.db
    .selectFrom('control_effect')
    .select(['control_id', 'partner_id', 'payment_cents'])
    .where('settlement_id', '=', settlementId)
    .orderBy('control_id')
    .orderBy('partner_id')
    .execute()
  return [...new Set(rows.map(({ control_id }) => control_id))].map((control_id) => ({
    control_id,
    payments: rows
      .filter((row) => row.control_id === control_id)
      .map(({ partner_id, payment_cents }) => ({ partner_id, payment_cents })),
  }))
}
