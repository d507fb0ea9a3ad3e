/** What pages about one settlement begin with: the settlement as its reader may see it, its contract, and what people call things. */
import type { Reader } from '../../../../data/access/keys.ts'
import { unitText } from '../../../report/elements/view.ts'
import type { Format } from '../../../report/words/format.ts'
import { en } from '../../../report/words/en.ts'
import { nl } from '../../../report/words/nl.ts'
import type { AnswerOf, Ask } from '../../ask.ts'

export type SettlementSeen = AnswerOf<'/v1/settlements/{settlement}', 'get'>
export type Life = AnswerOf<'/v1/settlements/{settlement}/life', 'get'>
export type ContractSeen = AnswerOf<'/v1/contracts/{contract}', 'get'>
export type PartnerRow = NonNullable<SettlementSeen['partners']>[number]

/** What the statement says, in the reader's language. */
export const statementWords = { nl, en }

export interface Names {
  readonly nameOf: (partnerId: string) => string
  readonly titleOf: (measure: string) => string
  readonly unitOf: (measure: string) => string
}

export interface Settled {
  readonly settlement: SettlementSeen
  /** null: not for the reader */
  readonly life: Life | null
  readonly contract: ContractSeen
  readonly names: Names
}

interface Asking {
  readonly ask: Ask
  readonly reader: Pick<Reader, 'role'>
  readonly format: Format
}

/** @throws ApiProblem `not_found`, whether there is none or it is none of the reader's business */
export async function settledFor({ ask, reader, format }: Asking, settlementId: string): Promise<Settled> {
  const path = { settlement: settlementId }
  const settlement = await ask.get('/v1/settlements/{settlement}', { path })
  const [contract, life] = await Promise.all([
    ask.get('/v1/contracts/{contract}', { path: { contract: settlement.contract_sha256 } }),
    reader.role === 'researcher' ? null : ask.get('/v1/settlements/{settlement}/life', { path }),
  ])
  const names = await namesFor({ ask, reader, format }, contract.programme, settlement.as_of)
  return { settlement, life, contract, names }
}

/** Names of partners and measures, as known on a day; left out: the day of the latest delivery. */
async function namesFor({ ask, reader, format: { lang } }: Asking, programme: string, asOf?: string): Promise<Names> {
  const partners = new Map<string, string>()
  if (reader.role !== 'researcher')
    for (const { partner_id, name } of await ask.all('/v1/partners', {
      query: asOf === undefined ? {} : { as_of: asOf },
    }))
      partners.set(partner_id, name)
  const { measures } = await ask.get('/v1/programmes/{programme}', { path: { programme } })
  const found = new Map(measures.map((measure) => [measure.measure, measure]))
  return {
    nameOf: (id) => partners.get(id) || id,
    titleOf: (measure) => found.get(measure)?.title[lang] ?? measure,
    unitOf: (measure) => unitText(found.get(measure)?.unit ?? '', lang),
  }
}

/** The address of a settlement's page, and of what lies under it. */
export const settlementPath = (settlementId: string, ...rest: readonly string[]): string =>
  ['/settlements', settlementId, ...rest.map(encodeURIComponent)].join('/')

/** The addresses of one of its tables as files. */
export const filesOf = (settlementId: string, table: string): { readonly csv: string; readonly xlsx: string } => ({
  csv: settlementPath(settlementId, 'tables', table, 'csv'),
  xlsx: settlementPath(settlementId, 'tables', table, 'xlsx'),
})
