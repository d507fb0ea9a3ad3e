/** Questions to the API, hostile ones drawn at random and honest ones as people ask them, and what was answered. */
import type { FastifyInstance } from 'fastify'
import { RESEARCH_DIMENSIONS, type ResearchDimension } from '../../engine/research/dimensions.ts'
import type { Random } from '../../engine/kernel/random.ts'
import type { LaidDown } from './region.ts'

/** A table that somebody was given. */
export interface Published {
  /** place of the settlement among the five */
  readonly settlement: number
  readonly rows: readonly PublishedRow[]
}

export interface PublishedRow {
  readonly at: Readonly<Partial<Record<ResearchDimension, string>>>
  readonly measured: number
  /** null: not told */
  readonly eligible: number | null
}

export interface Asked {
  readonly by: readonly ResearchDimension[]
  /** null: whichever is open */
  readonly settlement: number | null
}

/** A question that an attacker may draw: any dimensions, any of the settlements. */
export function drawn(dice: Random, settlements: number): Asked {
  const most = 1 + dice.below(4)
  const by = RESEARCH_DIMENSIONS.filter(() => dice.uniform() < most / RESEARCH_DIMENSIONS.length)
  return { by, settlement: dice.uniform() < 0.5 ? null : dice.below(settlements) }
}

const crossed = <T>(of: readonly T[], most: number): T[][] =>
  of.reduce<T[][]>(
    (all, each) => [...all, ...all.filter((set) => set.length < most).map((set) => [...set, each])],
    [[]],
  )

const COMMON = ['group', 'year', 'age_band', 'sex'] as const

/** What honest researchers ask: every table of up to three dimensions along group, year, age band and sex, with one of partner, area and
 *  condition or none; and the two that would cross these, the case mix of partners and the conditions of areas. */
export const HONEST: readonly Asked[] = [
  ...crossed(COMMON, 3),
  ...crossed(COMMON.slice(1), 2).map((by) => ['partner' as const, ...by]),
  ...crossed(COMMON, 2).map((by) => ['postcode_area' as const, ...by]),
  ...crossed(COMMON, 2).map((by) => ['condition' as const, ...by]),
  ['partner', 'condition'] as const,
  ['postcode_area', 'condition'] as const,
].map((by) => ({ by, settlement: null }))

export type Answer = { readonly published: Published } | { readonly refused: string }

/** Registers a question and opens its answer, as one of the researchers. */
export async function askOne(
  app: FastifyInstance,
  { contract, settlements, codes, tokens }: LaidDown,
  { by, settlement }: Asked,
  researcher: number,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${tokens[researcher % tokens.length]}` }
  const of = settlement === null ? {} : { settlement: settlements[settlement]! }
  const registered = await app.inject({
    method: 'POST',
    url: '/v1/questions',
    headers,
    payload: { ...PLAN, contract, by, ...of },
  })
  if (registered.statusCode >= 300) return refusalOf(registered.json())
  const url = `/v1/questions/${registered.json<{ question_id: string }>().question_id}/answer`
  const answered = await app.inject({ method: 'GET', url, headers })
  if (answered.statusCode !== 200) return refusalOf(answered.json())
  const view = answered.json<{ settlement_id: string; rows: (Record<string, string> & PublishedRow)[] }>()
  const rows = view.rows.map((row) => ({
    at: Object.fromEntries(
      by.map((dimension) => [dimension, dimension === 'partner' ? codes.get(row.partner!)! : row[dimension]!]),
    ),
    measured: row.measured,
    eligible: row.eligible,
  }))
  return { published: { settlement: settlements.indexOf(view.settlement_id), rows } }
}

const PLAN = { title: 't', hypothesis: 'h', outcome: 'o', groups: 'g', analysis: 'a' } as const

function refusalOf({ code, detail }: { code: string; detail: string }): { refused: string } {
  if (code === 'singles_out') return { refused: code }
  throw new Error(`a question was not answered: ${code}: ${detail}`)
}
