/** Links to a board: each opens one document of one partner, until it expires, and is known by the hash of its code only. */
import { sql } from 'kysely'
import { hashOfToken, newToken, type Identity } from './keys.ts'
import type { Store } from '../postgres/database.ts'

/** How long a link to a board can hold, in days. */
export const BOARD_DAYS = [7, 14, 30] as const

export interface BoardStatement {
  readonly settlementId: string
  /** from 1 to 30 */
  readonly days: number
  readonly pdf: Buffer
}

/** Lays the signing partner's document down behind a new link, as of now by the clock of the database, which refuses everybody else.
 *  @returns the code of the link, which cannot be asked for again */
export async function appendBoardStatement(
  store: Pick<Store, 'db'>,
  { settlementId, days, pdf }: BoardStatement,
): Promise<string> {
  const code = newToken()
  await sql`select keep_board_statement(${hashOfToken(code)}, ${settlementId}, ${days}, ${pdf})`.execute(store.db)
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
