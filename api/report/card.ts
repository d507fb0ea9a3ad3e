/** What the statement reads of a model card; a card holds much more. */
import { Type, type Static } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { invariant } from '../../engine/refusal.ts'

const ScoreShown = Type.Object({
  rows: Type.Number(),
  mae: Type.Number(),
  /** share of outcomes within the 90% interval */
  cover90: Type.Number(),
  /** means of prediction and outcome, and their difference, in the measure's unit */
  expected: Type.Number(),
  realised: Type.Number(),
  bias: Type.Number(),
})

const ReportCardSchema = Type.Object({
  spec: Type.Object({ measure: Type.String() }),
  /** landmarks with a realised target, and the patients behind them */
  landmarks: Type.Number(),
  patients: Type.Number(),
  families: Type.Array(Type.Object({ name: Type.String(), weight: Type.Number() })),
  /** every row predicted by a model that had left its patient out */
  blend: ScoreShown,
  /** tenths of the prediction (`prediction 3/10`), sexes, ages */
  groups: Type.Array(Type.Intersect([Type.Object({ group: Type.String() }), ScoreShown])),
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
  return card as ReportCard
}

/** The groups by tenths of the prediction, in order. */
export const tenthsOf = (card: ReportCard): readonly CardGroup[] =>
  card.groups.filter(({ group }) => group.startsWith('prediction '))

/** Every other group: sexes and ages. */
export const peopleOf = (card: ReportCard): readonly CardGroup[] =>
  card.groups.filter(({ group }) => !group.startsWith('prediction '))

/** The families that share in the blend, the heaviest first. */
export const sharesOf = ({ families }: ReportCard): ReportCard['families'] =>
  families.filter(({ weight }) => weight >= 0.005).sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
