/** Disputes over HTTP. */
import { Type, type Static } from 'typebox'
import { Cents } from './settlement.ts'

const Day = Type.String({ description: 'YYYY-MM-DD' })
const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** The contention. */
export const ContentionBody = Type.Union([
  Type.Object(
    { kind: Type.Literal('not_our_patient'), partner_id: Type.String(), patient_id: Type.String() },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('value_wrong'),
      partner_id: Type.String(),
      patient_id: Type.String(),
      measure: Type.String(),
      observed_on: Day,
      value: Type.Union([Type.Number(), Type.Null()], {
        description: "in the measure's unit; null: there was no reading",
      }),
    },
    { additionalProperties: false },
  ),
])
export type ContentionBody = Static<typeof ContentionBody>

const EffectView = Type.Object({
  partner_id: Type.String(),
  before_cents: Cents,
  after_cents: Cents,
})

const InsurerEffects = Type.Array(Type.Object({ insurer: Type.String(), before_cents: Cents, after_cents: Cents }), {
  description: 'what insurers pay in all: to an insurer its own, to a partner none',
})
const OthersMoved = Type.Integer({
  minimum: 0,
  description: 'how many other partners would be paid otherwise: the settlement is computed anew for all',
})

export const PreviewView = Type.Object({
  preview_id: Type.String(),
  state: Type.String({ description: 'waiting, running, completed or failed' }),
  effect: Maybe(EffectView),
  insurer_effects: InsurerEffects,
  others_moved: OthersMoved,
})

export const DisputeView = Type.Object({
  dispute_id: Type.Integer(),
  settlement_id: Type.String(),
  partner_id: Type.String(),
  kind: Type.String(),
  patient_id: Type.String({ description: 'a pseudonym' }),
  measure: Maybe(Type.String()),
  observed_on: Maybe(Day),
  value: Maybe(Type.Number()),
  evidence: Type.String(),
  filed_by: Type.String(),
  filed_on: Day,
  deadline_on: Day,
  effect: Maybe(EffectView),
  insurer_effects: InsurerEffects,
  others_moved: OthersMoved,
  deciders: Type.Array(Type.String(), {
    description: 'the insurers that decide, each for itself; unknown: an analyst does',
  }),
  verdicts: Type.Array(
    Type.Object({ insurer: Type.String(), verdict: Type.String(), reason: Type.String(), by: Type.String(), on: Day }),
    { description: 'given so far: one dismissed dismisses it, it is upheld when all uphold it' },
  ),
  ruling: Maybe(Type.Object({ verdict: Type.String(), reason: Type.String(), by: Type.String(), on: Day })),
  corrected_by: Maybe(Type.String({ description: 'the settlement that corrects because of it' })),
})
export type DisputeView = Static<typeof DisputeView>
