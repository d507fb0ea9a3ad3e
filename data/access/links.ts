/** Links that let somebody in once: each is exchanged for a key of a day, and known by the hash of its code only. */
import { sql } from 'kysely'
import { hashOfToken, newToken, type KeyOrder } from './keys.ts'
import type { Store } from '../postgres/database.ts'

/** How long an unused link holds unless its issuer says otherwise. */
const LINK_DAYS = 7

/** Makes a link for somebody, as of now by the clock of the database.
 *  @returns its code, which cannot be asked for again */
export async function appendLink(store: Pick<Store, 'db'>, order: KeyOrder): Promise<string> {
  const code = newToken()
  await store.db
    .insertInto('sign_in_link')
    .values({
      code_sha256: hashOfToken(code),
      region_id: order.regionId,
      role: order.role,
      subject: order.subject,
      issued_by: order.issuedBy,
      expires_at: sql<string>`now() + make_interval(days => ${order.days ?? LINK_DAYS})`,
      ...(order.scope && { scope: order.scope }),
    })
    .execute()
  return code
}

/** Exchanges the code of a link for a key of a day.
 *  @returns its token; null: there is no such link, it was used, or it is over */
export async function useLink(store: Pick<Store, 'db'>, code: string): Promise<string | null> {
  const token = newToken()
  const { rows } = await sql<{ used: boolean }>`
    select use_sign_in_link(${hashOfToken(code)}, ${hashOfToken(token)}) as used`.execute(store.db)
  return rows[0]?.used ? token : null
}
