/** The work list: who still has to be measured, for whoever cares for them. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Identity } from '../../data/access/keys.ts'
import { asWorker } from '../../data/access/request-store.ts'
import { seenPatients } from '../../data/work/work-list.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { WORK, wholeWork, workFor, type WholeWork, type WorkOf } from '../views/work.ts'

const DayOrNull = Type.Union([Type.String(), Type.Null()])
const Item = Type.Object({
  contract: Type.String(),
  partner_id: Type.String({ description: 'for whom the measurement counts' }),
  practice_id: Type.String({ description: 'where the patient is enrolled' }),
  patient_id: Type.String({ description: 'a pseudonym' }),
  measure: Type.String(),
  window_from: Type.String({ description: 'a reading from this day' }),
  window_to: Type.String({ description: 'through this day counts' }),
  last_value_on: DayOrNull,
})
const Faults = Type.Array(
  Type.Object({
    practice_id: Type.String({ description: 'blank: rows of which no practice is known' }),
    rejected: Type.Integer({ description: 'rows that were not taken' }),
    kept: Type.Integer({ description: 'rows that were kept with a remark' }),
  }),
  { description: 'faults of the latest delivery known by then, most first' },
)

/** So many lists are kept while nothing is recorded that could change them: whoever turns the page does not have it made again. */
const KEPT = 2

/** A whole work list fits one answer: rows are short. */
const MOST_ROWS = 20_000

export const workRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const lists = new Map<string, Promise<WholeWork>>()
  function wholeOf(standing: string, reader: Identity, asked: Omit<WorkOf, 'region'>): Promise<WholeWork> {
    const region = { regionId: reader.regionId, name: reader.region }
    const key = JSON.stringify([standing, region.regionId, asked.asOf, asked.contract])
    const known = lists.get(key)
    if (known) return known
    const made = asWorker(app.sharedStore, (store) => wholeWork(store, { region, ...asked }))
    lists.set(key, made)
    made.catch(() => lists.delete(key))
    if (lists.size > KEPT) lists.delete(lists.keys().next().value ?? '')
    return made
  }

  app.get(
    '/work',
    {
      schema: {
        tags: ['work'],
        summary: 'Who still has to be measured, by the day on which the window closes',
        description:
          'Patients who would be missing if the contracts under way were settled as known on the day, by the rule of the settlement. A partner sees its own patients. There are no amounts in it, and nothing that is expected of anybody.',
        querystring: Type.Object({
          as_of: Type.Optional(Type.String({ description: 'YYYY-MM-DD; left out: the day of the latest delivery' })),
          contract: Type.Optional(Type.String({ description: 'one contract; left out: all that are under way' })),
          measure: Type.Optional(Type.String({ description: 'one measure' })),
          practice: Type.Optional(Type.String({ description: 'one practice' })),
          ...pageQuery(WORK),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: 50, description: 'items a page' }),
          ),
        }),
        response: {
          200: Type.Object({
            as_of: Type.String(),
            ...Page(Item).properties,
            total: Type.Integer({ minimum: 0, description: 'items on all pages' }),
            faults: Faults,
          }),
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { as_of: day, contract, measure, practice, ...page } = request.query
      const asOf = dayMaybeAsked('as_of', day)
      // Of everybody, then only what is the reader's; and of that only whom the database shows it too.
      const work = workFor(reader, await wholeOf(request.standing, reader, { asOf, contract }))
      const wanted = work.items.filter(
        (item) => (measure ?? item.measure) === item.measure && (practice ?? item.practiceId) === item.practiceId,
      )
      const { items, next } = pageOfAll(WORK, page, wanted, (item) => ({
        contract: item.contract,
        partner_id: item.partnerId,
        practice_id: item.practiceId,
        patient_id: item.patientId,
        measure: item.measure,
        window_from: item.windowFrom,
        window_to: item.windowTo,
        last_value_on: item.lastValueOn,
      }))
      const shown = items.map((item) => item.patient_id)
      const seen = await seenPatients(request.store, reader.regionId, shown)
      const faults = work.faults.map((each) => ({ ...each }))
      return {
        as_of: work.asOf,
        items: items.filter((item) => seen.has(item.patient_id)),
        next,
        total: wanted.length,
        faults,
      }
    },
  )
}
