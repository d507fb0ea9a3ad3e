/** The lifecycle of a settlement in the store: each act is an event, written with its ledger entries in one
 *  transaction. The database enforces the same order and signatures (0008_life.sql). */
import type { Day } from '../../engine/kernel/calendar.ts'
import { reversalOf, standingEntriesOf, undoingEntriesOf } from '../../engine/ledger/ledger.ts'
import { type Act, type Finality, type Lifecycle, objectionTo, STATE_AFTER } from '../../engine/ledger/lifecycle.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readContract } from '../region/contracts.ts'
import type { Store } from '../postgres/database.ts'
import { payOut } from './payments.ts'
import { releaseObstacles } from './release-obstacles.ts'
import { readRun } from '../runs/runs.ts'
import { entriesOfContract, lockLedger, post, readSettlement, type StoredSettlement } from './settlements.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

/** One act, signed by the holder of the token (`role:subject`), on the day on which it is done. */
export interface ActOrder {
  readonly settlementId: string
  readonly act: Act
  readonly by: string
  readonly on: Day
  readonly note?: string | undefined
  /** of a release; final unless said otherwise */
  readonly finality?: Finality | undefined
}

/** Does one act. Its ledger entries (a payment, the reversal of a rejected settlement) are posted with the event or not at all.
 *  @returns the lifecycle up to now
 *  @throws Refusal `unknown_settlement`; `not_in_order`, `own_review`, `own_release`, `before_last_act` (engine/ledger/lifecycle.ts);
 *    `corrected_since`, `final_stands`, `no_advance_share`; the codes of data/release-obstacles.ts */
export async function actOn(store: Pick<Store, 'pool'>, order: ActOrder): Promise<Lifecycle> {
  return await inTransaction(store, async (transaction) => {
    const { settlementId, act, by, on, note = '' } = order
    await lockLedger(transaction)
    const settlement = await readSettlement(transaction, settlementId)
    const life = await readLifecycle(transaction, settlement)
    const objection = objectionTo(life, act, by, on)
    if (objection) throw new Refusal(objection.code, `Settlement ${settlementId}: ${objection.sentence}.`, { by, act })
    if (act === 'release' || act === 'pay') await refuseCorrected(transaction, settlement)
    const finality = act === 'release' ? (order.finality ?? 'final') : null
    if (finality === 'provisional') await refuseProvisional(transaction, settlement)
    if (act === 'release') await refuseHeld(transaction, settlementId)
    if (act === 'pay') await payOut(transaction, settlement, { by, on })
    if (act === 'reject') await reverseRejected(transaction, settlement, on)
    await transaction.db
      .insertInto('settlement_event')
      .values({
        settlement_id: settlementId,
        step: life.length,
        state: STATE_AFTER[act],
        finality,
        acted_by: by,
        acted_on: on,
        note,
      })
      .execute()
    return await readLifecycle(transaction, settlement)
  })
}

/** The lifecycle of a settlement: who prepared it, as known on which day, and every event since. */
export async function readLifecycle(
  store: Pick<Store, 'db'>,
  { settlementId, preparedBy, asOf }: Pick<StoredSettlement, 'settlementId' | 'preparedBy' | 'asOf'>,
): Promise<Lifecycle> {
  const events = await store.db
    .selectFrom('settlement_event')
    .select(['state', 'acted_by as by', 'acted_on as on', 'note', 'finality'])
    .where('settlement_id', '=', settlementId)
    .orderBy('step')
    .execute()
  return [{ state: 'prepared', by: preparedBy, on: asOf, note: '', finality: null }, ...events]
}

const sameContract = ({ db }: Transaction, { contractId, regionId }: StoredSettlement) =>
  db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select('settlement.settlement_id')
    .where('contract_id', '=', contractId)
    .where('region_id', '=', regionId)

/** The settlement in force of a contract: the latest as_of that was not rejected; of equal as_of the last one made. */
async function holdingSettlement(transaction: Transaction, settlement: StoredSettlement): Promise<string | null> {
  const latest = await sameContract(transaction, settlement)
    .where('state', '<>', 'rejected')
    .orderBy('as_of', 'desc')
    .orderBy('settlement.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return latest?.settlement_id ?? null
}

async function refuseCorrected(transaction: Transaction, settlement: StoredSettlement): Promise<void> {
  const { settlementId } = settlement
  const holds = await holdingSettlement(transaction, settlement)
  if (holds === settlementId) return
  throw new Refusal(
    'corrected_since',
    `Settlement ${settlementId} is corrected by ${holds}: release and pay that one, or reject it.`,
    { settlementId, correctedBy: holds },
  )
}

/** @throws Refusal with the code of the first obstacle: models that are not payable yet, or expectations that drifted */
async function refuseHeld(transaction: Transaction, settlementId: string): Promise<void> {
  const obstacles = await releaseObstacles(transaction, settlementId)
  const [first] = obstacles
  if (first)
    throw new Refusal(first.code, `Settlement ${settlementId} is held. ${first.sentence}`, {
      obstacles: obstacles.map(({ sentence }) => sentence),
    })
}

/** A provisional settlement pays an advance share, so one must be agreed, and nothing is provisional any more after a final one. */
async function refuseProvisional(transaction: Transaction, settlement: StoredSettlement): Promise<void> {
  const { settlementId, runId } = settlement
  const { contractSha256 } = await readRun(transaction, runId)
  const { contract } = await readContract(transaction, contractSha256)
  if (!contract.bundled?.advanceShare)
    throw new Refusal(
      'no_advance_share',
      `Contract ${contract.contract} agrees on no advances (bundled.advance_share), so a provisional settlement would pay nothing: release ${settlementId} as final.`,
      { settlementId },
    )
  const final = await sameContract(transaction, settlement).where('finality', '=', 'final').limit(1).executeTakeFirst()
  if (final)
    throw new Refusal(
      'final_stands',
      `Settlement ${settlementId} follows the final settlement ${final.settlement_id} of its contract: release it as final.`,
      { final: final.settlement_id },
    )
}

/** Reverses what a rejected settlement posted; if it was in force, the one before it is reinstated. */
async function reverseRejected(transaction: Transaction, rejected: StoredSettlement, on: Day): Promise<void> {
  const { settlementId, contractId, regionId } = rejected
  const entries = await entriesOfContract(transaction.db, contractId, regionId)
  const holds = (await holdingSettlement(transaction, rejected)) === settlementId
  const standing = standingEntriesOf(entries)
  // The entries of a corrected settlement are reversed already.
  if (!holds) return
  const heir = await sameContract(transaction, rejected)
    .where('state', '<>', 'rejected')
    .where('settlement.settlement_id', '<>', settlementId)
    .orderBy('as_of', 'desc')
    .orderBy('settlement.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const undoing = heir ? undoingEntriesOf(entries, heir.settlement_id) : []
  await post(
    transaction,
    [...standing, ...undoing].map((entry) => reversalOf(entry, settlementId, on)),
  )
}
