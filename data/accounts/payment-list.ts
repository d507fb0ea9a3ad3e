/** The payments that were made: of each who paid what, when, and how much, as far as the reader may know. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'

export interface PaymentListed {
  readonly payment_id: string
  /** order in which payments were recorded */
  readonly seq: number
  readonly contract: string
  /** null: an advance */
  readonly settlement_id: string | null
  /** whose share; '': an advance of the coalition, or all insurers at once */
  readonly insurer: string
  readonly advance_on: Day | null
  readonly paid_by: string
  readonly paid_on: Day
  /** what partners got by it, below 0 what they paid back; to a partner its own */
  readonly cents: number
}

/** Payments of a region, the latest first; of one settlement or contract where it is named. */
export async function listPayments(
  store: Pick<Store, 'db'>,
  of: {
    readonly regionId: number
    readonly settlementId?: string | undefined
    readonly contractId?: string | undefined
  },
): Promise<PaymentListed[]> {
  const { rows } = await sql<PaymentListed>`
    select p.payment_id, p.seq, p.contract_id as contract, p.settlement_id, p.insurer, p.advance_on, p.paid_by, p.paid_on,
           coalesce((select sum(case l.account when 'advances' then l.debit_cents - l.credit_cents else l.credit_cents - l.debit_cents end)
              from ledger_entry l
             where l.payment_id = p.payment_id and l.account in ('partner', 'chain', 'advances') and l.reverses is null), 0)::bigint as cents
      from payment p
     where p.region_id = ${of.regionId}
       and (${of.settlementId ?? null}::text is null or p.settlement_id = ${of.settlementId ?? null})
       and (${of.contractId ?? null}::text is null or p.contract_id = ${of.contractId ?? null})
     order by p.seq desc`.execute(store.db)
  return rows
}
