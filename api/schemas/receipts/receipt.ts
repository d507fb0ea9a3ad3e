/** A receipt over HTTP: a partner's arithmetic, its patients, and of one of them the rows it came from. */
import { Type, type Static } from 'typebox'
import { Cents } from '../settlement.ts'

/** Patients that one answer holds, at most. */
export const RECEIPT_PAGE = 5000

const Maybe = Type.Union([Type.Number(), Type.Null()])
const MaybeText = Type.Union([Type.String(), Type.Null()])
const NumberOrText = Type.Union([Type.Number(), Type.String(), Type.Null()])

const Step = Type.Object({
  step: Type.String(),
  method: Type.String({ description: 'section of the method' }),
  clause: Type.String({ description: "the contract's clause; empty where there is none" }),
  formula: Type.String(),
  numbers: Type.Record(Type.String(), NumberOrText),
  result: NumberOrText,
  unit: Type.String(),
})

const Patient = Type.Object({
  patient_id: Type.String(),
  practice_id: Type.String(),
  insurer: Type.String(),
  measure: Type.String(),
  index_on: Type.String(),
  target_on: Type.String(),
  exposure_days: Type.Integer(),
  status: Type.String(),
  baseline: Maybe,
  mean: Maybe,
  sd: Maybe,
  q05: Maybe,
  q25: Maybe,
  q50: Maybe,
  q75: Maybe,
  q95: Maybe,
  realised: Maybe,
  realised_on: MaybeText,
  expected_value: Maybe,
  realised_value: Maybe,
  gain: Maybe,
  measured_probability: Maybe,
  imputed_gain: Maybe,
  contribution: Maybe,
  model_id: MaybeText,
  formula: Type.String(),
  value_eur: Type.Number({ description: 'EUR of the value that this contribution stands for' }),
  payment_eur: Type.Number({
    description:
      'the same as it reaches the payment: the slope of the payment times the contribution, all else as it stands',
  }),
})

const Row = Type.Object({
  table: Type.String(),
  file: MaybeText,
  line: Type.Integer({ description: 'the header is line 1' }),
  deliveredOn: Type.String(),
  values: Type.Record(Type.String(), Type.Union([NumberOrText, Type.Boolean()])),
  used_as: Type.String({ description: 'realised, baseline, known on the index date, later, comparison' }),
})

export const ReceiptView = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  partner_id: Type.String(),
  small_panel: Type.Boolean({ description: 'too few patients to be shown' }),
  payment_cents: Cents,
  reason: MaybeText,
  engine_version: Type.Optional(Type.String()),
  dataset_sha256: Type.Optional(Type.String()),
  contract_sha256: Type.Optional(Type.String()),
  outcomes: Type.Optional(
    Type.Array(Type.Object({ measure: Type.String(), model_id: MaybeText, steps: Type.Array(Step) })),
  ),
  payment: Type.Optional(Type.Array(Step)),
  rounding: Type.Optional(
    Type.Object(
      { nl: Type.Array(Type.String()), en: Type.Array(Type.String()) },
      { description: 'how the amount was rounded and split, in words' },
    ),
  ),
  adds_up: Type.Optional(
    Type.Array(Type.Object({ item: Type.String(), measure: MaybeText, eur: Type.Number() }), {
      description: 'lines that sum to the payment',
    }),
  ),
  patients: Type.Optional(Type.Array(Patient, { description: 'a page of them, by patient_id' })),
  rows: Type.Optional(Type.Array(Row, { description: 'of the patient that was asked for' })),
})

export type ReceiptView = Static<typeof ReceiptView>
