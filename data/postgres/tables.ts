/** The tables of data/migrations as Kysely sees them. Days are ISO text; grain and units stand in the schema's comments. */
import type { Generated, GeneratedAlways } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { RunTables } from './run-tables.ts'

/** Where a row comes from, and the delivery we learned it by. */
interface Provenance {
  region_id: number
  delivery_id: number
  source_file_id: number
  line: number
}

interface Superseded {
  region_id: number
  delivery_id: number
  by_delivery_id: number
}

/** Facts: written by imports alone. */
export interface FactTables {
  region: { region_id: Generated<number>; name: string }
  delivery: { delivery_id: Generated<number>; region_id: number; delivered_on: Day; content_sha256: string }
  delivery_rejects: { delivery_id: number; csv_gzip: Buffer; warnings_gzip: Buffer | null }
  source_file: {
    source_file_id: Generated<number>
    delivery_id: number
    name: string
    rows: number
    rejected: number
  }
  programme_definition: { region_id: number; delivery_id: number; programme: string; definition: unknown }
  partner: Provenance & {
    partner_row: Generated<number>
    partner_id: string
    name: string
    kind: string
    agb: string | null
    member_of: string | null
  }
  patient: { patient_key: Generated<number>; region_id: number; patient_id: string; shard: number }
  patient_state: Provenance & {
    patient_key: number
    birth_year: number | null
    sex: string
    postcode4: string | null
    insurer: string | null
    died_on: Day | null
  }
  enrolment: Provenance & {
    patient_key: number
    programme: string
    partner_id: string
    started_on: Day
    ended_on: Day | null
    end_reason: string | null
    main_practitioner: string | null
  }
  measure_key: { measure_id: Generated<number>; key: string }
  observation: Provenance & {
    patient_key: number
    measure_id: number
    observed_on: Day
    value: number
    partner_id: string | null
  }
  condition_episode: Provenance & {
    patient_key: number
    code_system: string
    code: string
    onset_on: Day
    resolved_on: Day | null
  }
  medication: Provenance & { patient_key: number; atc: string; started_on: Day; ended_on: Day | null }
  claim: Provenance & {
    claim_id: string
    is_credit: GeneratedAlways<boolean>
    patient_key: number
    partner_id: string
    performed_on: Day
    code: string
    quantity: number
    amount_cents: number
    setting: string | null
  }
  quality: Provenance & {
    partner_id: string
    gate: string
    value: string
    period: string | null
    evidence: string | null
  }
  insured: Provenance & { patient_key: number; insurer: string; since: Day; until: Day | null }
  participation: Provenance & {
    patient_key: number
    programme: string
    consent: string
    since: Day
    until: Day | null
  }
  provider_contract: Provenance & {
    partner_id: string
    programme: string
    insurer: string
    starts_on: Day
    ends_on: Day
    main_contractor: string | null
  }
  region_document: { region_id: number; delivery_id: number; kind: string; name: string; document: unknown }
  superseded_partner: Superseded & { partner_id: string }
  superseded_patient_state: Superseded & { patient_key: number }
  superseded_enrolment: Superseded & { patient_key: number; programme: string }
  superseded_observation: Superseded & { patient_key: number; measure_id: number; observed_on: Day }
  superseded_condition_episode: Superseded & { patient_key: number; code_system: string; code: string; onset_on: Day }
  superseded_medication: Superseded & { patient_key: number; atc: string; started_on: Day }
  superseded_claim: Superseded & { claim_id: string; is_credit: Generated<boolean> }
  superseded_quality: Superseded & { partner_id: string; gate: string; period: string | null }
  superseded_insured: Superseded & { patient_key: number }
  superseded_participation: Superseded & { patient_key: number; programme: string }
  superseded_provider_contract: Superseded & { partner_id: string; programme: string; insurer: string }
}

/** Every table. */
export interface Tables extends FactTables, RunTables {}
