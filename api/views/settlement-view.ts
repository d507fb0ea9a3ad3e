/** A settlement as it was stored, with its contract, run and state; whole, or as the party that reads it may know it. */
import { readContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { Reader } from '../../data/access/keys.ts'
import { readRun, type Run } from '../../data/runs/runs.ts'
import { readExcerpt, settlementsOf } from '../../data/settlements/excerpts.ts'
import { releaseObstacles } from '../../data/settlements/release-obstacles.ts'
import {
  listSettlements,
  findSettlement,
  wholeSettlement,
  type StoredSettlement,
} from '../../data/settlements/settlements.ts'
import { noSettlement, partyOf, readsWhole, type SettlementRecord } from './role-view.ts'

export interface RunSettlementRecord extends SettlementRecord {
  readonly run: Run
  readonly stored: StoredSettlement
}

/** A settlement as the reader may know it.
 *  @throws Refusal `not_found`, whether there is none or it is none of the reader's business */
export async function readSettlementRecord(
  store: Store,
  reader: Reader,
  settlementId: string,
): Promise<RunSettlementRecord> {
  const stored = await findSettlement(store, settlementId)
  if (!stored) throw noSettlement(settlementId)
  if (readsWhole(reader)) return await readWhole(store, stored)
  const party = partyOf(reader)
  const excerpt = party && (await readExcerpt(store, settlementId, party))
  if (!excerpt) throw noSettlement(settlementId)
  return { settlement: excerpt.settlement, excerpt, ...(await aroundOf(store, stored)) }
}

/** A settlement with everybody's amounts: for readers of the whole, who were asked before. */
export async function readWhole(store: Store, stored: StoredSettlement): Promise<RunSettlementRecord> {
  const settlement = await wholeSettlement(store, stored.settlementId)
  return { settlement, excerpt: null, ...(await aroundOf(store, stored)) }
}

async function aroundOf(store: Store, stored: StoredSettlement) {
  const run = await readRun(store, stored.runId)
  const { contract } = await readContract(store, run.contractSha256)
  const held = stored.status === 'final' ? [] : await releaseObstacles(store, stored.settlementId)
  return { contract, status: stored.status, held, run, stored }
}

/** A line of a list: a settlement that the reader knows of. */
export interface SettledLine {
  readonly stored: StoredSettlement
}

/** The settlements that the reader may see, the latest as_of first: two queries, however many there are. */
export async function listSettlementRecords(
  store: Store,
  reader: Reader,
  of: Parameters<typeof listSettlements>[1],
): Promise<SettledLine[]> {
  const party = partyOf(reader)
  const concern = party && (await settlementsOf(store, party))
  const lines = (await listSettlements(store, of)).map((stored) => ({ stored }))
  return lines.filter(({ stored }) => concern?.has(stored.settlementId) ?? true)
}
