/** The audit log as it is written: looks at patients before the answer leaves, everything else within a second, in bulk. */
import { performance } from 'node:perf_hooks'
import { openStore, type Store } from '../postgres/database.ts'
import type { AuditEvent } from './audit-event.ts'
import { appendEvents, type AppendedEvent } from './audit-events.ts'

export interface AuditLog {
  /** Keeps an event for good: it is in the database once this is done.
   *  @throws what the database says where it cannot be kept; then no answer may leave */
  append(event: AuditEvent): Promise<void>
  /** Keeps an event within a second, or as soon as the database is back; equal ones that wait together are one, with their number. */
  note(event: AuditEvent): void
  /** Writes what waits, and lets go of the connection. */
  close(): Promise<void>
}

/** Events wait no longer than this, in milliseconds. */
const LONGEST_WAIT = 500
/** So many events may wait for a database that is away; what comes on top is counted, and the count is an event. */
const MOST_WAITING = 20_000
/** So many events go to the database at once. */
const AT_ONCE = 1_000

interface Waiting {
  readonly event: AuditEvent
  readonly since: number
  times: number
  readonly kept?: { readonly resolve: () => void; readonly reject: (reason: unknown) => void }
}

/** Opens the log of a database, on one connection of its own: a request that holds all others still gets its look written. */
export const openAuditLog = (url: string): AuditLog => new WaitingEvents(url)

class WaitingEvents implements AuditLog {
  private waiting: Waiting[] = []
  /** what waits, by all that it says: who asks the same a thousand times within half a second has one event, and does not fill the log */
  private alike = new Map<string, Waiting>()
  /** of those, the ones handed in as the very same object: told without being written out */
  private same = new Map<AuditEvent, Waiting>()
  private lost = 0
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()
  private store: Promise<Store> | undefined

  constructor(private readonly url: string) {}

  append(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, since: performance.now(), times: 1, kept: { resolve, reject } })
      void this.write()
    })
  }

  note(event: AuditEvent): void {
    const known = this.same.get(event) ?? this.likeOf(event)
    if (known) known.times++
    else this.lost++
  }

  /** What waits and says the same, with no times yet where it is new; null where no more may wait. */
  private likeOf(event: AuditEvent): Waiting | null {
    const all = JSON.stringify(event)
    const known = this.alike.get(all)
    if (!known && this.waiting.length >= MOST_WAITING) return null
    const waiting = known ?? this.wait(event)
    this.alike.set(all, waiting)
    this.same.set(event, waiting)
    return waiting
  }

  async close(): Promise<void> {
    await this.write()
    const store = await this.store?.catch(() => undefined)
    await store?.close()
  }

  private wait(event: AuditEvent): Waiting {
    const waiting = { event, since: performance.now(), times: 0 }
    this.waiting.push(waiting)
    this.timer ??= setTimeout(() => void this.write(), LONGEST_WAIT).unref()
    return waiting
  }

  /** One statement after the other: what comes while one is under way goes with the next. */
  private write(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writing = this.writing.then(() => this.writeAll())
    return this.writing
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, AT_ONCE)
      this.alike.clear()
      this.same.clear()
      try {
        await appendEvents(await this.opened(), this.asAppended(batch))
        this.lost = 0
        for (const { kept } of batch) kept?.resolve()
      } catch (error) {
        this.keepFor(batch, error)
        return
      }
    }
  }

  private asAppended(batch: readonly Waiting[]): AppendedEvent[] {
    const now = performance.now()
    const events = batch.map(({ event, since, times }) => ({ ...event, times, waitedMs: now - since }))
    return this.lost === 0 ? events : [...events, { ...LOST, times: this.lost, waitedMs: 0 }]
  }

  /** A look that cannot be kept is refused; the rest waits for the database. */
  private keepFor(batch: readonly Waiting[], error: unknown): void {
    for (const { kept } of batch) kept?.reject(error)
    this.waiting.unshift(...batch.filter(({ kept }) => !kept))
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => void this.write(), LONGEST_WAIT).unref()
  }

  private opened(): Promise<Store> {
    this.store ??= openStore({ databaseUrl: this.url, home: '', connections: 1 }).catch((error: unknown) => {
      this.store = undefined
      throw error
    })
    return this.store
  }
}

const LOST: AuditEvent = {
  regionId: null,
  event: 'lost',
  accessPoint: 'audit log',
  role: '',
  who: '',
  onBehalfOf: null,
  credential: '',
  purpose: 'administration',
  outcome: 'failed',
  code: 'database_unreachable',
  object: {},
  patients: [],
  everybody: null,
}
