/** Rulings in force: a delivery that repeats a fact which an upheld dispute removed does not restore it. */
import type { ClientBase } from 'pg'
import type { FactFile } from './rows/fact-file.ts'
import type { Faults } from './rows/faults.ts'
import { rejectStaged } from './reconcile.ts'
import { stagedName } from './staging-table.ts'

interface ContraryRow {
  readonly line: number
  readonly shown: string
  readonly dispute_id: number
  readonly ruled_on: string
}

/** Rejects rows that repeat a fact which a ruling of the region found wrong. */
export async function rejectContraryToRulings(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  faults: Faults,
): Promise<void> {
  const condition = conditions[fact.table]
  if (!condition) return
  const { rows } = await client.query<ContraryRow>(
    `select s.line, ${condition.shown}::text as shown, d.dispute_id, r.ruled_on::text
       from ruling r join dispute d using (dispute_id) join dispute_preview v using (preview_id)
       join settlement t using (settlement_id) join run u using (run_id) join contract c using (contract_sha256)
       join ${stagedName(fact)} s on s.patient_key = v.patient_key and ${condition.same}
      where r.verdict = 'upheld' and t.region_id = $1 order by s.line, d.dispute_id`,
    [regionId],
  )
  const contrary = rows.map(({ line, shown, dispute_id, ruled_on }) => ({
    line,
    column: condition.column,
    value: shown,
    reason: `a ruling of ${ruled_on} (dispute ${dispute_id}) found this to be wrong`,
  }))
  await rejectStaged(client, fact, faults, contrary)
}

const conditions: Readonly<Record<string, { readonly column: string; readonly shown: string; readonly same: string }>> =
  {
    observation: {
      column: 'value',
      shown: 's.value',
      same: `v.kind = 'value_wrong' and s.measure_id = v.measure_id and s.observed_on = v.observed_on and s.value is distinct from v.value`,
    },
    enrolment: {
      column: 'partner_id',
      shown: 's.partner_id',
      same: `v.kind = 'not_our_patient' and s.programme = c.programme and (s.partner_id = v.partner_id
      or exists (select from partner_known($1, 'infinity') p where p.partner_id = s.partner_id and p.member_of = v.partner_id))`,
    },
  }
