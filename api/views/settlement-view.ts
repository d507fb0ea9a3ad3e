/** A stored settlement with its contract, run and state, for readers that may see it. */
import { readContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import { releaseObstacles } from '../../data/settlements/release-obstacles.ts'
import { readRun, type Run } from '../../data/runs/runs.ts'
import { listSettlements, readSettlement, type StoredSettlement } from '../../data/settlements/settlements.ts'
import type { Owner } from '../../data/postgres/tokens.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { maySee, noSettlement, type SettlementRecord } from './role-view.ts'

export interface RunSettlementRecord extends SettlementRecord {
  readonly run: Run
  readonly stored: StoredSettlement
}

/** A settlement that the reader may see.
 *  @throws Refusal `unknown_settlement`, whether it does not exist or is not visible to the reader */
export async function readSettlementRecord(
  store: Store,
  reader: Owner,
  settlementId: string,
): Promise<RunSettlementRecord> {
  const stored = await readSettlement(store, settlementId)
  const record = await withContract(store, stored)
  if (!maySee(reader, record)) throw noSettlement(settlementId)
  return record
}

/** A stored settlement with its contract and run; the caller checks that the reader may see it. */
export async function withContract(store: Store, stored: StoredSettlement): Promise<RunSettlementRecord> {
  const run = await readRun(store, stored.runId)
  const { contract } = await readContract(store, run.contractSha256)
  const held = stored.status === 'final' ? [] : await releaseObstacles(store, stored.settlementId)
  return { settlement: documentOf(stored), contract, status: stored.status, held, run, stored }
}

const documentOf = ({ document }: StoredSettlement): Settlement => JSON.parse(document) as Settlement

/** The settlements that the reader may see, the latest as_of first. */
export async function listSettlementRecords(
  store: Store,
  reader: Owner,
  of: Parameters<typeof listSettlements>[1],
): Promise<{ readonly stored: StoredSettlement; readonly settlement: Settlement }[]> {
  return (await listSettlements(store, of))
    .map((stored) => ({ stored, settlement: documentOf(stored) }))
    .filter((each) => maySee(reader, each))
}
