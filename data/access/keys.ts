/** Keys of the API and the command line: each belongs to a region and a role, ends some day, and is known by its hash only. */
import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { KeyedRequest } from './keyed-request.ts'
import type { Store } from '../postgres/database.ts'

/** `auditor` reads all and changes nothing; `administrator` gives out keys and sees no patient. */
export const ROLES = ['analyst', 'insurer', 'partner', 'researcher', 'auditor', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** Who asks: an insurer by UZOVI code, a partner by partner_id, everybody else by name. */
export interface Reader {
  readonly role: Role
  readonly subject: string
}

/** A reader in its region: what a request is done as. */
export interface Identity extends Reader {
  readonly regionId: number
  readonly region: string
  /** the keyed request that acts are done for, once each (idempotency.ts) */
  readonly request?: Pick<KeyedRequest, 'key' | 'attempt'>
}

/** How long a key holds unless its issuer says otherwise. */
const KEY_DAYS = 90
/** A key holds no longer than this: whoever still needs it asks again. */
export const MOST_KEY_DAYS = 400

/** What a token is kept as: a copy of the database lets nobody in. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** What a key is called where people speak of it. */
export const keyIdOf = (tokenSha256: string): string => tokenSha256.slice(0, 16)

/** A new token, 256 bits, for whoever is to have it; it is not kept. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export interface KeyOrder extends Reader {
  readonly regionId: number
  /** signature of whoever gives it out */
  readonly issuedBy: string
  /** days from now, at most MOST_KEY_DAYS */
  readonly days?: number
}

/** Lets the holder of a token in, as of now by the clock of the database. */
export async function appendKey(store: Pick<Store, 'db'>, token: string, order: KeyOrder): Promise<string> {
  const hash = hashOfToken(token)
  await store.db
    .insertInto('access_key')
    .values({
      key_id: keyIdOf(hash),
      token_sha256: hash,
      region_id: order.regionId,
      role: order.role,
      subject: order.subject,
      issued_by: order.issuedBy,
      expires_at: sql<string>`now() + make_interval(days => ${order.days ?? KEY_DAYS})`,
    })
    .execute()
  return keyIdOf(hash)
}

/** Whose key it is, while it holds; null: nobody's, withdrawn or over. */
export async function identityOf(store: Pick<Store, 'db'>, token: string): Promise<Identity | null> {
  const { rows } = await sql<{ region_id: number; region: string; role: Role; subject: string }>`
    select region_id, region, role, subject from key_owner(${hashOfToken(token)})`.execute(store.db)
  const [row] = rows
  return row ? { role: row.role, subject: row.subject, regionId: row.region_id, region: row.region } : null
}

/** A key as it is listed: everything but what lets its holder in. */
export interface KeyListed extends Reader {
  readonly keyId: string
  readonly issuedBy: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

/** The keys of a region, the latest first. */
export async function listKeys(store: Pick<Store, 'db'>, regionId: number): Promise<KeyListed[]> {
  return await store.db
    .selectFrom('access_key as k')
    .leftJoin('access_key_revocation as v', 'v.key_id', 'k.key_id')
    .select([
      'k.key_id as keyId',
      'k.role',
      'k.subject',
      'k.issued_by as issuedBy',
      'k.issued_at as issuedAt',
      'k.expires_at as expiresAt',
      'v.revoked_at as revokedAt',
    ])
    .where('k.region_id', '=', regionId)
    .orderBy('k.issued_at', 'desc')
    .orderBy('k.key_id')
    .execute()
}

/** Shuts out the holder of a key of this region from now on.
 *  @returns false where the region has no such key; withdrawing twice changes nothing */
export async function revokeKey(
  store: Pick<Store, 'db'>,
  { keyId, regionId, revokedBy }: { readonly keyId: string; readonly regionId: number; readonly revokedBy: string },
): Promise<boolean> {
  const key = await store.db
    .selectFrom('access_key')
    .select('key_id')
    .where('key_id', '=', keyId)
    .where('region_id', '=', regionId)
    .executeTakeFirst()
  if (!key) return false
  await store.db
    .insertInto('access_key_revocation')
    .values({ key_id: keyId, revoked_by: revokedBy })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}
