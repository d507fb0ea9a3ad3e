/** Contracts by content hash: a changed clause is another contract with the same name. */
import { stringify } from 'yaml'
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'

export interface StoredContract {
  readonly contractSha256: string
  readonly contract: Contract
  readonly yaml: string
}

/** Keeps a contract under its hash, for the region that it is handed to. The same one twice is one: handed in
 *  again, an earlier one does not become the latest of its name. */
export async function appendContract(
  store: Pick<Store, 'db'>,
  regionId: number,
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
  await store.db
    .insertInto('region_contract')
    .values({ region_id: regionId, contract_sha256: contractSha256, contract_id: contract.contract })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

interface ContractRow {
  readonly contract_sha256: string
  readonly document: unknown
  readonly yaml: string
}

const storedOf = (row: ContractRow): StoredContract => ({
  contractSha256: row.contract_sha256,
  contract: row.document as Contract,
  yaml: row.yaml,
})

const unknown = (asked: string): Refusal =>
  new Refusal('unknown_contract', `There is no contract "${asked}"; hand it in first.`, { contract: asked })

/** The contract of that hash. A name is never looked at: a contract may be called by another one's hash.
 *  @throws Refusal `unknown_contract` */
export async function readContract(store: Pick<Store, 'db'>, contractSha256: string): Promise<StoredContract> {
  const row = await store.db
    .selectFrom('contract')
    .select(['contract_sha256', 'document', 'yaml'])
    .where('contract_sha256', '=', contractSha256)
    .executeTakeFirst()
  if (!row) throw unknown(contractSha256)
  return storedOf(row)
}

const ofRegion = (store: Pick<Store, 'db'>, regionId: number) =>
  store.db
    .selectFrom('region_contract as r')
    .innerJoin('contract as c', 'c.contract_sha256', 'r.contract_sha256')
    .select(['c.contract_sha256', 'c.document', 'c.yaml'])
    .where('r.region_id', '=', regionId)

/** The latest contract of that name in a region, or the one of that hash: 64 hexadecimal digits are a hash and never a name.
 *  @throws Refusal `unknown_contract` */
export async function contractOfRegion(
  store: Pick<Store, 'db'>,
  regionId: number,
  asked: string,
): Promise<StoredContract> {
  const isHash = /^[0-9a-f]{64}$/.test(asked)
  const row = await ofRegion(store, regionId)
    .where(isHash ? 'r.contract_sha256' : 'r.contract_id', '=', asked)
    .orderBy('r.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw unknown(asked)
  return storedOf(row)
}

/** The latest of every contract of a region, by name. */
export async function listContracts(store: Pick<Store, 'db'>, regionId: number): Promise<StoredContract[]> {
  const rows = await ofRegion(store, regionId)
    .distinctOn('r.contract_id')
    .orderBy('r.contract_id')
    .orderBy('r.seq', 'desc')
    .execute()
  return rows.map(storedOf)
}

/** The contract as it was handed in, without the partners it names and without comments: for research, which knows partners by codes. */
export function yamlWithoutPartners(yaml: string): string {
  const document = yamlDocument(yaml, 'the contract')
  if (document === null || typeof document !== 'object') return ''
  const { partners: _partners, control: _control, reference, ...rest } = document as Readonly<Record<string, unknown>>
  const { partners: _reference, ...days } = (reference ?? {}) as Readonly<Record<string, unknown>>
  return stringify({ ...rest, reference: days })
}
