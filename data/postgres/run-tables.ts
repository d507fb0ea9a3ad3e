/** The tables from contract to ledger as Kysely sees them. Days are ISO text; grain and units stand in the schema's comments. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Finality, SettlementState } from '../../engine/ledger/lifecycle.ts'
import type { FineDimension } from '../../engine/research/dimensions.ts'

interface AssessmentKey {
  run_key: number
  measure_id: number
  years_before: number
  patient_key: number
  index_no: Generated<number>
}

interface Distribution {
  mean: number | null
  sd: number | null
  q05: number | null
  q10: number | null
  q25: number | null
  q50: number | null
  q75: number | null
  q90: number | null
  q95: number | null
}

interface Realised {
  status: string
  baseline: number | null
  realised: number | null
  realised_on: Day | null
  realised_value: number | null
  gain: number | null
  facts: number[]
}

interface Contribution {
  measured_probability: number | null
  imputed_gain: number | null
  contribution: number | null
}

interface Admitted {
  birth_year: number
  sex: string
  exposure_days: number
  index_on: Day
  target_on: Day
  years_elapsed: Generated<number>
}

/** Everything that a run makes: written by stages, read by the API. */
export interface RunTables {
  contract: {
    contract_sha256: string
    contract_id: string
    programme: string
    yaml: string
    document: unknown
    seq: GeneratedAlways<number>
  }
  snapshot: { region_id: number; recipe: string; dataset_sha256: string }
  panel_shard: { region_id: number; dataset_sha256: string; programme: string; shard: number; bytes: Buffer }
  run: {
    run_id: string
    run_key: GeneratedAlways<number>
    region_id: number
    contract_sha256: string
    as_of: Day
    dataset_sha256: string
    engine_version: string
  }
  stage_done: { run_id: string; stage: string; part: string; result: unknown }
  handover: { run_id: string; stage: string; piece: string; bytes: Buffer }
  training_shard: { run_id: string; model: string; shard: number; bytes: Buffer }
  model_artefact: { model_id: string; measure: string; programme: string; bytes: Buffer; card: unknown }
  model_validation: { model_id: string; learned_until: Day; holds: boolean }
  model_decision: {
    model_id: string
    seq: Generated<number>
    state: 'draft' | 'validated' | 'payable' | 'retired'
    decided_by: string
    decided_on: Day
    reason: string
  }
  drift_month: {
    run_id: string
    measure: string
    side: 'control' | 'contract'
    month: Day
    measured: number
    bias: number
    bias_sd: number
    bias_sd_se: number | null
    slope: number | null
    slope_se: number | null
    evidence: number | null
  }
  drift_alarm: {
    run_id: string
    measure: string
    seq: Generated<number>
    month: Day
    kind: 'bias' | 'slope'
    evidence: number
  }
  run_model: { run_id: string; measure: string; years_elapsed: Generated<number>; model_id: string }
  run_partner: { run_id: string; partner_no: number; partner_id: string; kind: string; member_of: string | null }
  run_insurer: { run_id: string; insurer_no: number; insurer: string }
  expectation: AssessmentKey &
    Admitted &
    Distribution & { partner_no: number; practice_no: number; insurer_no: number; expected_value: number | null }
  realisation: AssessmentKey & Realised
  gain: AssessmentKey & Contribution
  assessment_cell: {
    run_key: number
    measure_id: number
    years_before: number
    partner_no: number
    index_year: number
    age_band: number
    sex: string
    eligible: number
    measured: number
    expected_sum: number
    realised_sum: number
    gain_sum: number
    contributions: number
    contribution_sum: number
  }
  assessment: Admitted &
    Distribution & { [column in keyof Realised]: Realised[column] | null } & Contribution & {
      run_id: string
      region_id: number
      measure: string
      years_before: number
      patient_key: number
      patient_id: string
      partner_id: string
      practice_id: string
      insurer: string
      expected_value: number | null
      model_id: string | null
    }
  settlement: {
    settlement_id: string
    run_id: string
    contract_id: string
    region_id: number
    as_of: Day
    document: string
    /** of a year of a term */
    period_start: Day | null
    prepared_by: string
    insurers: GeneratedAlways<string[]>
    seq: GeneratedAlways<number>
  }
  settlement_event: {
    settlement_id: string
    step: number
    state: Exclude<SettlementState, 'prepared'>
    finality: Finality | null
    acted_by: string
    acted_on: Day
    note: string
    seq: GeneratedAlways<number>
  }
  settlement_approval: {
    settlement_id: string
    insurer: string
    finality: Finality
    acted_by: string
    acted_on: Day
    note: string
    seq: GeneratedAlways<number>
  }
  settlement_state: {
    settlement_id: string
    state: SettlementState
    state_since: Day
    released_by: string | null
    released_on: Day | null
    finality: Finality | null
  }
  payment: {
    payment_id: string
    contract_id: string
    region_id: number
    settlement_id: string | null
    insurer: Generated<string>
    advance_on: Day | null
    paid_by: string
    paid_on: Day
    seq: GeneratedAlways<number>
  }
  control_effect: { settlement_id: string; control_id: string; partner_id: string; payment_cents: number }
  dispute_effect: { preview_id: string; partner_id: string; before_cents: number; after_cents: number }
  dispute_insurer_effect: { preview_id: string; insurer: string; before_cents: number; after_cents: number }
  dispute_asked: { preview_id: string; asked_by: string }
  dispute_verdict: {
    dispute_id: number
    insurer: string
    verdict: 'upheld' | 'dismissed'
    reason: string
    ruled_by: string
    ruled_on: Day
    seq: GeneratedAlways<number>
  }
  dispute: {
    dispute_id: GeneratedAlways<number>
    preview_id: string
    evidence: string
    filed_by: string
    filed_on: Day
    deadline_on: Day
  }
  ruling: {
    dispute_id: number
    verdict: 'upheld' | 'dismissed'
    reason: string
    ruled_by: string
    ruled_on: Day
    delivery_id: number | null
    seq: GeneratedAlways<number>
  }
  correction: { settlement_id: string; corrects: string; cause: string; dispute_id: number | null; note: string }
  settlement_difference: { from_id: string; to_id: string; document: string; seq: GeneratedAlways<number> }
  ledger_entry: {
    entry_id: string
    settlement_id: string | null
    account: string
    partner_id: string
    insurer: string
    debit_cents: number
    credit_cents: number
    posted_on: Day
    reverses: string | null
    seq: number
    previous_hash: string
    hash: string
    payment_id: string | null
  }
  job: { job_id: string; region_id: number; kind: string; about: string; seq: GeneratedAlways<number> }
  job_event: {
    seq: GeneratedAlways<number>
    job_id: string
    event: 'requested' | 'cancelled'
    acted_by: string
    acted_at: Generated<Date>
  }
  region_contract: { region_id: number; contract_sha256: string; contract_id: string; seq: GeneratedAlways<number> }
  settlement_excerpt: {
    settlement_id: string
    role: 'insurer' | 'partner' | 'researcher'
    subject: string
    document: unknown
  }
  research_cell: {
    run_key: number
    measure_id: number
    fine: FineDimension
    value: string
    cohort: 'contract' | 'control'
    age: number
    sex: string
    eligible: number
    measured: number
    contributions: number
    moments: number[]
    told: Generated<number>
  }
  research_edition: {
    settlement_id: string
    region_id: number
    is_open: boolean
    cells_that_tell: number
    seq: GeneratedAlways<number>
  }
  question: {
    question_id: string
    region_id: number
    contract_id: string
    settlement_id: string | null
    asked_by: string
    asked_at: Generated<Date>
    document: unknown
    seq: GeneratedAlways<number>
  }
  answer: { question_id: string; settlement_id: string; answered_at: Generated<Date>; document: string }
  access_key: {
    key_id: string
    token_sha256: string
    region_id: number
    role: 'analyst' | 'insurer' | 'partner' | 'researcher' | 'auditor' | 'administrator'
    subject: string
    issued_by: string
    issued_at: Generated<Date>
    expires_at: ColumnType<Date, string, never>
    scope: Generated<'act' | 'read'>
  }
  sign_in_link: {
    code_sha256: string
    region_id: number
    role: 'analyst' | 'insurer' | 'partner' | 'researcher' | 'auditor' | 'administrator'
    subject: string
    scope: Generated<'act' | 'read'>
    issued_by: string
    issued_at: Generated<Date>
    expires_at: ColumnType<Date, string, never>
  }
  access_key_revocation: { key_id: string; revoked_by: string; revoked_at: Generated<Date> }
}
