/** Passing on what came in: by recipient, posted once. */
import { entriesOfPayout } from '../../engine/bundled/entries.ts'
import { type Passed, passedOnOf, type Receipt } from '../../engine/bundled/payout.ts'
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
): Promise<Passed[]> {
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
    const passed: Passed[] = []
    for (const [contractSha256, own] of await byContract(client, regionId, receipts)) {
      const { contract } = await readContract(transaction, contractSha256)
      const recipients = recipientsOf(tariffOf(contract), partnerIds)
      passed.push(...passedOnOf(own, before, { on, daysAfterReceipt, recipients }))
    }
    if (passed.length === 0) return passed
    const day = await actDay(transaction)
    const { rows } = await client.query<{ no: number }>(
      'insert into segment2_payout (region_id, paid_on, paid_by) values ($1, $2, $3) returning payout_no as no',
      [regionId, on, by],
    )
    const no = rows[0]!.no
    await client.query(
      `insert into segment2_passed (answer_no, partner_id, payout_no, cents, due_on)
       select t.answer, t.partner, $1, t.cents, t.due from unnest($2::int[], $3::text[], $4::bigint[], $5::date[]) as t(answer, partner, cents, due)`,
      [
        no,
        passed.map(({ receiptId }) => Number(receiptId)),
        passed.map(({ partnerId }) => partnerId),
        passed.map(({ cents }) => cents),
        passed.map(({ due }) => due),
      ],
    )
    await postSegment2(client, regionId, `payout ${no}`, entriesOfPayout(passed, day))
    return passed
  })
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
