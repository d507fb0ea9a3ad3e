/** Results of a run that were missing on the day it knows, and whose window had not closed by then. */
import type { Contract, Outcome } from '../../engine/contract/contract.ts'
import { isUnderWay } from '../../engine/assessment/due.ts'
import { epochDayOf } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'

export interface ResultsToCome {
  /** an outcome of one index date each */
  readonly results: number
  /** whose they are: a person may have several */
  readonly persons: number
}

/** One outcome of one partner's patients. */
export interface PartnerOutcome {
  readonly partnerId: string
  readonly outcome: Pick<Outcome, 'measure' | 'windowDays'>
}

/** What can still come in the contract year for some outcomes of some partners, by the rule of the work list: eligible and missing, alive, and a
 *  reading on the settlement's day or later would lie within the window. */
export async function resultsToCome(
  store: Pick<Store, 'pool'>,
  { run, contract, of }: { readonly run: Run; readonly contract: Contract; readonly of: readonly PartnerOutcome[] },
): Promise<ResultsToCome> {
  if (of.length === 0 || !isUnderWay(contract, epochDayOf(run.asOf))) return { results: 0, persons: 0 }
  const { rows } = await store.pool.query<ResultsToCome>(
    `select count(*)::int as results, count(distinct e.patient_key)::int as persons
       from expectation e
       join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
       join run_partner p on p.run_id = $2 and p.partner_no = e.partner_no
       join measure_key k using (measure_id)
       join unnest($5::text[], $6::text[], $7::int[]) as asked (partner_id, measure, window_days)
         on asked.partner_id = p.partner_id and asked.measure = k.key
       left join patient_state_known($3, $4::date) s on s.patient_key = e.patient_key
      where e.run_key = $1 and e.years_before = 0 and h.status = 'missing'
        and e.target_on + asked.window_days >= $4::date and (s.died_on is null or s.died_on > $4::date)`,
    [
      run.runKey,
      run.runId,
      run.regionId,
      run.asOf,
      of.map(({ partnerId }) => partnerId),
      of.map(({ outcome }) => outcome.measure),
      of.map(({ outcome }) => outcome.windowDays),
    ],
  )
  return rows[0]!
}
