/** A region's programmes, partners and patients over HTTP. */
import { Type } from 'typebox'

const MaybeText = Type.Union([Type.String(), Type.Null()])
const Title = Type.Object({ nl: Type.String(), en: Type.String() })

/** As known on a day, for lists of what a region delivered. */
export const AsOf = Type.Optional(
  Type.String({ description: 'as known on this day, YYYY-MM-DD; left out: the latest delivery' }),
)

export const PartnerListed = Type.Object({
  partner_id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  agb: MaybeText,
  member_of: MaybeText,
})

export const PatientListed = Type.Object({
  patient_id: Type.String({ description: 'a pseudonym' }),
  birth_year: Type.Union([Type.Integer(), Type.Null()], { description: 'null: not known' }),
  sex: Type.String(),
  postcode4: MaybeText,
  insurer: MaybeText,
  died_on: MaybeText,
  enrolments: Type.Array(
    Type.Object({
      programme: Type.String(),
      partner_id: Type.String(),
      started_on: Type.String(),
      ended_on: MaybeText,
    }),
  ),
})

export const PatientView = Type.Object({
  ...PatientListed.properties,
  counts_in: Type.Array(Type.Object({ settlement_id: Type.String(), partner_id: Type.String() }), {
    description:
      'settlements that you may see, and the partner for whom the patient counts in each: its care group, where its practice is a member of one',
  }),
})

export const ProgrammeView = Type.Object({
  programme: Type.String(),
  title: Title,
  measures: Type.Array(
    Type.Object({
      measure: Type.String(),
      title: Title,
      unit: Type.String(),
      better: Type.Union([Type.Literal('lower'), Type.Literal('higher'), Type.Literal('window')]),
      plausible: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
      mcid: Type.Union([Type.Number(), Type.Null()], { description: 'the least difference that matters, in the unit' }),
    }),
  ),
})
