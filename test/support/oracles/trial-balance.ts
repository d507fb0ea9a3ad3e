/** The trial balance of a ledger by the database's own sums: debits less credits of every entry, nothing for 0. */
import type { Store } from '../../../data/postgres/database.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'

export interface TrialQuery {
  readonly contract?: string
  /** entries posted up to and including this day */
  readonly postedOn?: Day
  /** entries recorded up to and including this position in the ledger */
  readonly recorded?: number
}

/** In cents, by account and whom it is about ('partner p01'). */
export async function trialBalance(store: Store, of: TrialQuery = {}): Promise<Record<string, number>> {
  const { rows } = await store.pool.query<{ key: string; cents: number }>(
    `select trim(account || ' ' || case account when 'insurer' then l.insurer when 'coalition' then '' else partner_id end) as key,
            sum(debit_cents - credit_cents)::bigint as cents
       from ledger_entry l left join settlement s using (settlement_id) left join payment p using (payment_id)
      where ($1::text is null or coalesce(s.contract_id, p.contract_id) = $1) and posted_on <= $2::date and l.seq <= $3
      group by 1 having sum(debit_cents - credit_cents) <> 0 order by 1`,
    [of.contract ?? null, of.postedOn ?? 'infinity', of.recorded ?? Number.MAX_SAFE_INTEGER],
  )
  return Object.fromEntries(rows.map(({ key, cents }) => [key, cents]))
}
