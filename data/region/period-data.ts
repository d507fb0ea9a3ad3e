/** Whether anything is known of the period of a contract: a settlement of a year of which nothing was delivered would stand in the book. */
import type { Contract } from '../../engine/contract/contract.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

export interface PeriodAsked {
  readonly regionId: number
  readonly asOf: Day
  readonly contract: Pick<Contract, 'contract' | 'programme' | 'partners' | 'period'>
}

/** Refuses a period that had not begun on the day of the latest delivery known by then, and one in which no patient was enrolled in the
 *  programme with a partner of the contract. A period that is under way may be settled: that is what provisional settlements are.
 *  @throws Refusal `period_without_data`, `nobody_enrolled` */
export async function refusePeriodWithoutData(store: Pick<Store, 'pool'>, asked: PeriodAsked): Promise<void> {
  const { contract, asOf } = asked
  const { period } = contract
  const latest = await latestDeliveryBy(store, asked)
  if (latest !== null && latest < period.start)
    throw new Refusal(
      'period_without_data',
      `Contract ${contract.contract} is about ${period.start} to ${period.end}, and the latest delivery known on ${asOf} is of ${latest}: nothing of that period is known yet. Import a delivery from it first, or correct period in the contract.`,
      { contract: contract.contract, period, latestDelivery: latest, asOf },
    )
  if (await isAnyoneEnrolled(store, asked)) return
  throw new Refusal(
    'nobody_enrolled',
    `Nobody is known on ${asOf} to have been enrolled in ${contract.programme} with a partner of contract ${contract.contract} between ${period.start} and ${period.end}: there is nothing to settle. Import the enrolments first, or correct period, programme or partners in the contract.`,
    { contract: contract.contract, period, asOf },
  )
}

async function latestDeliveryBy(store: Pick<Store, 'pool'>, { regionId, asOf }: PeriodAsked): Promise<Day | null> {
  const { rows } = await store.pool.query<{ latest: Day | null }>(
    'select max(delivered_on) as latest from delivery where region_id = $1 and delivered_on <= $2',
    [regionId, asOf],
  )
  return rows[0]?.latest ?? null
}

/** Partners of the contract are those it names and the practices that are members of them; all, if it names none. */
async function isAnyoneEnrolled(
  store: Pick<Store, 'pool'>,
  { regionId, asOf, contract: { programme, partners, period } }: PeriodAsked,
): Promise<boolean> {
  const { rowCount } = await store.pool.query(
    `select from enrolment_known($1, $2) e
     where programme = $3 and started_on <= $5 and (ended_on is null or ended_on > $4)
       and ($6::text[] is null or partner_id = any ($6)
            or partner_id in (select partner_id from partner_known($1, $2) where member_of = any ($6)))
     limit 1`,
    [regionId, asOf, programme, period.start, period.end, partners],
  )
  return (rowCount ?? 0) > 0
}
