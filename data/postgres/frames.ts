/** Data frames for analysts: any result set as a danfojs frame, for a notebook or a script. At the edge only: the path from a
 *  file to a cent never comes here, and the library is loaded when the first frame is asked for. */
import type { DataFrame } from 'danfojs-node'
import { sql } from 'kysely'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from './database.ts'

// Frames hold every cell as a JavaScript value; beyond this, ask SQL for less.
const mostRows = 200_000

/** A frame of rows that are here already. */
export async function frameOf(rows: readonly Readonly<Record<string, unknown>>[]): Promise<DataFrame> {
  const danfo = await import('danfojs-node')
  return new danfo.DataFrame(rows.map((row) => ({ ...row })))
}

/** Expected, realised, gain and contribution of a run, one row per patient, outcome and index date, as in expectations.csv.
 *  @param yearsBefore 0: the contract year; 1 to 3: placebo years
 *  @throws Refusal `too_many_rows` */
export async function assessmentFrame(
  store: Pick<Store, 'db'>,
  runId: string,
  { measure, yearsBefore = 0 }: { readonly measure: string; readonly yearsBefore?: number },
): Promise<DataFrame> {
  const { rows } = await sql<Record<string, unknown>>`
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
