/** The excerpts of a settlement: what each party may know of it, laid down when it is stored. */
import type { Contract } from '../../engine/contract/contract.ts'
import { excerptOf, partiesOf, type Excerpt, type Party } from '../../engine/disclosure/excerpt.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readContract } from '../region/contracts.ts'
import type { Store } from '../postgres/database.ts'

/** Lays down what every party of a settlement may know of it; again changes nothing. */
export async function appendExcerpts(
  store: Pick<Store, 'db'>,
  settlement: Settlement,
  contract: Contract,
): Promise<void> {
  const rows = partiesOf(settlement).map((party) => ({
    settlement_id: settlement.settlement_id,
    ...party,
    document: JSON.stringify(excerptOf(party, settlement, contract)),
  }))
  await store.db
    .insertInto('settlement_excerpt')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The settlement as a party may know it; null: it is none of the party's business. */
export async function readExcerpt(
  store: Pick<Store, 'db'>,
  settlementId: string,
  { role, subject }: Party,
): Promise<Excerpt | null> {
  const row = await store.db
    .selectFrom('settlement_excerpt')
    .select('document')
    .where('settlement_id', '=', settlementId)
    .where('role', '=', role)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return (row?.document as Excerpt | undefined) ?? null
}

/** The settlements that concern a party. */
export async function settlementsOf(store: Pick<Store, 'db'>, { role, subject }: Party): Promise<ReadonlySet<string>> {
  const rows = await store.db
    .selectFrom('settlement_excerpt')
    .select('settlement_id')
    .where('role', '=', role)
    .where('subject', '=', subject)
    .execute()
  return new Set(rows.map(({ settlement_id }) => settlement_id))
}

/** Settlements from before there were excerpts get theirs. Called by the owner of the schema, after it is brought up to date. */
export async function completeExcerpts(store: Pick<Store, 'db'>): Promise<number> {
  const rows = await store.db
    .selectFrom('settlement as s')
    .innerJoin('run as r', 'r.run_id', 's.run_id')
    .select(['s.settlement_id', 's.document', 'r.contract_sha256'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('settlement_excerpt as x').select('x.role').whereRef('x.settlement_id', '=', 's.settlement_id'),
        ),
      ),
    )
    .orderBy('s.seq')
    .execute()
  for (const { document, contract_sha256 } of rows) {
    const { contract } = await readContract(store, contract_sha256)
    await appendExcerpts(store, JSON.parse(document) as Settlement, contract)
  }
  return rows.length
}
