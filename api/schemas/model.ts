/** Models over HTTP: their state, what their checks said, their card, and their calibration since. */
import { Type, type Static } from 'typebox'

const Maybe = Type.Union([Type.Number(), Type.Null()])
export const ModelState = Type.Union([
  Type.Literal('draft'),
  Type.Literal('validated'),
  Type.Literal('payable'),
  Type.Literal('retired'),
])

export const ModelHead = Type.Object({
  model_id: Type.String(),
  programme: Type.String(),
  measure: Type.String(),
  state: ModelState,
  checks: Type.Array(
    Type.Object({
      check: Type.String(),
      verdict: Type.Union([Type.Literal('holds'), Type.Literal('fails'), Type.Literal('cannot_be_shown')]),
      finding: Type.String(),
    }),
  ),
})

export const DriftView = Type.Object({
  settlement_id: Type.String({ description: 'the run in which the model was used' }),
  as_of: Type.String(),
  alarm: Type.Union([Type.Object({ month: Type.String(), kind: Type.String(), evidence: Type.Number() }), Type.Null()]),
  months: Type.Array(
    Type.Object({
      side: Type.Union([Type.Literal('control'), Type.Literal('contract')]),
      month: Type.String({ description: 'first day of the month of realisation' }),
      measured: Type.Integer(),
      bias: Type.Number({ description: 'realised - expected, in the unit of the measure' }),
      bias_sd: Type.Number({ description: 'the same in predictive standard deviations' }),
      slope: Maybe,
      evidence: Type.Union([Type.Number(), Type.Null()], {
        description: 'the detector after this month; null: not tested',
      }),
    }),
    { description: 'months of ten results or more' },
  ),
})

export const ModelView = Type.Intersect([
  ModelHead,
  Type.Object({
    decisions: Type.Array(
      Type.Object({ state: ModelState, by: Type.String(), on: Type.String(), reason: Type.String() }),
      {
        description: 'the last one first; it holds',
      },
    ),
    drift: Type.Array(DriftView),
    card: Type.Object({}, { additionalProperties: true, description: 'what was learned from, and how well it holds' }),
  }),
])

export const DecisionBody = Type.Object(
  {
    state: Type.Union([Type.Literal('payable'), Type.Literal('retired')]),
    reason: Type.String({ minLength: 1 }),
  },
  { additionalProperties: false },
)

export type ModelHead = Static<typeof ModelHead>
export type DriftView = Static<typeof DriftView>
export type ModelView = Static<typeof ModelView>
