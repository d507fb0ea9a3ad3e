/** Differences between settlements of one contract: which is the earlier, and what was found between them. */
import { sql } from 'kysely'
import { completed, reversedOf, type Ruled, sumOf, type Difference } from '../../engine/explain/difference.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import type { Run } from '../runs/runs.ts'
import { listSettlements, readSettlement, type StoredSettlement } from './settlements.ts'

export interface OrderedSettlements {
  readonly earlier: StoredSettlement
  readonly later: StoredSettlement
  /** whether the later one was named first */
  readonly turned: boolean
}

/** Two settlements of one contract and region in their order: of as_of, then of posting.
 *  @throws Refusal `unknown_settlement`, `not_comparable` */
export async function orderedSettlements(
  store: Pick<Store, 'db'>,
  from: string,
  to: string,
): Promise<OrderedSettlements> {
  const { contractId, regionId } = await readSettlement(store, from)
  await readSettlement(store, to)
  const settlements = await listSettlements(store, { contractId, regionId })
  const [at, other] = [from, to].map((id) => settlements.findIndex(({ settlementId }) => settlementId === id))
  if (other! < 0)
    throw new Refusal(
      'not_comparable',
      `Settlements ${from} and ${to} are of two contracts or regions; a difference is between two settlements of one.`,
      { from, to },
    )
  if (at === other)
    throw new Refusal('not_comparable', `Settlement ${from} does not differ from itself; name another.`, { from, to })
  // the list begins with the latest
  const turned = at! < other!
  const [earlier, later] = turned
    ? [settlements[other!]!, settlements[at!]!]
    : [settlements[at!]!, settlements[other!]!]
  return { earlier, later, turned }
}

/** The settlement of the same contract, region and year of a term that stood before this one; null: it is the first. */
export async function settlementBefore(
  store: Pick<Store, 'db'>,
  { settlementId, ...account }: Pick<StoredSettlement, 'contractId' | 'regionId' | 'periodStart' | 'settlementId'>,
): Promise<StoredSettlement | null> {
  const { contractId, regionId, periodStart } = account
  const settlements = await listSettlements(store, { contractId, regionId, periodStart })
  return settlements[settlements.findIndex((each) => each.settlementId === settlementId) + 1] ?? null
}

/** Stores a difference, once per pair. */
export async function appendDifference(store: Pick<Store, 'db'>, difference: Difference): Promise<void> {
  const { from, to } = difference
  const { turned } = await orderedSettlements(store, from.settlement_id, to.settlement_id)
  const ordered = turned ? reversedOf(difference) : difference
  await store.db
    .insertInto('settlement_difference')
    .values({
      from_id: ordered.from.settlement_id,
      to_id: ordered.to.settlement_id,
      document: JSON.stringify(ordered),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The stored difference between two settlements in either order; null: not computed yet.
 *  @throws Refusal `unknown_settlement`, `not_comparable` */
export async function readDifference(store: Pick<Store, 'db'>, from: string, to: string): Promise<Difference | null> {
  const { earlier, later, turned } = await orderedSettlements(store, from, to)
  const { rows } = await sql<{ document: string | null }>`
    select difference_document(${earlier.settlementId}, ${later.settlementId}) as document`.execute(store.db)
  const document = rows[0]?.document
  if (!document) return null
  // A partner is given its own row alone, so that the totals are its own too.
  const found = JSON.parse(document) as Omit<Difference, 'totals'> & Partial<Pick<Difference, 'totals'>>
  const difference = completed({ ...found, totals: found.totals ?? sumOf(found.partners) })
  return turned ? reversedOf(difference) : difference
}

/** What was upheld between two settlements of one contract, as it was previewed: by partner, and with which input it came.
 *  A ruling lies between them where the later one knew it and the earlier did not. */
export async function ruledBetween(
  store: Pick<Store, 'db'>,
  earlier: Pick<StoredSettlement, 'settlementId' | 'asOf' | 'contractId' | 'regionId'>,
  later: Pick<StoredSettlement, 'asOf'>,
): Promise<Ruled[]> {
  const { rows } = await sql<Ruled>`
    select e.partner_id, e.after_cents - e.before_cents as cents,
           case p.kind when 'not_our_patient' then 'attribution' else 'late_data' end as input
      from ruling r join dispute d using (dispute_id) join dispute_preview p using (preview_id) join dispute_effect e using (preview_id)
      join settlement s on s.settlement_id = p.settlement_id
     where r.verdict = 'upheld' and s.contract_id = ${earlier.contractId} and s.region_id = ${earlier.regionId}
       and (r.ruled_on > ${earlier.asOf} or p.settlement_id = ${earlier.settlementId}) and r.ruled_on <= ${later.asOf}
       and e.after_cents <> e.before_cents
     order by r.seq, e.partner_id collate "C"`.execute(store.db)
  return rows
}

/** A difference that was computed: between which settlements. */
export interface ListedDifference {
  readonly from: string
  readonly to: string
  readonly contract: string
  readonly seq: number
}

/** The differences that whoever asks may see, of one settlement or of all. */
export async function listDifferences(
  store: Pick<Store, 'db'>,
  settlementId: string | null,
): Promise<ListedDifference[]> {
  const { rows } = await sql<ListedDifference>`
    select d.from_id as "from", d.to_id as "to", s.contract_id as contract, d.seq
      from settlement_difference d join settlement s on s.settlement_id = d.to_id
     where ${settlementId}::text is null or ${settlementId} in (d.from_id, d.to_id)`.execute(store.db)
  return rows
}

/** Whether the panels that a run read are still in the store. */
export async function hasPanels(
  store: Pick<Store, 'db'>,
  { regionId, datasetSha256 }: Pick<Run, 'regionId' | 'datasetSha256'>,
  programme: string,
): Promise<boolean> {
  const { panels } = await store.db
    .selectFrom('panel_shard')
    .select(({ fn }) => fn.countAll<number>().as('panels'))
    .where('region_id', '=', regionId)
    .where('dataset_sha256', '=', datasetSha256)
    .where('programme', '=', programme)
    .executeTakeFirstOrThrow()
  return panels === SHARDS
}
