/** Keys of the API and the command line: each belongs to a region and a role, ends some day, and is known by its hash only. */
import { hash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { KeyedRequest } from './keyed-request.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

/** `auditor` reads all and changes nothing; `administrator` gives out keys and sees no patient. */
export const ROLES = ['analyst', 'insurer', 'partner', 'researcher', 'auditor', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** Who asks: an insurer by UZOVI code, a partner by partner_id, everybody else by name. */
export interface Reader {
  readonly role: Role
  readonly subject: string
}

/** `read`: looks and does nothing, whatever its role may; `act`: all that its role may. */
export const KEY_SCOPES = ['act', 'read'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/** A reader in its region: what a request is done as. */
export interface Identity extends Reader {
  readonly regionId: number
  readonly region: string
  /** the keyed request that acts are done for, once each (idempotency.ts) */
  readonly request?: Pick<KeyedRequest, 'key' | 'attempt'>
  readonly scope: KeyScope
  /** what let it in: the id of a key, or the issuer of a token */
  readonly credential: string
  /** the person, where a token names one beside the insurer or partner it acts for */
  readonly person: string | null
}

/** What a token of an identity provider says, once its signature, issuer, audience and time were verified. */
export interface Claims extends Reader {
  readonly region: string
  readonly person: string | null
  readonly issuer: string
}

/** Verifies a token of an identity provider.
 *  @throws Refusal `not_authenticated`, `unknown_claims`, `issuer_unreachable` */
export type TokenVerifier = (token: string) => Promise<Claims>

/** How long a key holds unless its issuer says otherwise. */
const KEY_DAYS = 90
/** A key holds no longer than this: whoever still needs it asks again. */
export const MOST_KEY_DAYS = 400

/** What a token is kept as: a copy of the database lets nobody in. */
export const hashOfToken = (token: string): string => hash('sha256', token)

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
  readonly scope?: KeyScope
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
      ...(order.scope && { scope: order.scope }),
    })
    .execute()
  return keyIdOf(hash)
}

/** The same in the name of the administrator in whose transaction it is done, for its own region: the database checks both. */
export async function issueKey(
  store: Pick<Store, 'db'>,
  token: string,
  { role, subject, days = KEY_DAYS, scope = 'act' }: Omit<KeyOrder, 'regionId' | 'issuedBy'>,
): Promise<string> {
  const hash = hashOfToken(token)
  await sql`select issue_key(${hash}, ${role}, ${subject}, ${days}, ${scope})`.execute(store.db)
  return keyIdOf(hash)
}

/** Withdraws a key of the region of the administrator in whose transaction it is done.
 *  @returns false where the region has no such key; withdrawing twice changes nothing */
export async function withdrawKey(store: Pick<Store, 'db'>, keyId: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`select revoke_key(${keyId}) as known`.execute(store.db)
  return rows[0]?.known ?? false
}

/** Who shows this token: the holder of a key, while it holds, or whom a token of the identity provider names; null: nobody.
 *  @param verify of the identity provider; null: only keys let in
 *  @throws Refusal `not_authenticated`, `unknown_claims`, `issuer_unreachable` for a token of an identity provider */
export async function identityOf(
  store: Pick<Store, 'db'>,
  token: string,
  verify: TokenVerifier | null = null,
): Promise<Identity | null> {
  if (verify && isSignedToken(token)) return await identityOfClaims(store, await verify(token))
  const { rows } = await sql<KeyOwner>`
    select key_id, region_id, region, role, subject, scope from key_owner(${hashOfToken(token)})`.execute(store.db)
  const [row] = rows
  if (!row) return null
  const { role, subject, region, scope } = row
  return { role, subject, regionId: row.region_id, region, scope, credential: `key ${row.key_id}`, person: null }
}

interface KeyOwner extends Reader {
  readonly key_id: string
  readonly region_id: number
  readonly region: string
  readonly scope: KeyScope
}

/** Three parts with dots between: a signed token; a key has no dot. */
const isSignedToken = (token: string): boolean => token.split('.').length === 3

async function identityOfClaims(store: Pick<Store, 'db'>, claims: Claims): Promise<Identity> {
  const { region, role, subject, person, issuer } = claims
  const { rows } = await sql<{ id: number | null }>`select region_named(${region}) as id`.execute(store.db)
  const regionId = rows[0]?.id ?? null
  if (regionId !== null) return { role, subject, regionId, region, scope: 'act', credential: issuer, person }
  throw new Refusal(
    'unknown_claims',
    `The token is of a region "${region}" that is not here; its issuer should name the region as it was imported.`,
  )
}

/** A key as it is listed: everything but what lets its holder in. */
export interface KeyListed extends Reader {
  readonly keyId: string
  readonly scope: KeyScope
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
      'k.scope',
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
