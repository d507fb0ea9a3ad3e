/** The payments of a settlement worked out over HTTP: every step as an equation that holds as written, the bridge to the total, and what a payment
 *  depends on. */
import { Type, type Static } from 'typebox'
import { Cents, InsurerShare, SmallPanels, Status } from '../settlement.ts'

const MaybeCents = Type.Union([Cents, Type.Null()])
const MaybeText = Type.Union([Type.String(), Type.Null()])

const Amount = Type.Object({
  kind: Type.Union(
    [Type.Literal('gain'), Type.Literal('eur'), Type.Literal('years'), Type.Literal('factor'), Type.Literal('share')],
    {
      description:
        'gain: in the unit of the measure. eur. years: patient-years, of a contract of episodes the episodes. factor. share: to be read as a percentage',
    },
  ),
  value: Type.String({ description: 'a decimal, with every digit that counts: 12.50', pattern: '^-?\\d+(\\.\\d+)?$' }),
})

const Addend = Type.Object({
  minus: Type.Boolean({ description: 'taken off' }),
  factors: Type.Array(Amount, { description: 'multiplied' }),
  divisor: Type.Union([Amount, Type.Null()]),
})

const Step = Type.Object({
  step: Type.String({
    description:
      'patients, history, trend, collective, price, together, missing, lessMissing, lessExcess, perYear, deadBand, withinDeadBand, share, floor, cap, gates, budget, rounding, unexplained, payment',
  }),
  measure: Type.Union([Type.String(), Type.Null()], { description: 'of a step of one outcome' }),
  addends: Type.Union([Type.Array(Addend), Type.Null()], {
    description:
      'their sum, rounded half away from zero to the decimals of the result, is the result. null: the calculation begins or ends here, or would tell of fewer than ten people',
  }),
  result: Amount,
  from_eur: Type.Union([Type.Number(), Type.Null()], {
    description: 'what the step leads from, EUR for the whole panel; null: it moves nothing',
  }),
  to_eur: Type.Union([Type.Number(), Type.Null()]),
})

const PartnerCalculation = Type.Object({
  partner_id: Type.String(),
  small_panel: Type.Boolean({ description: 'too few patients to be shown: its payment only' }),
  payment_cents: Cents,
  reason: MaybeText,
  outcomes: Type.Optional(
    Type.Array(Type.Object({ measure: Type.String(), cents: MaybeCents }), {
      description: 'what each outcome is worth: credible gain × price × patient-years; null: without statistics',
    }),
  ),
  clauses_cents: Type.Optional(
    Type.Integer({
      description: 'what dead band, share, corridor, gates and budget change: payment less what the outcomes are worth',
    }),
  ),
  steps: Type.Optional(
    Type.Array(Step, { description: 'from patients to cents; steps that change nothing are left out' }),
  ),
  mean_alone_cents: Type.Optional(
    Type.Union([Cents, Type.Null()], {
      description:
        'the payment with the collective mean in place of its own part; null: no mean counts, or (to a partner) a budget lets it depend on others',
    }),
  ),
  without_control: Type.Optional(
    Type.Array(Type.Object({ control_id: Type.String(), payment_cents: Cents }), {
      description: 'the payment with one control partner left out of the trend; [] without a trend, or where not kept',
    }),
  ),
})

/** A settlement's payments worked out; which parts are there depends on the role of the token. */
export const CalculationView = Type.Object({
  settlement_id: Type.String(),
  contract: Type.String(),
  as_of: Type.String(),
  status: Status,
  precision: Type.Optional(
    Type.Object(
      { gain: Type.Integer(), years: Type.Integer(), weight: Type.Integer(), eur: Type.Integer() },
      { description: 'decimals of the numbers that are not a contract’s own' },
    ),
  ),
  partners: Type.Optional(
    Type.Array(PartnerCalculation, { description: 'panels large enough to be shown; to a partner: itself' }),
  ),
  small_panels: Type.Optional(Type.Union([SmallPanels, Type.Null()])),
  bridge: Type.Optional(
    Type.Object(
      {
        gains_cents: Cents,
        losses_cents: Cents,
        small_panels_cents: Cents,
        total_cents: Cents,
      },
      { description: 'gains + losses of the panels shown + small panels = total; to readers of the whole' },
    ),
  ),
  insurer: Type.Optional(InsurerShare),
})

export type CalculationView = Static<typeof CalculationView>
