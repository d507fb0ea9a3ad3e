/** The audit log, for the auditor of the region: who did or looked at what, and where the chain ends. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { EVENTS, OUTCOMES, PURPOSES, type LoggedEvent } from '../../data/audit/audit-event.ts'
import { asWorker } from '../../data/access/request-store.ts'
import { AUDIT_EVENTS, auditHeads, brokenEvents, readEvents } from '../../data/audit/audit-events.ts'
import { brokenEntry } from '../../data/settlements/settlements.ts'
import { Page, pageAsked, pageQuery, pageView, Whole } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { BadRequest, Forbidden, Unauthorised } from '../schemas/problem.ts'

const oneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] as string[] })

const EventView = Type.Object({
  audit_id: Type.Integer(),
  seq: Type.Integer({ description: 'its place in the chain of the region' }),
  at: Type.String({ description: 'by the clock of the database' }),
  event: oneOf(EVENTS),
  access_point: Type.String({ description: 'verb and template of the route, or the command' }),
  role: Type.String(),
  who: Type.String({ description: 'blank: nobody was let in' }),
  on_behalf_of: Type.Union([Type.String(), Type.Null()]),
  credential: Type.String({ description: 'the key, the issuer of the token, or the command line' }),
  purpose: oneOf(PURPOSES),
  outcome: oneOf(OUTCOMES),
  code: Type.Union([Type.String(), Type.Null()]),
  object: Type.Record(Type.String(), Type.String()),
  patients: Type.Array(Type.String({ description: 'a pseudonym' })),
  everybody: Type.Union([Type.Integer(), Type.Null()], {
    description: 'how many patients, where all of a settlement or region were read at once',
  }),
  times: Type.Integer({
    description: 'equal requests of one person within half a second are one event, but never looks',
  }),
  hash: Type.String(),
})

const HeadView = Type.Object({
  region: Type.Union([Type.String(), Type.Null()]),
  seq: Type.Integer(),
  hash: Type.String({ description: 'keep it elsewhere: winst audit --verify --kept SEQ:HASH then finds it' }),
})

const BrokenAt = Type.Union([Type.Integer(), Type.Null()], {
  description: 'place of the first that is not as it was written; null: the chain holds',
})
const VerificationView = Type.Object({
  audit: Type.Object({
    broken_at: BrokenAt,
    fault: Type.Union([Type.String(), Type.Null()], { description: 'what is wrong with it' }),
  }),
  ledger: Type.Object({ broken_at: BrokenAt }),
})

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden }

export const auditRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['audit'],
        summary: 'Who did or looked at what, the latest first',
        querystring: Type.Object({
          who: Type.Optional(Type.String({ description: 'a person, or the insurer or partner in whose name' })),
          patient: Type.Optional(Type.String({ description: 'a pseudonym: whoever looked at this patient' })),
          event: Type.Optional(oneOf(EVENTS)),
          outcome: Type.Optional(oneOf(OUTCOMES)),
          from: Type.Optional(Type.String({ description: 'a day, that day included (UTC)' })),
          to: Type.Optional(Type.String({ description: 'a day, that day included (UTC)' })),
          ...pageQuery(AUDIT_EVENTS),
        }),
        response: { 200: Page(EventView), ...refusals },
      },
    },
    async (request) => {
      const { who, patient, event, outcome, from, to, ...page } = request.query
      const asked = pageAsked(AUDIT_EVENTS, page)
      const of = { who, patient, event, outcome, from: dayMaybeAsked('from', from), to: dayMaybeAsked('to', to) }
      return pageView(await readEvents(request.store, of, asked), asked, viewOf)
    },
  )

  app.get(
    '/audit/heads',
    {
      schema: {
        tags: ['audit'],
        summary: 'Where the chain of the region ends, for whoever keeps it to check it later',
        response: { 200: Whole(HeadView), ...refusals },
      },
    },
    async (request) => ({ items: [...(await auditHeads(request.store))], next: null }),
  )

  app.get(
    '/audit/verification',
    {
      schema: {
        tags: ['audit'],
        summary: 'Whether the audit log of the region and the ledger are as they were written, entry by entry',
        response: { 200: VerificationView, ...refusals },
      },
    },
    async (request) => {
      const { regionId } = readerOf(request)
      // Chains are read whole, which no reader may: of the result only this region's is told, and whether the one ledger holds.
      const [events, entry] = await asWorker(app.sharedStore, async (store) => [
        await brokenEvents(store),
        await brokenEntry(store),
      ])
      const broken = events.find(({ chain }) => chain === regionId)
      return {
        audit: { broken_at: broken?.seq ?? null, fault: broken?.fault ?? null },
        ledger: { broken_at: entry?.seq ?? null },
      }
    },
  )
}

const viewOf = ({ auditId, at, accessPoint, onBehalfOf, patients, object, ...rest }: LoggedEvent) => ({
  ...rest,
  audit_id: auditId,
  at: at.toISOString(),
  access_point: accessPoint,
  on_behalf_of: onBehalfOf,
  patients: [...patients],
  object: { ...object },
})
