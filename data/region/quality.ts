/** The quality evidence of partners for the gates of a contract, as known on a day. */
import type { QualityEvidence } from '../../engine/assessment/assessment.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'

/** The rows of quality.csv, by partner, gate and period (first the one without). */
export async function readQuality(store: Pick<Store, 'pool'>, regionId: number, asOf: Day): Promise<QualityEvidence[]> {
  const { rows } = await store.pool.query<QualityEvidence>(
    `select partner_id as "partnerId", gate, value, period from quality_known($1, $2)
      order by partner_id collate "C", gate collate "C", period collate "C" nulls first`,
    [regionId, asOf],
  )
  return rows
}
