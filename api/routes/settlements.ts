/** Settlements and the statements of partners, each as the role of the token may see it. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { readRegions, regionOf } from '../../data/region/regions.ts'
import { asWorker } from '../../data/access/request-store.ts'
import { Kept } from '../../data/runs/kept.ts'
import { readerOf } from '../plugins/access.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { PartnerView, SettlementHead, SettlementView, State } from '../schemas/settlement.ts'
import { openStatements } from '../report/statements.ts'
import { listSettlementRecords, readSettlementRecord, type SettledLine } from '../views/settlement-view.ts'
import { settlementFor, statementFor } from '../views/role-view.ts'
import { toComeOf, type ToCome } from '../views/to-come.ts'

const SETTLEMENTS: Listing<SettledLine> = {
  sorts: {
    as_of: { kind: 'day', of: ({ stored }) => stored.asOf },
    contract: { kind: 'text', of: ({ stored }) => stored.contractId },
  },
  id: { kind: 'integer', of: ({ stored }) => stored.seq },
  first: '-as_of',
}

/** Of so many settlements and readers it is remembered how many results can still come. */
const MOST_COUNTED = 1_000

export const settlementRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const statements = openStatements()
  app.addHook('onClose', () => statements.close())

  app.get(
    '/settlements',
    {
      schema: {
        tags: ['settlements'],
        summary: 'Settlements, the latest state of the data first',
        description: 'With contract, region and as_of: the first of the list is the one that held on that day.',
        querystring: Type.Object({
          contract: Type.Optional(Type.String()),
          region: Type.Optional(Type.String()),
          as_of: Type.Optional(Type.String({ description: 'as known on this day, YYYY-MM-DD' })),
          state: Type.Optional(State),
          ...pageQuery(SETTLEMENTS),
        }),
        response: { 200: Page(SettlementHead), 400: BadRequest, 401: Unauthorised, 404: NotFound },
      },
    },
    async (request) => {
      const { contract, region, as_of: day, state, ...page } = request.query
      const asOf = dayMaybeAsked('as_of', day)
      const settled = await listSettlementRecords(request.store, readerOf(request), {
        ...(contract === undefined ? {} : { contractId: contract }),
        ...(region === undefined ? {} : { regionId: (await regionOf(request.store, region)).regionId }),
        ...(asOf === undefined ? {} : { asOf }),
      })
      const names = new Map((await readRegions(request.store)).map(({ regionId, name }) => [regionId, name]))
      const asked = state === undefined ? settled : settled.filter(({ stored }) => stored.state === state)
      return pageOfAll(SETTLEMENTS, page, asked, ({ stored }) => ({
        settlement_id: stored.settlementId,
        contract: stored.contractId,
        region: names.get(stored.regionId) ?? '',
        as_of: stored.asOf,
        period_start: stored.periodStart,
        status: stored.status,
        state: stored.state,
      }))
    },
  )

  const counted = new Kept<ToCome>(MOST_COUNTED)
  app.get(
    '/settlements/:settlement',
    {
      schema: {
        tags: ['settlements'],
        summary: 'One settlement',
        description:
          'Analysts see every panel that is large enough, insurers their own amounts, partners themselves among nameless others, researchers no money.',
        params: SettlementId,
        response: { 200: SettlementView, 400: BadRequest, 401: Unauthorised, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const record = await readSettlementRecord(request.store, reader, request.params.settlement)
      const view = settlementFor(reader, record)
      if (view.partners === undefined) return view
      // Counted over persons whom a party may not read one by one: a second for a large region, and once, for neither run nor excerpt changes.
      const key = `${record.settlement.settlement_id} ${reader.role} ${reader.subject}`
      const toCome = await counted.find(key, () => asWorker(app.sharedStore, (store) => toComeOf(store, record)))
      return { ...view, to_come: toCome }
    },
  )

  app.get(
    '/settlements/:settlement/partners/:partner',
    {
      schema: {
        tags: ['settlements'],
        summary: 'The statement of one partner',
        params: Type.Intersect([SettlementId, Type.Object({ partner: Type.String() })]),
        response: { 200: PartnerView, 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const settled = await readSettlementRecord(request.store, reader, request.params.settlement)
      return statementFor(reader, settled, request.params.partner)
    },
  )

  app.get(
    '/settlements/:settlement/report',
    {
      config: { page: true, inThread: true },
      schema: {
        tags: ['settlements'],
        summary: 'The statement a board reads, as a page',
        params: SettlementId,
        querystring: Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('nl'), Type.Literal('en')])) }),
        produces: ['text/html'],
        response: {
          200: { description: 'HTML, whole in itself', content: { 'text/html': { schema: Type.String() } } },
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
        },
      },
    },
    async (request, reply) => {
      const { lang = 'nl' } = request.query
      const order = {
        url: app.sharedStore.url,
        reader: readerOf(request),
        settlementId: request.params.settlement,
        lang,
      }
      const page = await statements.page(order)
      void reply.type('text/html; charset=utf-8')
      return page
    },
  )
}
