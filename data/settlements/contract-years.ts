/** Years under an earlier contract: neither a reference nor placebo years of one that follows, unless both sides signed that they are. */
import type { Contract } from '../../engine/contract/contract.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

interface ReleasedYear {
  readonly contract: string
  readonly start: Day
  readonly end: Day
  /** null: every partner of the programme */
  readonly partners: readonly string[] | null
}

/** Refuses a contract that would learn from years for which partners of its reference were paid under another: what they gained there would
 *  be expected of them here. Under a contract is a year with a released settlement.
 *  @throws Refusal `contract_years` */
export async function refuseContractYears(
  store: Pick<Store, 'pool'>,
  { regionId, contract }: { readonly regionId: number; readonly contract: Contract },
): Promise<void> {
  const { reference } = contract
  if (reference.includesContractYears === 'agreed') return
  const within = await releasedYearsWithin(store, regionId, contract)
  const learned = partnersOfReference(contract)
  const first = within.find(
    ({ partners }) => partners === null || learned === null || partners.some((id) => learned.has(id)),
  )
  if (first === undefined) return
  throw new Refusal(
    'contract_years',
    `Contract ${contract.contract}: its reference (${reference.start} to ${reference.end}) holds ${first.start} to ${first.end}, a year under contract ${first.contract}, in which the gains that were paid for would become what is expected. End the reference before ${first.start}, or, where both sides have signed it, write reference.includes_contract_years: agreed.`,
    { contract: contract.contract, earlier: first.contract, period: { start: first.start, end: first.end } },
  )
}

/** Whose care is learned from; null: everybody's. */
function partnersOfReference({ reference, partners, control }: Contract): ReadonlySet<string> | null {
  if (reference.partners === null || partners === null) return null
  return new Set([...reference.partners, ...partners, ...control])
}

/** Released years of other contracts of the programme that share a day with the reference, the earliest first. */
async function releasedYearsWithin(
  { pool }: Pick<Store, 'pool'>,
  regionId: number,
  { contract, programme, reference }: Contract,
): Promise<ReleasedYear[]> {
  const { rows } = await pool.query<ReleasedYear>(
    `select distinct c.contract_id as contract, c.document #>> '{period,start}' as start, c.document #>> '{period,end}' as "end",
        c.document -> 'partners' as partners
       from settlement s join settlement_state st using (settlement_id) join run r using (run_id) join contract c using (contract_sha256)
      where s.region_id = $1 and st.released_on is not null and c.contract_id <> $2 and c.programme = $3
        and c.document #>> '{period,start}' <= $5 and c.document #>> '{period,end}' >= $4
      order by 2, 1`,
    [regionId, contract, programme, reference.start, reference.end],
  )
  return rows.map((row) => ({ ...row, partners: row.partners ?? null }))
}
