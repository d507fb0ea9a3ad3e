/** The assessments of a run as a frame: a row per patient, as in expectations.csv. */
import type { DataFrame } from 'danfojs-node'
import { sql } from 'kysely'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { frameOf, type Row } from './frame.ts'

// Frames hold every cell as a JavaScript value; beyond this, ask SQL for less.
const mostRows = 200_000

/** Expected, realised, gain and contribution of a run, one row per patient, outcome and index date.
 *  @param yearsBefore 0: the contract year; 1 to 3: placebo years
 *  @throws Refusal `too_many_rows`, `not_installed` */
export async function assessmentFrame(
  store: Pick<Store, 'db'>,
  runId: string,
  { measure, yearsBefore = 0 }: { readonly measure: string; readonly yearsBefore?: number },
): Promise<DataFrame> {
  const { rows } = await sql<Row>`
    select patient_id, partner_id, practice_id, measure, index_on, target_on, status::text as status, baseline, mean, sd,
           q05, q10, q25, q50, q75, q90, q95, realised, realised_on, expected_value, realised_value, gain,
           measured_probability, imputed_gain, contribution, model_id
      from assessment
     where run_id = ${runId} and measure = ${measure} and years_before = ${yearsBefore}
     order by patient_id collate "C"
     limit ${mostRows + 1}`.execute(store.db)
  if (rows.length > mostRows)
    throw new Refusal(
      'too_many_rows',
      `Run ${runId} has more than ${mostRows} rows for ${measure}: a frame is for less; aggregate in SQL, or read expectations.csv.`,
      { mostRows },
    )
  return await frameOf(rows)
}
