/** The lifecycle of a settlement in the view of each role: events to all who may see the settlement, amounts to analysts and to the partner itself. */
import type { Store } from '../../data/postgres/database.ts'
import { readLifecycle } from '../../data/settlements/lifecycle.ts'
import { readPayout } from '../../data/settlements/payments.ts'
import { releaseObstacles } from '../../data/settlements/release-obstacles.ts'
import { ledgerHead } from '../../data/settlements/settlements.ts'
import type { Reader } from '../../data/access/keys.ts'
import { nextActs, stateOf } from '../../engine/ledger/lifecycle.ts'
import type { LifecycleView } from '../schemas/lifecycle.ts'
import { readsWhole } from './role-view.ts'
import { readSettlementRecord } from './settlement-view.ts'

/** @throws Refusal `unknown_settlement`; whether the reader may know of it was asked before */
export async function lifecycleFor(store: Store, reader: Reader, settlementId: string): Promise<LifecycleView> {
  const { stored, settlement } = await readSettlementRecord(store, reader, settlementId)
  const lifecycle = await readLifecycle(store, stored)
  const state = stateOf(lifecycle)
  const pays = state === 'rejected' || reader.role === 'insurer' ? [] : await readPayout(store, stored, settlement)
  const held = state === 'reviewed' || state === 'prepared' ? await releaseObstacles(store, settlementId) : []
  return {
    settlement_id: settlementId,
    contract: stored.contractId,
    as_of: stored.asOf,
    state,
    status: stored.status,
    next: [...nextActs(state)],
    held_by: reader.role === 'partner' ? [] : held.map(({ sentence }) => sentence),
    events: lifecycle.map((event) => ({ ...event })),
    pays: pays
      .filter(({ partner_id }) => readsWhole(reader) || partner_id === reader.subject)
      .map((line) => ({ ...line })),
    ledger_head: await ledgerHead(store),
  }
}
