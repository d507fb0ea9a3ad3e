/** Runs over HTTP: what was computed from what, and what was expected of each patient. */
import { Type, type Static } from 'typebox'
import { Id } from './id.ts'

const Maybe = Type.Union([Type.Number(), Type.Null()])
const MaybeText = Type.Union([Type.String(), Type.Null()])

/** Of the years of a run: the contract year, or one of those before it. */
export const YearsBefore = Type.Integer({
  minimum: 0,
  maximum: 3,
  default: 0,
  description: '0: the contract year; 1 to 3: placebo years',
})

export const RunId = Type.Object({ run: Id })

export const RunView = Type.Object({
  run_id: Type.String(),
  contract: Type.String(),
  contract_sha256: Type.String(),
  as_of: Type.String(),
  dataset_sha256: Type.String({ description: 'of the data as they were known on as_of' }),
  engine_version: Type.String(),
  settlement_id: Type.Union([Type.String(), Type.Null()], {
    description: 'what came of it, where you may know of it; null: none',
  }),
})
export type RunView = Static<typeof RunView>

export const ExpectationView = Type.Object({
  patient_id: Type.String({ description: 'a pseudonym' }),
  partner_id: Type.String(),
  practice_id: Type.String(),
  insurer: Type.String(),
  index_on: Type.String(),
  target_on: Type.String(),
  exposure_days: Type.Integer(),
  status: MaybeText,
  baseline: Maybe,
  mean: Maybe,
  sd: Maybe,
  q05: Maybe,
  q50: Maybe,
  q95: Maybe,
  expected_value: Maybe,
  realised: Maybe,
  realised_on: MaybeText,
  realised_value: Maybe,
  gain: Maybe,
  contribution: Maybe,
})
