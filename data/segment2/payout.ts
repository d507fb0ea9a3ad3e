/** Passing on what came in: by recipient, posted once. */
import { entriesOfPayout } from '../../engine/bundled/entries.ts'
import { type Passed, passedOnOf, type Receipt } from '../../engine/bundled/payout.ts'
import { type Advanced, setOffOf, type SetOff } from '../../engine/bundled/set-off.ts'
import { recipientsOf } from '../../engine/bundled/tariff.ts'
import { numberOn } from '../../engine/constants/constant.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { regionConstants } from '../constants/region-documents.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { readContract } from '../region/contracts.ts'
import { readPartners } from '../region/regions.ts'
import { actDay } from '../settlements/act-day.ts'
import { lockSegment2, postSegment2 } from './book.ts'
import { readAnswers, readLines } from './lines.ts'
import { tariffOf } from './counting.ts'

export interface PayoutOrder {
  readonly regionId: number
  readonly on: Day
  readonly asOf: Day
  readonly by: string
}

/** Passes on what was approved and received by a day and whose quarter is over.
 *  @returns what was passed on now, in order of answers; nothing where all of it was before */
export async function payOut(
  store: Pick<Store, 'pool' | 'db'>,
  { regionId, on, asOf, by }: PayoutOrder,
): Promise<SetOff[]> {
  const daysAfterReceipt = numberOn(await regionConstants(store.pool, regionId, asOf), 'payout.days_after_receipt', on)
  const partnerIds = new Set((await readPartners(store.pool, regionId, asOf)).map(({ partnerId }) => partnerId))
  return await inTransaction(store, async (transaction) => {
    const { client } = transaction
    await lockSegment2(client, regionId)
    const lines = new Map((await readLines(client, regionId)).map((line) => [line.lineId, line]))
    const answers = await readAnswers(client, regionId)
    const before = new Set(answers.filter(({ passed }) => passed).map(({ answerNo }) => String(answerNo)))
    const receipts = answers.flatMap(({ answerNo, lineId, state, cents, paidOn }): Receipt[] => {
      const line = lines.get(lineId)
      if (line === undefined || paidOn === null || state === 'rejected') return []
      return [{ receiptId: String(answerNo), line, cents: state === 'credited' ? 0 - cents : cents, paidOn }]
    })
    const parts: Passed[] = []
    for (const [contractSha256, own] of await byContract(client, regionId, receipts)) {
      const { contract } = await readContract(transaction, contractSha256)
      const recipients = recipientsOf(tariffOf(contract), partnerIds)
      parts.push(...passedOnOf(own, before, { on, daysAfterReceipt, recipients }))
    }
    const passed = setOffOf(parts, await advancesOf(client, regionId))
    if (passed.length === 0) return passed
    const day = await actDay(transaction)
    const { rows } = await client.query<{ no: number }>(
      'insert into segment2_payout (region_id, paid_on, paid_by) values ($1, $2, $3) returning payout_no as no',
      [regionId, on, by],
    )
    const no = rows[0]!.no
    await client.query(
      `insert into segment2_passed (answer_no, partner_id, payout_no, cents, advanced_cents, due_on)
       select t.answer, t.partner, $1, t.cents, t.advanced, t.due
         from unnest($2::int[], $3::text[], $4::bigint[], $5::bigint[], $6::date[]) as t(answer, partner, cents, advanced, due)`,
      [
        no,
        passed.map(({ receiptId }) => Number(receiptId)),
        passed.map(({ partnerId }) => partnerId),
        passed.map(({ cents }) => cents),
        passed.map(({ advancedCents }) => advancedCents),
        passed.map(({ due }) => due),
      ],
    )
    await postSegment2(client, regionId, `payout ${no}`, entriesOfPayout(passed, day))
    return passed
  })
}

/** What was advanced of the tariffs of a region, less what was set off before. */
async function advancesOf(client: { query: Store['pool']['query'] }, regionId: number): Promise<Advanced[]> {
  const { rows } = await client.query<{ contract: string; partner: string; day: Day; cents: string }>(
    `select contract, partner, day::text, sum(cents)::text as cents from (
       select p.contract_id as contract, l.partner_id as partner, p.advance_on as day, l.debit_cents - l.credit_cents as cents
         from payment p join ledger_entry l using (payment_id)
        where p.region_id = $1 and p.advance_on is not null and l.account = 'coalition'
       union all
       select d.contract_id, n.partner_id, n.quarter_day, -s.advanced_cents
         from segment2_passed s join remittance_answer a using (answer_no)
         join declaration_line n on n.region_id = a.region_id and n.line_id = a.line_id
         join declaration d using (declaration_no)
        where a.region_id = $1) advanced
      group by contract, partner, day having sum(cents) > 0 order by contract, partner, day`,
    [regionId],
  )
  return rows.map(({ contract, partner, day, cents }) => ({ contract, partner, quarterDay: day, cents: Number(cents) }))
}

/** The receipts by the contract, as it was signed, whose message their line stood in. */
async function byContract(
  client: { query: Store['pool']['query'] },
  regionId: number,
  receipts: readonly Receipt[],
): Promise<Map<string, Receipt[]>> {
  const { rows } = await client.query<{ contract_id: string; quarter_day: Day; sha: string }>(
    'select contract_id, quarter_day::text, contract_sha256 as sha from declaration where region_id = $1',
    [regionId],
  )
  const shaOf = new Map(rows.map(({ contract_id, quarter_day, sha }) => [`${contract_id} ${quarter_day}`, sha]))
  const found = new Map<string, Receipt[]>()
  for (const receipt of receipts) {
    const sha = shaOf.get(`${receipt.line.contract} ${receipt.line.messageDay}`)!
    const own = found.get(sha)
    if (own) own.push(receipt)
    else found.set(sha, [receipt])
  }
  return found
}
