/** Expected against realised, in groups large enough to disclose: by partner, programme, measure, year, age band and sex. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DIMENSIONS, readFigures, SMALLEST_CELL, type Dimension, type Figures } from '../../data/runs/aggregates.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import { keptInsurerFigures } from '../../data/runs/insurer-figures.ts'
import { wholeSettlement } from '../../data/settlements/settlements.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { panelsOf } from '../../engine/disclosure/small-groups.ts'
import { meanDecimals, rounded } from '../../engine/research/precision.ts'
import { asWorker } from '../../data/access/request-store.ts'
import { Whole } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { YearsBefore } from '../schemas/run.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { BadRequest, NotFound, Unauthorised } from '../schemas/problem.ts'
import { readSettlementRecord, type RunSettlementRecord } from '../views/settlement-view.ts'

const Mean = Type.Union([Type.Number(), Type.Null()])
const OutcomeCell = Type.Object({
  programme: Type.String(),
  measure: Type.String(),
  partner: Type.Optional(Type.String()),
  year: Type.Optional(Type.String()),
  age_band: Type.Optional(Type.String({ description: 'first year of ten, or unknown' })),
  sex: Type.Optional(Type.String()),
  figures: Type.Union([
    Type.Object({
      eligible: Type.Union([Type.Integer(), Type.Null()], { description: 'null: all but one to nine were measured' }),
      measured: Type.Integer(),
      expected_mean: Mean,
      realised_mean: Mean,
      gain_mean: Mean,
      contribution_mean: Mean,
    }),
    Type.Null(),
  ]),
})

export const outcomeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const readInsurerFigures = keptInsurerFigures()
  app.get(
    '/settlements/:settlement/outcomes',
    {
      schema: {
        tags: ['settlements'],
        summary: 'Expected against realised, by group',
        description: `Means on the health scale: in the unit of the measure, higher always better. Figures are null where fewer than ${SMALLEST_CELL} people, or a difference of groups, would show. An insurer gets its own insured, a partner its own patients.`,
        params: SettlementId,
        querystring: Type.Object({
          by: Type.Optional(
            Type.String({
              description: 'of programme, partner, measure, year, age_band, sex: with commas between',
              default: 'measure',
            }),
          ),
          years_before: Type.Optional(YearsBefore),
        }),
        response: { 200: Whole(OutcomeCell), 400: BadRequest, 401: Unauthorised, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { by = 'measure', years_before: yearsBefore = 0 } = request.query
      const query = { by: dimensionsOf(by), yearsBefore }
      const record = await readSettlementRecord(request.store, reader, request.params.settlement)
      // Figures of many people are added up from cells that few may read, and held back here before anybody sees them.
      const cells = await asWorker(app.sharedStore, async (store) => {
        const whole = await wholeSettlement(store, record.settlement.settlement_id)
        const asked = { run: record.run, ...query, smallPartners: smallPanelsOf(whole, record) }
        const { role, subject } = reader
        if (role === 'insurer') return await readInsurerFigures(store, { ...asked, insurer: subject })
        return await readFigures(store, { ...asked, ...(role === 'partner' && { only: { partner: subject } }) })
      })
      const { contract, run } = record
      const programmes = await regionProgrammes(request.store.pool, run.regionId, run.asOf)
      const measures = programmes.get(contract.programme)?.measures ?? []
      const items = cells.map(({ at, figures }) => ({
        programme: contract.programme,
        measure: at.measure ?? '',
        ...at,
        figures: figures && toldFigures(figures, measures.find(({ key }) => key === at.measure)?.unit ?? ''),
      }))
      return { items, next: null }
    },
  )
}

/** A settlement is of one programme, so that every group already is by programme. */
function dimensionsOf(by: string): Dimension[] {
  const names = by.split(',').map((name) => name.trim())
  const wrong = names.find((name) => name !== 'programme' && !DIMENSIONS.some((dimension) => dimension === name))
  if (wrong !== undefined)
    throw new Refusal('invalid_request', `by names "${wrong}"; groups are by programme, ${DIMENSIONS.join(', ')}.`, {
      by,
    })
  return DIMENSIONS.filter((dimension) => names.includes(dimension))
}

/** A panel too small for a row of its own in the settlement has none here. */
const smallPanelsOf = (whole: Settlement, { contract }: RunSettlementRecord): ReadonlySet<string> =>
  new Set(panelsOf(whole.partners, contract.minPatients).folded?.partnerIds)

/** Figures as they are told: means with one decimal more than the measure is recorded with. */
function toldFigures(figures: Figures, unit: string) {
  const mean = (value: number | null) => (value === null ? null : rounded(value, meanDecimals(unit)))
  return {
    eligible: figures.eligible,
    measured: figures.measured,
    expected_mean: mean(figures.expectedMean),
    realised_mean: mean(figures.realisedMean),
    gain_mean: mean(figures.gainMean),
    contribution_mean: figures.eligible === null ? null : mean(figures.contributionMean),
  }
}
