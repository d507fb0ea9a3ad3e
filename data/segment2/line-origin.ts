/** From a declared line back to the patient, the day, the rule and the rows that it came from, and on to who got its cents. */
import type { Pool } from 'pg'
import type { DeclaredLine } from '../../engine/bundled/declaration.ts'
import { tariffPartsOf, type TariffPart, yearCentsOf } from '../../engine/bundled/tariff.ts'
import type { Answer } from '../../engine/bundled/remittance.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { readContract } from '../region/contracts.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { tariffOf } from './counting.ts'
import { readAnswers, readLines } from './lines.ts'

/** A row of a delivery on which the count rests. */
export interface OriginRow {
  /** what it shows: the enrolment, the diagnosis, the insurer, the consent */
  readonly shows: 'enrolment' | 'diagnosis' | 'insurer' | 'consent' | 'patient'
  readonly file: string
  readonly line: number
  readonly says: string
}

export interface LineOrigin {
  readonly line: DeclaredLine
  /** the day as of which it was counted */
  readonly asOf: Day
  readonly rows: readonly OriginRow[]
  readonly yearCents: number
  readonly parts: readonly TariffPart[]
  readonly answers: readonly Answer[]
  readonly passed: readonly {
    readonly partnerId: string
    readonly cents: number
    readonly due: Day
    readonly on: Day
  }[]
}

/** @throws Refusal `not_found` */
export async function originOfLine(
  store: Pick<Store, 'pool' | 'db'>,
  { regionId, lineId }: { readonly regionId: number; readonly lineId: string },
): Promise<LineOrigin> {
  const line = (await readLines(store.pool, regionId)).find((each) => each.lineId === lineId)
  if (line === undefined)
    throw new Refusal('not_found', `There is no declared line ${lineId} in the region.`, { line: lineId })
  const { rows } = await store.pool.query<{ as_of: Day; sha: string }>(
    `select as_of::text, contract_sha256 as sha from declaration where region_id = $1 and contract_id = $2 and quarter_day = $3`,
    [regionId, line.contract, line.messageDay],
  )
  const { as_of: asOf, sha } = rows[0]!
  const { contract } = await readContract(store, sha)
  const programme = (await regionProgrammes(store.pool, regionId, asOf)).get(line.programme)
  const codes = (programme?.inclusion?.any ?? []).flatMap((each) => each.codes['ICPC-1'] ?? [])
  const tariff = tariffOf(contract)
  return {
    line,
    asOf,
    rows: await rowsOf(store.pool, { regionId, asOf, line, codes }),
    yearCents: yearCentsOf(tariff),
    parts: tariffPartsOf(tariff),
    answers: (await readAnswers(store.pool, regionId)).filter((each) => each.lineId === lineId),
    passed: await passedOf(store.pool, regionId, lineId),
  }
}

/** The rows known then that were in force on the quarter day, each kind by its file. */
async function rowsOf(
  pool: Pool,
  of: { readonly regionId: number; readonly asOf: Day; readonly line: DeclaredLine; readonly codes: readonly string[] },
): Promise<OriginRow[]> {
  const { rows } = await pool.query<OriginRow>(
    `with who as (select patient_key from patient where region_id = $1 and patient_id = $3),
     found as (
       select 1 as place, 'patient' as shows, source_file_id, line, concat_ws(', ', 'born ' || birth_year, 'died ' || died_on, 'insurer ' || insurer) as says
         from patient_state_known($1, $2) where patient_key in (select patient_key from who)
       union all
       select 2, 'enrolment', source_file_id, line, concat_ws(', ', partner_id, 'from ' || started_on, 'to ' || ended_on, coalesce(main_practitioner, 'main practitioner not said'))
         from enrolment_known($1, $2)
        where patient_key in (select patient_key from who) and programme = $5 and started_on <= $4 and (ended_on is null or ended_on > $4)
       union all
       select 3, 'diagnosis', source_file_id, line, concat_ws(', ', code, 'from ' || onset_on)
         from condition_episode_known($1, $2)
        where patient_key in (select patient_key from who) and code = any ($6) and onset_on <= $4 and (resolved_on is null or resolved_on > $4)
       union all
       select 4, 'consent', source_file_id, line, concat_ws(', ', consent, 'from ' || since)
         from participation_known($1, $2)
        where patient_key in (select patient_key from who) and programme = $5 and since <= $4 and (until is null or until > $4)
       union all
       select 5, 'insurer', source_file_id, line, concat_ws(', ', insurer, 'from ' || since)
         from insured_known($1, $2)
        where patient_key in (select patient_key from who) and insurer = $7 and since <= $4 and (until is null or until > $4))
     select shows, name as file, line, says from found join source_file using (source_file_id) order by place, line`,
    [of.regionId, of.asOf, of.line.patientId, of.line.quarterDay, of.line.programme, of.codes, of.line.insurer],
  )
  return rows
}

async function passedOf(pool: Pool, regionId: number, lineId: string): Promise<LineOrigin['passed']> {
  const { rows } = await pool.query<{ partnerId: string; cents: string; due: Day; on: Day }>(
    `select s.partner_id as "partnerId", s.cents::text, s.due_on::text as due, p.paid_on::text as on
       from segment2_passed s join segment2_payout p using (payout_no) join remittance_answer a using (answer_no)
      where a.region_id = $1 and a.line_id = $2 order by s.answer_no, s.partner_id collate "C"`,
    [regionId, lineId],
  )
  return rows.map((row) => ({ ...row, cents: Number(row.cents) }))
}
