/** Questions of research over HTTP: what is asked, with its analysis plan, and the answer. */
import { Type, type Static } from 'typebox'
import { RESEARCH_DIMENSIONS } from '../../engine/research/dimensions.ts'
import { Id } from './id.ts'

const Told = (description: string) => Type.String({ minLength: 1, maxLength: 4000, description })
const Dimension = Type.Unsafe<(typeof RESEARCH_DIMENSIONS)[number]>({ type: 'string', enum: [...RESEARCH_DIMENSIONS] })

export const QuestionId = Type.Object({ question: Id })

/** What a researcher registers. */
export const QuestionBody = Type.Object({
  contract: Type.String({ minLength: 1, maxLength: 200 }),
  settlement: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'left out: the settlement of the contract that is open to research',
    }),
  ),
  title: Told('what the register calls it'),
  hypothesis: Told('what is expected, before the answer is seen'),
  outcome: Told('what is compared: the figure and the measure'),
  groups: Told('which groups are compared'),
  analysis: Told('how the answer will be analysed, and what would count against the hypothesis'),
  measures: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      maxItems: 50,
      uniqueItems: true,
      description: 'outcomes of the contract; left out: all',
    }),
  ),
  by: Type.Array(Dimension, {
    maxItems: RESEARCH_DIMENSIONS.length,
    uniqueItems: true,
    description:
      'what the answer is broken down by: group, age_band and sex as you like, with one of partner, year, postcode_area, condition at most; measures always',
  }),
})
export type QuestionBody = Static<typeof QuestionBody>

export const QuestionView = Type.Object({
  question_id: Type.String(),
  asked_by: Type.String({ description: 'role:name of the token' }),
  asked_at: Type.String({ description: 'when it was registered' }),
  answered_at: Type.Union([Type.String(), Type.Null()], { description: 'when its answer was first opened' }),
  ...QuestionBody.properties,
  settlement: Type.Union([Type.String(), Type.Null()]),
  measures: Type.Array(Type.String(), { description: '[]: all of the contract' }),
})
export type QuestionView = Static<typeof QuestionView>

const Mean = (description: string) => Type.Number({ description })
const MaybeMean = Type.Union([Type.Number(), Type.Null()])

/** One group of persons. A place that has no row holds nobody, or is held back. */
const AnswerRow = Type.Object({
  measure: Type.String(),
  unit: Type.String(),
  group: Type.Optional(Type.String({ description: 'contract or control partners' })),
  partner: Type.Optional(Type.String({ description: 'under a code' })),
  year: Type.Optional(Type.String({ description: 'of the index date' })),
  age_band: Type.Optional(
    Type.String({ description: 'first and last year of age, such as 60-69; unknown where no birth year is known' }),
  ),
  sex: Type.Optional(Type.String()),
  postcode_area: Type.Optional(Type.String({ description: 'the first two digits of the postcode, or unknown' })),
  condition: Type.Optional(
    Type.String({ description: "chapter of diagnoses beside the programme's own: none, one, or several" }),
  ),
  measured: Type.Integer(),
  eligible: Type.Union([Type.Integer(), Type.Null()], {
    description: 'measured or missing; null in crossed tables, and where one to nine would be told apart',
  }),
  expected_raw_mean: Mean('in the unit of the measure'),
  realised_raw_mean: Mean('in the unit of the measure'),
  realised_raw_se: Type.Number(),
  realised_raw_lower: Type.Number(),
  realised_raw_upper: Type.Number(),
  expected_mean: Mean('on the health scale: in the unit, higher always better'),
  realised_mean: Mean('on the health scale'),
  realised_se: Type.Number(),
  realised_lower: Type.Number(),
  realised_upper: Type.Number(),
  gain_mean: Mean('realised less expected, on the health scale'),
  gain_se: Type.Number(),
  gain_lower: Type.Number(),
  gain_upper: Type.Number(),
  contribution_mean: Type.Union([Type.Number(), Type.Null()], {
    description: 'the gain with the missing accounted for; null where eligible is',
  }),
  contribution_se: MaybeMean,
  contribution_lower: MaybeMean,
  contribution_upper: MaybeMean,
})
export type AnswerRow = Static<typeof AnswerRow>

export const AnswerView = Type.Object({
  question_id: Type.String(),
  contract: Type.String(),
  programme: Type.String(),
  period: Type.Object({ start: Type.String(), end: Type.String() }),
  settlement_id: Type.String(),
  as_of: Type.String(),
  engine_version: Type.String(),
  by: Type.Array(Type.String()),
  smallest_group: Type.Integer({ description: 'no count of fewer persons is told, nor can one be derived' }),
  cite: Type.String({ description: 'how to refer to this answer' }),
  rows: Type.Array(AnswerRow),
})
export type AnswerView = Static<typeof AnswerView>
