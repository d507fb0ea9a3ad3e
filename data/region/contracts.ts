/** Contracts by content hash: a changed clause is another contract with the same name. */
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

export interface StoredContract {
  readonly contractSha256: string
  readonly contract: Contract
  readonly yaml: string
}

/** Keeps a contract under its hash; the same one twice is one. */
export async function appendContract(
  store: Pick<Store, 'db'>,
  { contractSha256, contract, yaml }: StoredContract,
): Promise<void> {
  await store.db
    .insertInto('contract')
    .values({
      contract_sha256: contractSha256,
      contract_id: contract.contract,
      programme: contract.programme,
      yaml,
      document: JSON.stringify(contract),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The contract of that hash, or the latest of that name.
 *  @throws Refusal `unknown_contract` */
export async function readContract(store: Pick<Store, 'db'>, hashOrId: string): Promise<StoredContract> {
  const row = await store.db
    .selectFrom('contract')
    .selectAll()
    .where((eb) => eb.or([eb('contract_sha256', '=', hashOrId), eb('contract_id', '=', hashOrId)]))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row) return { contractSha256: row.contract_sha256, contract: row.document as Contract, yaml: row.yaml }
  throw new Refusal('unknown_contract', `There is no contract "${hashOrId}"; hand it in first.`, { contract: hashOrId })
}

/** The latest of every contract, by name. */
export async function listContracts(store: Pick<Store, 'db'>): Promise<StoredContract[]> {
  const rows = await store.db
    .selectFrom('contract')
    .selectAll()
    .distinctOn('contract_id')
    .orderBy('contract_id')
    .orderBy('seq', 'desc')
    .execute()
  return rows.map((row) => ({
    contractSha256: row.contract_sha256,
    contract: row.document as Contract,
    yaml: row.yaml,
  }))
}
