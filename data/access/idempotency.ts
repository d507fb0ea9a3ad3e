/** Requests that carry a key: done once, however often they are sent, and answered as they were the first time, for a day. */
import { sql } from 'kysely'
import type { Store } from '../postgres/database.ts'
import type { KeyedRequest } from './keyed-request.ts'
import type { Identity } from './keys.ts'
import { asSigner } from './request-store.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** null: it held a secret and was not kept */
  readonly body: Buffer | null
}

/** What a key of this identity stands for, as of now by the clock of the database. */
export type Begun =
  | { readonly state: 'ours' }
  /** another request is at it, for so many seconds more */
  | { readonly state: 'in_progress'; readonly seconds: number }
  | { readonly state: 'answered'; readonly answer: Answer }
  /** it was done, but whoever did it died before the answer was kept */
  | { readonly state: 'unanswered' }
  /** the key came with another request */
  | { readonly state: 'other_request' }

/** A request that dies is taken over after this time: longer than any is given. */
const LEASE_SECONDS = 60

const ours = (key: string) => sql`(region_id, role, subject, key) = (my_region(), my_role(), my_subject(), ${key})`

/** Begins a request under its key, or says what became of the one that had it before. */
export async function beginKeyed(store: Store, identity: Identity, asked: KeyedRequest): Promise<Begun> {
  const { key, requestSha256, attempt } = asked
  return await asSigner(store, identity, async ({ db }) => {
    await sql`delete from idempotency where begun_at < clock_timestamp() - interval '24 hours'`.execute(db)
    // Two that begin at once meet at the primary key: one waits for the other's commit, and then finds its row.
    const begun = await sql`insert into idempotency (region_id, role, subject, key, request_sha256, attempt)
      values (my_region(), my_role(), my_subject(), ${key}, ${requestSha256}, ${attempt}) on conflict do nothing`.execute(
      db,
    )
    if (begun.numAffectedRows === 1n) return { state: 'ours' }
    const { rows } = await sql<KeptRow>`
      select request_sha256 = ${requestSha256} as same, acted, status, headers, body,
             ceil(${LEASE_SECONDS} - extract(epoch from clock_timestamp() - begun_at))::int as seconds
        from idempotency where ${ours(key)} for update`.execute(db)
    const [kept] = rows
    // Forgotten between the two statements, as what failed is: whoever asks again finds it free.
    if (!kept) return { state: 'in_progress', seconds: 1 }
    if (!kept.same) return { state: 'other_request' }
    if (kept.status !== null)
      return { state: 'answered', answer: { status: kept.status, headers: kept.headers ?? {}, body: kept.body } }
    if (kept.seconds > 0) return { state: 'in_progress', seconds: kept.seconds }
    if (kept.acted) return { state: 'unanswered' }
    await sql`update idempotency set attempt = ${attempt}, begun_at = clock_timestamp() where ${ours(key)}`.execute(db)
    return { state: 'ours' }
  })
}

interface KeptRow {
  readonly same: boolean
  readonly acted: boolean
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>> | null
  readonly body: Buffer | null
  readonly seconds: number
}

/** Keeps the answer of a request for whoever sends it again. */
export async function keepAnswer(
  store: Store,
  identity: Identity,
  { key, attempt }: KeyedRequest,
  answer: Answer,
): Promise<void> {
  const { status, headers, body } = answer
  await asSigner(store, identity, async ({ db }) => {
    await sql`update idempotency set status = ${status}, headers = ${JSON.stringify(headers)}::jsonb, body = ${body}
      where ${ours(key)} and attempt = ${attempt}`.execute(db)
  })
}

/** Forgets a request that was refused or failed before it acted: it may be tried again under its key. One that failed after its act has no
 *  answer to wait for. */
export async function forgetKeyed(store: Store, identity: Identity, { key, attempt }: KeyedRequest): Promise<void> {
  await asSigner(store, identity, async ({ db }) => {
    await sql`delete from idempotency where ${ours(key)} and attempt = ${attempt} and not acted`.execute(db)
    await sql`update idempotency set begun_at = begun_at - make_interval(secs => ${LEASE_SECONDS})
      where ${ours(key)} and attempt = ${attempt}`.execute(db)
  })
}
