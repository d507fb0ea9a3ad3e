/** The lifecycle of a settlement in the store: each act is an event or a share's approval or payment, written with its ledger entries in one
 *  transaction. The database enforces the same order, signatures and days (0020_decisions.sql). */
import { reversalOf, standingEntriesOf, undoingEntriesOf } from '../../engine/ledger/ledger.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import {
  type Act,
  type Finality,
  objectionTo,
  type SettlementState,
  STATE_AFTER,
  type Standing,
} from '../../engine/ledger/lifecycle.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { NOBODYS_SHARE, signerOf } from '../../engine/ledger/signer.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'
import type { Store } from '../postgres/database.ts'
import { readContract } from '../region/contracts.ts'
import { readRun } from '../runs/runs.ts'
import { actDay } from './act-day.ts'
import { payShare, payableInsurers } from './payments.ts'
import { releaseObstacles } from './release-obstacles.ts'
import { entriesOfAccount, lockLedger, post, readSettlement, type StoredSettlement } from './settlements.ts'
import { wholeStanding } from './standing.ts'

/** One act, signed by whoever was let in (`role:subject`), on the day on which it is done. */
export interface ActOrder {
  readonly settlementId: string
  readonly act: Act
  readonly by: string
  readonly note?: string | undefined
  /** of a release; final unless said otherwise */
  readonly finality?: Finality | undefined
  /** of a release or payment: whose share; the signer's own unless said otherwise, of a payment by an analyst every share that is open */
  readonly insurer?: string | undefined
}

interface Acting {
  readonly transaction: Transaction
  readonly settlement: StoredSettlement
  readonly order: ActOrder
  readonly on: Day
}

/** Does one act. Its ledger entries (a payment, the reversal of a rejected settlement) are posted with the event or not at all. A settlement
 *  is released by the last approval of a share, and paid by the last payment.
 *  @returns how far the settlement is now
 *  @throws Refusal `unknown_settlement`; the codes of engine/ledger/lifecycle.ts; `corrected_since`, `final_stands`, `no_advance_share`; those of
 *    data/release-obstacles.ts */
export async function actOn(store: Pick<Store, 'pool'>, order: ActOrder): Promise<Standing> {
  return await inTransaction(store, async (transaction) => {
    await lockLedger(transaction)
    const settlement = await readSettlement(transaction, order.settlementId)
    const acting = { transaction, settlement, order, on: await actDay(transaction) }
    if (order.act === 'release') await approve(acting)
    else if (order.act === 'pay') await pay(acting)
    else await decide(acting)
    return await wholeStanding(transaction, settlement)
  })
}

/** A review or a rejection: of the whole settlement. */
async function decide({ transaction, settlement, order, on }: Acting): Promise<void> {
  const standing = await wholeStanding(transaction, settlement)
  refuseObjection(standing, order, null)
  if (order.act === 'reject') await reverseRejected(transaction, settlement, on)
  await appendEvent({ transaction, settlement, order, on }, STATE_AFTER[order.act], null)
}

async function approve(acting: Acting): Promise<void> {
  const { transaction, settlement, order, on } = acting
  const { by, note = '', finality = 'final' } = order
  const { role, party } = signerOf(by)
  const insurer = order.insurer ?? (role === 'insurer' ? party : NOBODYS_SHARE)
  const before = await wholeStanding(transaction, settlement)
  refuseObjection(before, { ...order, finality }, insurer)
  await refuseCorrected(transaction, settlement)
  if (finality === 'provisional') await refuseProvisional(transaction, settlement)
  await refuseHeld(transaction, settlement.settlementId)
  await transaction.db
    .insertInto('settlement_approval')
    .values({ settlement_id: settlement.settlementId, insurer, finality, acted_by: by, acted_on: on, note })
    .execute()
  if (before.approvals.length + 1 === before.insurers.length) await appendEvent(acting, 'released', finality)
}

async function pay(acting: Acting): Promise<void> {
  const { transaction, settlement, order, on } = acting
  const { by } = order
  const before = await wholeStanding(transaction, settlement)
  const standing = { ...before, insurers: await payableInsurers(transaction, settlement, before.insurers) }
  const { role, party } = signerOf(by)
  const open = standing.insurers.filter((insurer) => !before.payments.some((paid) => paid.insurer === insurer))
  const insurers = order.insurer !== undefined ? [order.insurer] : role === 'insurer' ? [party] : open
  for (const insurer of insurers.length === 0 ? [null] : insurers) refuseObjection(standing, order, insurer)
  await refuseCorrected(transaction, settlement)
  for (const insurer of insurers) await payShare(transaction, settlement, { insurer, by, on })
  const paid = new Set([...before.payments.map(({ insurer }) => insurer), ...insurers])
  if (before.insurers.every((insurer) => paid.has(insurer))) await appendEvent(acting, 'paid', null)
}

function refuseObjection(standing: Standing, { settlementId, act, by, finality }: ActOrder, insurer: string | null) {
  const objection = objectionTo(standing, { act, by, insurer, finality: finality ?? null })
  if (objection) throw new Refusal(objection.code, `Settlement ${settlementId}: ${objection.sentence}.`, { by, act })
}

async function appendEvent(
  { transaction, settlement: { settlementId }, order: { by, note = '' }, on }: Acting,
  state: Exclude<SettlementState, 'prepared'>,
  finality: Finality | null,
): Promise<void> {
  const { steps } = await transaction.db
    .selectFrom('settlement_event')
    .select(({ fn }) => fn.countAll<number>().as('steps'))
    .where('settlement_id', '=', settlementId)
    .executeTakeFirstOrThrow()
  await transaction.db
    .insertInto('settlement_event')
    .values({ settlement_id: settlementId, step: steps + 1, state, finality, acted_by: by, acted_on: on, note })
    .execute()
}
const sameContract = ({ db }: Transaction, { contractId, regionId, periodStart }: StoredSettlement) =>
  db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select('settlement.settlement_id')
    .where('contract_id', '=', contractId)
    .where('region_id', '=', regionId)
    .where('period_start', 'is not distinct from', periodStart)

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
  const { settlementId } = rejected
  const entries = await entriesOfAccount(transaction.db, rejected)
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
