/** A dispute of p01 about one of its patients, previewed and filed without its computation. */
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { fileDispute } from '../../../data/disputes/disputes.ts'
import { appendEffects, appendPreview, readEffects } from '../../../data/disputes/previews.ts'

/** @throws Refusal as `fileDispute` does */
export async function filedByHand(store: Store, settlementId: string, patientId: string): Promise<number> {
  const by = 'partner:p01'
  const contention = { kind: 'not_our_patient', partnerId: 'p01', patientId } as const
  const cents = { before_cents: 100, after_cents: 90 }
  const previewId = await appendPreview(store, { settlementId, partnerId: 'p01', contention }, by)
  if ((await readEffects(store, previewId)).length === 0)
    await inTransaction(store, (transaction) =>
      appendEffects(transaction, previewId, [{ partner_id: 'p01', ...cents }], [{ insurer: '3311', ...cents }]),
    )
  return await fileDispute(store, { previewId, evidence: 'a letter', by })
}
