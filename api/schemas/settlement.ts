/** settlement.json as interface.md section 5 fixes it: the schema is the type. */
import { Type, type Static } from 'typebox'

const Maybe = Type.Union([Type.Number(), Type.Null()])
const Count = Type.Integer({ minimum: 0 })
export const Cents = Type.Integer({ description: 'whole eurocents' })

export const OutcomeRow = Type.Object({
  measure: Type.String(),
  better: Type.String(),
  trend: Type.Number(),
  trend_se: Type.Number(),
  tau2: Type.Number(),
  omega2: Type.Number(),
  placebo_years: Count,
  collective_mean: Maybe,
  between_variance: Maybe,
  residual_sd: Maybe,
})

export const PartnerOutcomeRow = Type.Object({
  measure: Type.String(),
  eligible: Count,
  measured: Count,
  patient_years: Type.Number(),
  mean_gain: Maybe,
  se: Maybe,
  history: Maybe,
  net_gain: Maybe,
  variance: Maybe,
  credibility: Maybe,
  credible_gain: Maybe,
})

export const GateRow = Type.Object({
  gate: Type.String(),
  passed: Type.Boolean(),
  weight: Type.Number(),
  evidence: Type.Union([Type.String(), Type.Null()]),
})

export const PartnerRow = Type.Object({
  partner_id: Type.String(),
  patients: Count,
  eligible: Count,
  measured: Count,
  patient_years: Type.Number(),
  outcomes: Type.Array(PartnerOutcomeRow),
  value_eur_per_patient_year: Type.Number(),
  value_sd: Type.Number(),
  dead_band_eur: Type.Number(),
  shared_eur_per_patient_year: Type.Number(),
  reason: Type.Union([Type.String(), Type.Null()]),
  gates: Type.Array(GateRow),
  gate_multiplier: Type.Number(),
  payment_cents: Cents,
  interval90_cents: Type.Array(Cents, { minItems: 2, maxItems: 2 }),
  per_procedure_cents: Cents,
  bundled_cents: Cents,
  insurers: Type.Array(Type.Object({ insurer: Type.String(), cents: Cents })),
  attribution: Type.Array(Type.Object({ kind: Type.String(), cents: Cents })),
})

export const Totals = Type.Object({ payment_cents: Cents, per_procedure_cents: Cents, bundled_cents: Cents })
export const ExcludedRow = Type.Object({ reason: Type.String(), patients: Count })

export const SettlementDocument = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  engine_version: Type.String(),
  dataset_sha256: Type.String(),
  contract_sha256: Type.String(),
  model_ids: Type.Record(Type.String(), Type.String()),
  totals: Totals,
  outcomes: Type.Array(OutcomeRow),
  partners: Type.Array(PartnerRow),
  excluded: Type.Array(ExcludedRow),
})

export type SettlementDocument = Static<typeof SettlementDocument>
export type PartnerRow = Static<typeof PartnerRow>
export type PartnerOutcomeRow = Static<typeof PartnerOutcomeRow>
export type OutcomeRow = Static<typeof OutcomeRow>
export type ExcludedRow = Static<typeof ExcludedRow>
