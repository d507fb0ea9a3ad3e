/** Links to a board: each opens one document of one partner, until it expires, and is known by the hash of its code only. */
import { sql } from 'kysely'
import { hashOfToken, newToken, type Identity } from './keys.ts'
import type { Store } from '../postgres/database.ts'

/** How long a link to a board can hold, in days. */
export const BOARD_DAYS = [7, 14, 30] as const

export interface BoardStatement {
  readonly settlementId: string
  /** the partner that shows its own payment */
  readonly partner: Pick<Identity, 'regionId' | 'subject'>
  /** from 1 to 30 */
  readonly days: number
  readonly pdf: Buffer
}

/** Lays a document down behind a new link, as of now by the clock of the database, which refuses whoever is not that partner.
 *  @returns the code of the link, which cannot be asked for again */
export async function appendBoardStatement(store: Pick<Store, 'db'>, statement: BoardStatement): Promise<string> {
  const { settlementId, partner, days, pdf } = statement
  const code = newToken()
  await store.db
    .insertInto('board_statement')
    .values({
      code_sha256: hashOfToken(code),
      region_id: partner.regionId,
      settlement_id: settlementId,
      partner_id: partner.subject,
      pdf,
      made_by: `partner:${partner.subject}`,
      expires_at: sql<string>`now() + make_interval(days => ${days})`,
    })
    .execute()
  return code
}

export interface OpenedStatement {
  readonly pdf: Buffer
  /** whoever opens it looks in the partner's name, by the link */
  readonly identity: Identity
}

/** What the link opens; null: there is no such link, or it has expired. */
export async function openBoardStatement(store: Pick<Store, 'db'>, code: string): Promise<OpenedStatement | null> {
  const hash = hashOfToken(code)
  const { rows } = await sql<{ region_id: number; region: string; partner_id: string; pdf: Buffer }>`
    select region_id, region, partner_id, pdf from board_statement_of(${hash})`.execute(store.db)
  const [found] = rows
  if (!found) return null
  const { region_id: regionId, region, partner_id: subject, pdf } = found
  const credential = `board link ${hash.slice(0, 16)}`
  return { pdf, identity: { role: 'partner', subject, regionId, region, scope: 'read', credential, person: null } }
}
