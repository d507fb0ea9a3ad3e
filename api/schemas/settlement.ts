/** Settlements over HTTP: the rows of settlement.json (interface.md 5) in the parts that a role may see. */
import { Type, type Static } from 'typebox'

const Maybe = Type.Union([Type.Number(), Type.Null()])
const Count = Type.Integer({ minimum: 0 })
export const Cents = Type.Integer({ description: 'whole eurocents' })

const OutcomeRow = Type.Object({
  measure: Type.String(),
  better: Type.String(),
  trend: Type.Number(),
  trend_se: Type.Number(),
  tau2: Type.Number(),
  omega2: Type.Number(),
  kappa2: Type.Optional(Type.Number({ description: 'absent from settlements of version 1' })),
  placebo_years: Count,
  collective_mean: Maybe,
  between_variance: Maybe,
  residual_sd: Maybe,
})

const Measured = Type.Union([Count, Type.Null()], { description: 'null: all but one to nine of the eligible' })

const PartnerOutcomeRow = Type.Object({
  measure: Type.String(),
  eligible: Count,
  measured: Measured,
  patient_years: Type.Number(),
  mean_gain: Maybe,
  se: Maybe,
  history: Maybe,
  net_gain: Maybe,
  variance: Maybe,
  credibility: Maybe,
  credible_gain: Maybe,
  credible_variance: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], { description: 'absent from settlements of version 1' }),
  ),
})

const GateRow = Type.Object({
  gate: Type.String(),
  passed: Type.Boolean(),
  weight: Type.Number(),
  evidence: Type.Union([Type.String(), Type.Null()]),
})

const PartnerRow = Type.Object({
  partner_id: Type.String(),
  patients: Count,
  eligible: Count,
  measured: Measured,
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

const Totals = Type.Object({ payment_cents: Cents, per_procedure_cents: Cents, bundled_cents: Cents })

export const Status = Type.Union([Type.Literal('provisional'), Type.Literal('final')])
export const State = Type.String({ description: 'prepared, reviewed, released, paid or rejected' })
export const SmallPanels = Type.Object({
  partners: Type.Array(Type.String()),
  eligible: Type.Union([Type.Integer(), Type.Null()], { description: 'null: fewer than ten people' }),
  payment_cents: Cents,
  per_procedure_cents: Cents,
  bundled_cents: Cents,
})

/** What an insurer pays, and what of it for whose patients. */
export const InsurerShare = Type.Object({
  insurer: Type.String(),
  payment_cents: Cents,
  partners: Type.Array(Type.Object({ partner_id: Type.String(), cents: Cents })),
  small_panels_cents: Type.Union([Cents, Type.Null()], { description: 'null: there are none' }),
})

/** One row of the list of settlements. */
export const SettlementHead = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  region: Type.String(),
  as_of: Type.String(),
  period_start: Type.Union([Type.String(), Type.Null()], {
    description: 'first day of the year of the term that is settled; null: the contract has one period',
  }),
  status: Status,
  state: State,
})

/** A settlement; which of the optional parts are there depends on the role of the token. */
export const SettlementView = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  status: Status,
  held: Type.Array(
    Type.Object({ code: Type.String(), measure: Type.String(), model_id: Type.String(), sentence: Type.String() }),
    { description: 'why it cannot be released; empty: nothing in its models keeps it' },
  ),
  engine_version: Type.String(),
  dataset_sha256: Type.String(),
  contract_sha256: Type.String(),
  model_ids: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
  outcomes: Type.Array(OutcomeRow),
  totals: Type.Optional(Totals),
  partners: Type.Optional(
    Type.Array(PartnerRow, { description: 'panels large enough to be shown; to a partner: itself' }),
  ),
  small_panels: Type.Optional(Type.Union([SmallPanels, Type.Null()])),
  others: Type.Optional(
    Type.Array(Type.Object({ value_eur_per_patient_year: Type.Number() }), {
      description: 'to a partner: the others, without names, ascending; empty where they are few',
    }),
  ),
  insurer: Type.Optional(InsurerShare),
  to_come: Type.Optional(
    Type.Object(
      {
        results: Type.Union([Count, Type.Null()], { description: 'missing so far; null: of one to nine people' }),
        of: Type.Integer({ description: 'all results of the same outcomes, measured or missing' }),
      },
      {
        description:
          'results whose window had not closed on the day of the settlement; to a partner its own. Outcomes of which a partner has one to nine missing are left out',
      },
    ),
  ),
  excluded: Type.Optional(
    Type.Array(
      Type.Object({
        reason: Type.String(),
        reasons: Type.Array(Type.String(), {
          description: 'those put together where single ones are of fewer than ten',
        }),
        patients: Type.Union([Type.Integer(), Type.Null()]),
      }),
    ),
  ),
})

/** How much worse the missing patients would have to be before the bonus vanishes. */
const TippingPoint = Type.Object({
  partner_id: Type.String(),
  verdict: Type.String({ description: 'no_bonus, nobody_missing, not_undone (no missing patient could), tips' }),
  gap_sd: Maybe,
  covered_sd: Type.Number({ description: "the contract's pessimistic shift: a gap up to it is covered" }),
  outcomes: Type.Array(
    Type.Object({
      measure: Type.String(),
      missing: Type.Union([Count, Type.Null()], { description: 'null: one to nine' }),
      eligible: Count,
      gap: Type.Union([Type.Number(), Type.Null()], { description: 'in the unit of the measure' }),
      gap_alone: Maybe,
      gap_alone_sd: Maybe,
    }),
  ),
})

/** One partner's statement; an insurer gets its own amount, a small panel no more than its payment. */
export const PartnerView = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  status: Status,
  partner_id: Type.String(),
  small_panel: Type.Boolean({ description: 'too few patients to be shown on its own' }),
  payment_cents: Type.Optional(Cents),
  reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  statement: Type.Optional(PartnerRow),
  steps: Type.Optional(
    Type.Array(
      Type.Object({
        step: Type.String(),
        from_eur: Type.Number({ description: 'EUR per patient-year' }),
        to_eur: Type.Number(),
      }),
    ),
  ),
  tipping: Type.Optional(TippingPoint),
  insurer: Type.Optional(Type.Object({ insurer: Type.String(), cents: Cents })),
})

export type SettlementView = Static<typeof SettlementView>
export type PartnerView = Static<typeof PartnerView>
