/** The cost of the same care per procedure: shown for comparison, never added to a settlement (method.md 6). */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'

export interface ClaimsOrder {
  readonly regionId: number
  readonly asOf: Day
  readonly programme: string
  /** inclusive, as a contract writes it */
  readonly period: { readonly start: Day; readonly end: Day }
  /** UZOVI codes of the patients that count; null: every insurer's */
  readonly insurers: readonly string[] | null
  readonly partnerIds: readonly string[]
  /** the partner under which each counts: index in `partnerIds` (engine/roster.ts) */
  readonly credited: Int32Array
}

/** Cents claimed by each partner and its practices within the period, for patients who were enrolled with them in the
 *  programme on the day of the claim; in the order of `partnerIds`. */
export async function perProcedureCents(store: Pick<Store, 'pool'>, order: ClaimsOrder): Promise<number[]> {
  const { partnerIds, credited } = order
  const { rows } = await store.pool.query<{ credited: number; cents: string }>(
    `with counts_under as (select * from unnest($1::text[], $2::int[]) as c (partner_id, credited))
     select c.credited, sum(t.amount_cents)::text as cents
       from claim_known($3, $4) t
       join counts_under c using (partner_id)
       join patient_state_known($3, $4) p using (patient_key)
      where t.performed_on between $5 and $6
        and ($7::text[] is null or p.insurer = any ($7))
        and exists (
          select from enrolment_known($3, $4) e join counts_under own using (partner_id)
           where e.patient_key = t.patient_key and e.programme = $8 and own.credited = c.credited
             and e.started_on <= t.performed_on and (e.ended_on is null or t.performed_on < e.ended_on))
      group by c.credited`,
    [
      partnerIds,
      [...credited],
      order.regionId,
      order.asOf,
      order.period.start,
      order.period.end,
      order.insurers,
      order.programme,
    ],
  )
  const cents = new Map(rows.map((row) => [row.credited, Number(row.cents)]))
  return partnerIds.map((_, partner) => cents.get(partner) ?? 0)
}
