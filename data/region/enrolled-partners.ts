/** The partners with an enrolment in a programme, for a contract that names none. */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'

/** The partner_ids with an enrolment in a programme as known on a day, ascending (code units). */
export async function enrolledPartnerIds(
  store: Pick<Store, 'pool'>,
  regionId: number,
  asOf: Day,
  programme: string,
): Promise<string[]> {
  const { rows } = await store.pool.query<{ partner_id: string }>(
    `select distinct partner_id collate "C" as partner_id from enrolment_known($1, $2) where programme = $3 order by 1`,
    [regionId, asOf, programme],
  )
  return rows.map(({ partner_id }) => partner_id)
}
