/** The events of the audit log in the store: appended through one function of the database, read newest first, checked along their chain. */
import { sql, type SqlBool } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { passesElevenTest } from '../files/bsn.ts'
import type { Store } from '../postgres/database.ts'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'
import type { AuditEvent, EventKind, LoggedEvent, Outcome } from './audit-event.ts'

/** An event on its way: it is dated by the database, less the time that it waited. */
export interface AppendedEvent extends AuditEvent {
  readonly waitedMs: number
  readonly times: number
}

/** Appends events in their order, each to the chain of its region, in one statement: all of them or none. */
export async function appendEvents(store: Pick<Store, 'pool'>, events: readonly AppendedEvent[]): Promise<void> {
  await store.pool.query('select append_audit($1)', [JSON.stringify(events.map(rowOf))])
}

/** Appends what the command line looked at, before it is shown. */
export const appendEvent = (store: Pick<Store, 'pool'>, event: AuditEvent): Promise<void> =>
  appendEvents(store, [{ ...event, waitedMs: 0, times: 1 }])

const rowOf = (event: AppendedEvent) => ({
  region_id: event.regionId,
  waited_ms: event.waitedMs,
  event: event.event,
  access_point: tame(event.accessPoint),
  role: event.role,
  who: tame(event.who),
  on_behalf_of: event.onBehalfOf === null ? null : tame(event.onBehalfOf),
  credential: tame(event.credential),
  purpose: event.purpose,
  outcome: event.outcome,
  code: event.code,
  object: Object.fromEntries(Object.entries(event.object).map(([name, text]) => [tame(name), tame(text)])),
  patients: event.patients.map(tame),
  everybody: event.everybody,
  times: event.times,
})

/** A text as the log may hold it: of a sane length, without what PostgreSQL does not take, and no citizen number that somebody typed. */
function tame(text: string): string {
  if (/^\d{8,9}$/.test(text) && passesElevenTest(text)) return '(withheld: a citizen number)'
  // What cannot be encoded (a lone surrogate) becomes U+FFFD.
  return Buffer.from(text.slice(0, LONGEST_TEXT)).toString().replaceAll('\0', '\uFFFD')
}

const LONGEST_TEXT = 200

export interface AuditAsked {
  readonly who?: string | undefined
  /** a pseudonym: events that showed or asked for this patient, or read all of the region at once */
  readonly patient?: string | undefined
  readonly event?: EventKind | undefined
  readonly outcome?: Outcome | undefined
  /** of these days in UTC, both included */
  readonly from?: Day | undefined
  readonly to?: Day | undefined
}

/** The events of the log, in the order in which they were kept. */
export const AUDIT_EVENTS: Listing<LoggedEvent> = {
  sorts: { kept: { kind: 'integer', of: ({ auditId }) => auditId, sql: 'audit_id' } },
  id: { kind: 'integer', of: ({ auditId }) => auditId, sql: 'audit_id' },
  first: '-kept',
}

/** A page of the log, as far as the reader may see it. */
export async function readEvents(
  store: Pick<Store, 'db'>,
  { who, patient, event, outcome, from, to }: AuditAsked,
  page: PageAsked,
): Promise<PageOf<LoggedEvent>> {
  const { after, order, limit } = keysetOf(AUDIT_EVENTS, page)
  const wanted = [
    after,
    who === undefined ? null : sql<SqlBool>`(who = ${who} or on_behalf_of = ${who})`,
    patient === undefined
      ? null
      : sql<SqlBool>`(patients <> '{}' and patients @> array[${patient}]::text[] or everybody is not null)`,
    event === undefined ? null : sql<SqlBool>`event = ${event}`,
    outcome === undefined ? null : sql<SqlBool>`outcome = ${outcome}`,
    from === undefined ? null : sql<SqlBool>`at >= ${from}::date::timestamp at time zone 'UTC'`,
    to === undefined ? null : sql<SqlBool>`at < (${to}::date + 1)::timestamp at time zone 'UTC'`,
  ].filter((each) => each !== null)
  const { rows } = await sql<LoggedEvent>`
    select audit_id as "auditId", seq, at, event, access_point as "accessPoint", role, who, on_behalf_of as "onBehalfOf", credential, purpose,
        outcome, code, object, patients, everybody, times, hash
      from audit_event where ${sql.join(wanted, sql` and `)} order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(AUDIT_EVENTS, page, rows)
}

/** Where the chain of a region ends; `region` null: attempts of nobody. */
export interface AuditHead {
  readonly region: string | null
  readonly seq: number
  readonly hash: string
}

/** Where each chain ends that the reader may know of: kept elsewhere, it shows later that nothing was taken off the end. */
export async function auditHeads(store: Pick<Store, 'db'>): Promise<AuditHead[]> {
  const { rows } = await sql<AuditHead>`select region, seq, hash from audit_heads()`.execute(store.db)
  return rows
}

/** Whether the log still holds an event, by its place and hash as they were kept elsewhere. */
export async function holdsEvent(
  store: Pick<Store, 'db'>,
  { seq, hash }: Pick<AuditHead, 'seq' | 'hash'>,
): Promise<boolean> {
  const { rows } = await sql<{ holds: boolean }>`select audit_holds(${seq}, ${hash}) as holds`.execute(store.db)
  return rows[0]?.holds ?? false
}

/** The first event of each chain that is not as it was appended; none: every chain holds. */
export async function brokenEvents(
  store: Pick<Store, 'db'>,
): Promise<{ readonly chain: number; readonly seq: number; readonly fault: string }[]> {
  const { rows } = await sql<{
    chain: number
    seq: number
    fault: string
  }>`select chain, seq, fault from broken_audit()`.execute(store.db)
  return rows
}
