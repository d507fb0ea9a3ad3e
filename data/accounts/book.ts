/** The book by account: what is expected, owed, paid and open, derived from the entries of the ledger and the state of their settlements. */
import { sql, type RawBuilder } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Account } from '../../engine/ledger/ledger.ts'
import { paidIn, type PaymentEntry } from '../../engine/ledger/payout.ts'
import type { Store } from '../postgres/database.ts'
import { byCodeUnits } from '../columns/text-order.ts'
import { settledAtOnce } from '../settlements/payments.ts'

/** Both time axes: posting day, and position in the ledger. */
export interface BookQuery {
  readonly contractId?: string | undefined
  readonly regionId?: number | undefined
  /** entries posted, and settlements released, up to and including this day */
  readonly postedOn?: Day | undefined
  /** entries recorded up to and including this position in the ledger; later ones are left out */
  readonly recorded?: number | undefined
}

/** One account of one contract in one region, in cents: debits less credits, so that an insurer's amounts are below 0 where it pays. */
export interface BookLine {
  readonly region: string
  readonly contract: string
  readonly account: Exclude<Account, 'advances'>
  /** the insurer on the account of insurers, '' on that of the coalition, else the partner */
  readonly party: string
  /** of settlements that are prepared or reviewed: by how much what is owed would change */
  readonly expected: number
  /** of released settlements */
  readonly owed: number
  readonly paid: number
  /** owed less paid */
  readonly open: number
}

/** Every account that is not 0 throughout, by region, contract, account and party. Under row-level security, of what the reader may see.
 *
 *  Owed is what the last released settlement of a contract books, and expected what brings it to the one in force: entries that undo others need
 *  not be followed, since the ledger says at any moment what the settlement in force books. */
export async function readBook(store: Pick<Store, 'db'>, query: BookQuery = {}): Promise<BookLine[]> {
  const { rows } = await sql<Omit<BookLine, 'open'>>`
    with ${entries(query)}, ${lastSettlements(query)}
    select region, e.contract, account,
           case account when 'insurer' then insurer when 'coalition' then '' else partner_id end as party,
           (coalesce(sum(cents) filter (where settlement_id = in_force), 0)
             - coalesce(sum(cents) filter (where settlement_id = released), 0))::bigint as expected,
           coalesce(sum(cents) filter (where settlement_id = released), 0)::bigint as owed,
           coalesce(-sum(cents) filter (where payment_id is not null), 0)::bigint as paid
      from entry e left join last using (region_id, contract)
     where not at_once and reverses is null
     group by 1, 2, 3, 4`.execute(store.db)
  const lines = new Map(rows.map((row) => [keyOf(row), row]))
  for (const line of await paidAtOnce(store, query, lines)) {
    const before = lines.get(keyOf(line))
    lines.set(keyOf(line), before ? { ...before, paid: before.paid + line.paid } : line)
  }
  return [...lines.values()]
    .filter(({ expected, owed, paid }) => expected !== 0 || owed !== 0 || paid !== 0)
    .map((line) => ({ ...line, open: line.owed - line.paid }))
    .sort((a, b) => byCodeUnits(keyOf(a), keyOf(b)))
}

/** By region and contract, the last settlement that was released, and the last that was not rejected, as of the day and entry. */
const lastSettlements = ({ postedOn, recorded }: BookQuery): RawBuilder<unknown> => sql`
    last as (
      select s.region_id, s.contract_id as contract,
             (array_agg(s.settlement_id order by s.as_of desc, s.seq desc) filter (where st.released_on <= ${postedOn ?? 'infinity'}::date))[1] as released,
             (array_agg(s.settlement_id order by s.as_of desc, s.seq desc) filter (
               where st.state <> 'rejected' or st.state_since > ${postedOn ?? 'infinity'}::date))[1] as in_force
        from settlement s join settlement_state st using (settlement_id)
       where s.as_of <= ${postedOn ?? 'infinity'}::date
         and (${recorded ?? null}::bigint is null or exists (
           select from ledger_entry l where l.settlement_id = s.settlement_id and l.seq <= ${recorded ?? null}::bigint))
       group by 1, 2)`

type Line = Omit<BookLine, 'open'>

const keyOf = ({ region, contract, account, party }: Pick<BookLine, 'region' | 'contract' | 'account' | 'party'>) =>
  JSON.stringify([region, contract, account, party])

/** Every entry with its region and contract; `at_once`: of a payment of before insurers paid apart. */
const entries = ({ contractId, regionId, postedOn, recorded }: BookQuery): RawBuilder<unknown> => sql`
    before as (select distinct payment_id from ledger_entry where account = 'advances'),
    entry as (
      select l.entry_id, l.settlement_id, l.payment_id, l.account, l.partner_id, l.insurer, l.debit_cents, l.credit_cents, l.reverses, l.seq,
             l.debit_cents - l.credit_cents as cents, r.region_id, r.name as region, coalesce(s.contract_id, p.contract_id) as contract,
             b.payment_id is not null as at_once
        from ledger_entry l
        left join settlement s on s.settlement_id = l.settlement_id
        left join payment p on p.payment_id = l.payment_id
        join region r on r.region_id = coalesce(s.region_id, p.region_id)
        left join before b on b.payment_id = l.payment_id
       where (${contractId ?? null}::text is null or coalesce(s.contract_id, p.contract_id) = ${contractId ?? null})
         and (${regionId ?? null}::int is null or r.region_id = ${regionId ?? null})
         and l.posted_on <= ${postedOn ?? 'infinity'}::date and l.seq <= ${recorded ?? Number.MAX_SAFE_INTEGER}::bigint)`

/** What was paid before insurers paid apart, by account: of settlements divided over their insurers, of advances the coalition's. */
async function paidAtOnce(
  store: Pick<Store, 'db'>,
  query: BookQuery,
  lines: ReadonlyMap<string, Line>,
): Promise<Line[]> {
  const { rows } = await sql<PaymentEntry & { region: string; region_id: number; contract: string }>`
    with ${entries(query)} select * from entry where at_once order by seq`.execute(store.db)
  const contracts = new Map(rows.map((row) => [JSON.stringify([row.region, row.contract]), row]))
  const found: Line[] = []
  for (const { region, region_id: regionId, contract } of contracts.values()) {
    const own = rows.filter((row) => row.region === region && row.contract === contract)
    const settled = await settledAtOnce(store, { contractId: contract, regionId }, null)
    const of = { region, contract, expected: 0, owed: 0 }
    for (const { partner_id, insurer, cents } of paidIn(own, settled)) {
      const chain = { ...of, account: 'chain', party: partner_id, paid: cents } as const
      const by = { account: insurer === '' ? 'coalition' : 'insurer', party: insurer } as const
      found.push({ ...of, ...by, paid: 0 - cents })
      found.push(lines.has(keyOf(chain)) ? chain : { ...chain, account: 'partner' })
    }
  }
  return mergedLines(found)
}

function mergedLines(found: readonly Line[]): Line[] {
  const merged = new Map<string, Line>()
  for (const line of found) merged.set(keyOf(line), { ...line, paid: line.paid + (merged.get(keyOf(line))?.paid ?? 0) })
  return [...merged.values()]
}
