/** The book of segment 2 of a region: entries appended in the transaction of what posts them, and its accounts. */
import type { ClientBase, Pool } from 'pg'
import type { Segment2Account, Segment2Entry } from '../../engine/bundled/entries.ts'

/** One writer of a region's book at a time, to the end of the transaction. */
export async function lockSegment2(client: ClientBase, regionId: number): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('segment 2'), $1)`, [regionId])
}

/** @param posting what posts them, with its number */
export async function postSegment2(
  client: ClientBase,
  regionId: number,
  posting: string,
  entries: readonly Segment2Entry[],
): Promise<void> {
  for (const { account, partnerId, insurer, debitCents, creditCents, postedOn } of entries)
    await client.query(
      `insert into segment2_entry (region_id, seq, posting, account, partner_id, insurer, debit_cents, credit_cents, posted_on, previous_hash, hash)
       values ($1, 1, $2, $3, $4, $5, $6, $7, $8, '', '')`,
      [regionId, posting, account, partnerId, insurer, debitCents, creditCents, postedOn],
    )
}

export interface Segment2Balance {
  readonly account: Segment2Account
  /** debits less credits: what stands in it */
  readonly cents: number
}

/** What stands in each account of a region; under row-level security, of the reader's own entries. */
export async function segment2Balances(client: ClientBase | Pool, regionId: number): Promise<Segment2Balance[]> {
  const { rows } = await client.query<{ account: Segment2Account; cents: string }>(
    `select account, sum(debit_cents - credit_cents)::text as cents from segment2_entry where region_id = $1 group by account order by account`,
    [regionId],
  )
  return rows.map(({ account, cents }) => ({ account, cents: Number(cents) }))
}
