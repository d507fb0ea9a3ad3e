/** How a refusal looks over HTTP: RFC 9457, with the code and facts of the refusal. */
import { Type, type Static } from 'typebox'

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'about:blank: the status and the code say it all' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what was found, where, and what would be right' }),
    code: Type.String({ description: 'the refusal, for programs' }),
    facts: Type.Optional(Type.Object({}, { additionalProperties: true })),
  },
  { $id: 'Problem', description: 'Why a request was refused' },
)
export type Problem = Static<typeof Problem>

/** A refusal as an answer of a route. */
export const refused = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

export const BadRequest = refused('The request is not what the schema asks for')
export const Unauthorised = refused('No token, or one that is not known')
export const Forbidden = refused('The role of the token may not do this')
export const NotFound = refused('There is no such thing, or the token may not know of it')
export const Conflict = refused('What the request is about is not in the state that it takes for granted')
export const TooLarge = refused('The body is longer than any document that is handed in')
export const Failed = refused('The program is at fault; the id of the request leads to the log')
export const Unprocessable = refused('The content breaks a rule; the sentence names the place')
