/** Declared lines, and what insurers answered to them. */
import type { ClientBase, Pool } from 'pg'
import type { DeclaredLine, StandingLine } from '../../engine/bundled/declaration.ts'
import type { Answer } from '../../engine/bundled/remittance.ts'
import type { Day } from '../../engine/kernel/calendar.ts'

interface LineRow {
  readonly line_id: string
  readonly quarter_day: Day
  readonly message_day: Day
  readonly patient_id: string
  readonly practice_id: string
  readonly partner_id: string
  readonly insurer: string
  readonly programme: string
  readonly contract_id: string
  readonly cents: string
  readonly credits: string | null
  readonly rejected: string
  readonly beside: readonly string[] | null
}

/** Every line of a region that was declared, in order of line_id. */
export async function readLines(client: ClientBase | Pool, regionId: number): Promise<StandingLine[]> {
  const { rows } = await client.query<LineRow>(
    `select l.line_id, l.quarter_day::text, d.quarter_day::text as message_day, p.patient_id, l.practice_id, l.partner_id, l.insurer, l.programme,
            d.contract_id, l.cents::text, l.credits, coalesce(r.cents, 0)::text as rejected, c.document -> 'bundled' -> 'beside' as beside
       from declaration_line l join declaration d using (declaration_no) join patient p using (patient_key)
       join contract c on c.contract_sha256 = d.contract_sha256
       left join (select line_id, sum(cents) as cents from remittance_answer where region_id = $1 and state = 'rejected' group by line_id) r
         on r.line_id = l.line_id
      where l.region_id = $1 order by l.line_id collate "C"`,
    [regionId],
  )
  return rows.map((row) => ({
    lineId: row.line_id,
    quarterDay: row.quarter_day,
    messageDay: row.message_day,
    patientId: row.patient_id,
    practice: row.practice_id,
    partner: row.partner_id,
    insurer: row.insurer,
    programme: row.programme,
    contract: row.contract_id,
    cents: Number(row.cents),
    credits: row.credits,
    rejectedCents: Number(row.rejected),
    beside: row.beside ?? [],
  }))
}

export async function appendLines(
  client: ClientBase,
  regionId: number,
  declarationNo: number,
  lines: readonly DeclaredLine[],
): Promise<void> {
  const columns = {
    line: lines.map(({ lineId }) => lineId),
    patient: lines.map(({ patientId }) => patientId),
    practice: lines.map(({ practice }) => practice),
    partner: lines.map(({ partner }) => partner),
    insurer: lines.map(({ insurer }) => insurer),
    programme: lines.map(({ programme }) => programme),
    day: lines.map(({ quarterDay }) => quarterDay),
    cents: lines.map(({ cents }) => cents),
    credits: lines.map(({ credits }) => credits),
  }
  await client.query(
    `insert into declaration_line (region_id, line_id, declaration_no, patient_key, practice_id, partner_id, insurer, programme, quarter_day, cents, credits)
     select $1, t.line, $2, p.patient_key, t.practice, t.partner, t.insurer, t.programme, t.day, t.cents, t.credits
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::date[], $10::bigint[], $11::text[])
         as t(line, patient, practice, partner, insurer, programme, day, cents, credits)
       join patient p on p.region_id = $1 and p.patient_id = t.patient`,
    [regionId, declarationNo, ...Object.values(columns)],
  )
}

/** An answer as it is kept. */
export interface KeptAnswer extends Answer {
  readonly answerNo: number
  /** whether it was passed on */
  readonly passed: boolean
}

/** Every answer to lines of a region, in the order in which they came. */
export async function readAnswers(client: ClientBase | Pool, regionId: number): Promise<KeptAnswer[]> {
  const { rows } = await client.query<{
    answer_no: number
    line_id: string
    state: Answer['state']
    cents: string
    paid_on: Day | null
    reason: string
    passed: boolean
  }>(
    `select answer_no, line_id, state, cents::text, paid_on::text, reason,
            exists (select from segment2_passed s where s.answer_no = a.answer_no) as passed
       from remittance_answer a where region_id = $1 order by answer_no`,
    [regionId],
  )
  return rows.map(({ answer_no, line_id, state, cents, paid_on, reason, passed }) => ({
    answerNo: answer_no,
    lineId: line_id,
    state,
    cents: Number(cents),
    paidOn: paid_on,
    reason,
    passed,
  }))
}
