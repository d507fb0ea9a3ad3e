/** Tokens of the API, stored as hashes only, so that a copy of the database gives no access. */
import { createHash, randomBytes } from 'node:crypto'
import type { Store } from './database.ts'

export type Role = 'analyst' | 'insurer' | 'partner' | 'researcher'

/** The owner of a token: an insurer by UZOVI code, a partner by partner_id, an analyst or researcher by name. */
export interface Owner {
  readonly role: Role
  readonly subject: string
}

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A new token of 256 bits; it is not stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Grants the holder of a token access as `owner`. */
export async function appendToken(store: Pick<Store, 'db'>, token: string, owner: Owner): Promise<void> {
  await store.db
    .insertInto('api_token')
    .values({ token_sha256: sha256(token), ...owner })
    .execute()
}

/** Whose token it is, or null. */
export async function ownerOf(store: Pick<Store, 'db'>, token: string): Promise<Owner | null> {
  const row = await store.db
    .selectFrom('api_token')
    .select(['role', 'subject'])
    .where('token_sha256', '=', sha256(token))
    .executeTakeFirst()
  return row ?? null
}

/** Revokes a token. */
export async function dropToken(store: Pick<Store, 'db'>, token: string): Promise<void> {
  await store.db.deleteFrom('api_token').where('token_sha256', '=', sha256(token)).execute()
}
