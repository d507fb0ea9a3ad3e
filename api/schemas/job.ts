/** Jobs over HTTP: what takes longer than an answer may. */
import { Type, type Static } from 'typebox'
import { Id } from './id.ts'

export const JobId = Type.Object({ job: Id })

export const JobKind = Type.Union(
  [
    Type.Literal('settle'),
    Type.Literal('train'),
    Type.Literal('correct'),
    Type.Literal('preview'),
    Type.Literal('difference'),
    Type.Literal('import'),
  ],
  { description: 'what is done' },
)

export const JobView = Type.Object({
  job_id: Type.String(),
  kind: JobKind,
  state: Type.Union(
    [
      Type.Literal('waiting'),
      Type.Literal('running'),
      Type.Literal('completed'),
      Type.Literal('failed'),
      Type.Literal('cancelled'),
      Type.Literal('forgotten'),
    ],
    { description: 'forgotten: it ended so long ago that the queue no longer knows how' },
  ),
  stopping: Type.Boolean({ description: 'called off; what is being done comes to its end' }),
  progress: Type.Union([Type.Object({ stage: Type.String(), done: Type.Integer(), of: Type.Integer() }), Type.Null()], {
    description: 'the parts of the stage it is at',
  }),
  workers: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
    description: 'how many workers listen; 0: it waits until one does; null: it is over',
  }),
  about: Type.Object({}, { additionalProperties: true, description: 'contract, day, settlements or delivery, by id' }),
  result: Type.Unknown({ description: 'ids and counts of what was made; null until completed' }),
  refusal: Type.Union([
    Type.Object({ code: Type.String(), detail: Type.String(), facts: Type.Object({}, { additionalProperties: true }) }),
    Type.Null(),
  ]),
  requested_by: Type.String(),
  requested_at: Type.String({ description: 'ISO 8601, UTC' }),
  cancelled_by: Type.Union([Type.String(), Type.Null()]),
})
export type JobView = Static<typeof JobView>
