/** What the statement reads of a model card; a card holds much more. */
import { Type, type Static } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { invariant } from '../../../engine/kernel/refusal.ts'

const ScoreShown = Type.Object({
  rows: Type.Number(),
  patients: Type.Optional(Type.Number()),
  mae: Type.Number(),
  rmse: Type.Optional(Type.Number()),
  r2: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  crps: Type.Optional(Type.Number()),
  slope: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  /** share of outcomes within the 90% interval */
  cover90: Type.Number(),
  /** means of prediction and outcome, and their difference, in the measure's unit */
  expected: Type.Number(),
  realised: Type.Number(),
  bias: Type.Number(),
})

const Maybe = Type.Union([Type.Number(), Type.Null()])
const FamilyShown = Type.Object({
  name: Type.String(),
  weight: Type.Number(),
  mae: Type.Optional(Type.Number()),
  rmse: Type.Optional(Type.Number()),
  r2: Type.Optional(Maybe),
  crps: Type.Optional(Type.Number()),
})
const CheckShown = Type.Object({
  check: Type.String(),
  verdict: Type.Union([Type.Literal('holds'), Type.Literal('fails'), Type.Literal('cannot_be_shown')]),
  found: Maybe,
  interval: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()]),
  finding: Type.String(),
})
const WarningShown = Type.Object({ code: Type.String(), sentence: Type.String() })

const ReportCardSchema = Type.Object({
  modelId: Type.Optional(Type.String()),
  spec: Type.Object({ measure: Type.String() }),
  /** landmarks with a realised target, and the patients behind them */
  landmarks: Type.Number(),
  patients: Type.Number(),
  /** epoch days of the first and last landmark */
  window: Type.Optional(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
  families: Type.Array(FamilyShown),
  /** every row predicted by a model that had left its patient out */
  blend: ScoreShown,
  /** tenths of the prediction (`prediction 3/10`), sexes, ages */
  groups: Type.Array(Type.Intersect([Type.Object({ group: Type.String() }), ScoreShown])),
  /** a card from before there was a registry has none */
  validation: Type.Optional(Type.Object({ holds: Type.Boolean(), checks: Type.Array(CheckShown) })),
  warnings: Type.Optional(Type.Array(Type.Union([Type.String(), WarningShown]))),
  backend: Type.Optional(Type.String()),
  bytes: Type.Optional(Type.Number()),
})

export type ReportCard = Static<typeof ReportCardSchema>
export type CardGroup = ReportCard['groups'][number]

/** A card as it was stored, for the statement. */
export function reportCardOf(card: unknown): ReportCard {
  const fits = Check(ReportCardSchema, card)
  invariant(
    fits,
    `a model card has what the statement shows: ${fits ? '' : (Errors(ReportCardSchema, card)[0]?.message ?? '')}`,
  )
  return card
}

/** Whether there are people enough to speak of the group. */
export const isDisclosed = ({ patients, rows }: CardGroup): boolean => (patients ?? rows) >= SMALLEST_GROUP

/** The groups by tenths of the prediction, in order. */
export const tenthsOf = (card: ReportCard): readonly CardGroup[] =>
  card.groups.filter(({ group }) => group.startsWith('prediction '))

/** Every other group: sexes, ages, sizes of practice. */
export const peopleOf = (card: ReportCard): readonly CardGroup[] =>
  card.groups.filter(({ group }) => !group.startsWith('prediction '))

/** The families that share in the blend, the heaviest first. */
export const sharesOf = ({ families }: ReportCard): ReportCard['families'] =>
  families.filter(({ weight }) => weight >= 0.005).sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
