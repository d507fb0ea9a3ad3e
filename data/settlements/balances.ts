/** Balances, derived from the entries of the ledger: as posted up to a day, and as recorded up to an entry. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Account } from '../../engine/ledger/ledger.ts'
import type { Store } from '../postgres/database.ts'
import { byCodeUnits } from '../columns/text-order.ts'

/** Both time axes: posting day, and position in the ledger. */
export interface BalanceQuery {
  readonly contractId?: string | undefined
  readonly regionId?: number | undefined
  /** entries posted up to and including this day */
  readonly postedOn?: Day | undefined
  /** entries recorded up to and including this position in the ledger; later ones are left out */
  readonly recorded?: number | undefined
}

export interface Balance {
  readonly contract: string
  readonly account: Account
  /** the insurer on the account of insurers, null on that of the coalition, else the partner */
  readonly party: string
  /** debits less credits */
  readonly cents: number
}

/** Every balance that is not 0, by contract, account and party. */
export async function balancesAsOf(
  store: Pick<Store, 'db'>,
  { contractId, regionId, postedOn, recorded }: BalanceQuery = {},
): Promise<Balance[]> {
  const { rows } = await sql<Balance>`
    select coalesce(s.contract_id, p.contract_id) as contract, l.account,
           case l.account when 'insurer' then l.insurer when 'coalition' then '' else l.partner_id end as party,
           sum(l.debit_cents - l.credit_cents)::bigint as cents
      from ledger_entry l
      left join settlement s on s.settlement_id = l.settlement_id
      left join payment p on p.payment_id = l.payment_id
     where (${contractId ?? null}::text is null or coalesce(s.contract_id, p.contract_id) = ${contractId ?? null})
       and (${regionId ?? null}::int is null or coalesce(s.region_id, p.region_id) = ${regionId ?? null})
       and l.posted_on <= ${postedOn ?? 'infinity'}::date and l.seq <= ${recorded ?? Number.MAX_SAFE_INTEGER}::bigint
     group by 1, 2, 3 having sum(l.debit_cents - l.credit_cents) <> 0`.execute(store.db)
  return rows.sort((a, b) => byCodeUnits(keyOf(a), keyOf(b)))
}

const keyOf = ({ contract, account, party }: Balance): string => JSON.stringify([contract, account, party])
