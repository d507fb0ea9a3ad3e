/** Every request in the audit log: looks at patients before the answer leaves, everything else within a second. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { PURPOSES, type AuditEvent, type EventKind, type Outcome, type Purpose } from '../../data/audit/audit-event.ts'
import { openAuditLog } from '../../data/audit/audit-log.ts'
import type { Identity } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Page } from './kept-pages.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** the patients that the answer shows, or that were asked for; those under `patient_id` in a JSON answer are found by themselves */
    looksAt(patients: Iterable<string>): void
    /** the answer is of so many patients at once that it says how many and not who */
    looksAtEverybody(patients: number): void
    /** pseudonyms so far */
    lookedAt: Set<string> | null
    lookedAtEverybody: number | null
    /** why the request was refused or failed, where it was */
    refusedAs: string | null
    isAudited: boolean
  }
  interface FastifyContextConfig {
    /** whether answers of the route hold `patient_id`, by its schema */
    showsPatients?: boolean
  }
}

export const audit = fp(
  async (app: FastifyInstance) => {
    const log = openAuditLog(app.sharedStore.url)
    app.addHook('onClose', () => log.close())
    app.decorateRequest('lookedAt', null)
    app.decorateRequest('isAudited', false)
    app.decorateRequest('looksAt', function (this: FastifyRequest, patients: Iterable<string>) {
      this.lookedAt ??= new Set()
      for (const patient of patients) this.lookedAt.add(patient)
    })
    app.decorateRequest('lookedAtEverybody', null)
    app.decorateRequest('looksAtEverybody', function (this: FastifyRequest, patients: number) {
      this.lookedAtEverybody = patients
    })
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, showsPatients: showsPatients(route) }
    })
    app.addHook('onRequest', (request, _reply, done) => {
      const { purpose } = request.headers
      if (purpose === undefined || PURPOSES.some((each) => each === purpose)) done()
      else
        done(
          new Refusal(
            'invalid_request',
            `The header Purpose is none that is kept; it is one of ${PURPOSES.join(', ')}, or left out.`,
          ),
        )
    })
    app.addHook('preHandler', async (request) => {
      for (const part of [request.params, request.query, request.body]) request.looksAt(patientsAskedIn(part))
    })
    app.addHook('preSerialization', async (request, _reply, payload) => {
      if (request.route.showsPatients) request.looksAt(patientsIn(payload))
      return payload
    })
    app.addHook('onSend', async (request, reply, payload) => {
      if (reply.hasHeader('idempotency-replayed')) request.looksAt(patientsIn(documentIn(payload)))
      if (request.route.asks || request.isAudited || (!request.lookedAt?.size && request.lookedAtEverybody === null))
        return payload
      request.isAudited = true
      try {
        await log.append(eventOf(request, reply))
      } catch (error) {
        // What cannot be logged is not shown; that it was asked for is told when the database is back.
        request.isAudited = false
        // A refusal shows nobody.
        if (reply.statusCode >= 400) return payload
        request.lookedAt = null
        request.lookedAtEverybody = null
        throw error
      }
      return payload
    })
    const keptEventOf = eventsOfKept()
    app.addHook('onResponse', (request, reply, done) => {
      if (request.keptPage && request.reader) log.note(keptEventOf(request.keptPage, request.reader, request, reply))
      else if (isLogged(request) && !request.isAudited) log.note(eventOf(request, reply))
      done()
    })
  },
  { name: 'audit', dependencies: ['connections', 'route', 'access', 'errors'] },
)

/** An answer out of memory says the same each time that it is given to the same identity, which is remembered for a second, for the same
 *  purpose: its event is made once, and is then the very same object. */
function eventsOfKept() {
  const known = new WeakMap<Identity, WeakMap<Page, Map<string | undefined, AuditEvent>>>()
  return (page: Page, reader: Identity, request: FastifyRequest, reply: FastifyReply): AuditEvent => {
    let pages = known.get(reader)
    if (!pages) known.set(reader, (pages = new WeakMap()))
    let events = pages.get(page)
    if (!events) pages.set(page, (events = new Map()))
    const purpose = request.headers.purpose as string | undefined // one of PURPOSES, or none
    let event = events.get(purpose)
    if (!event) events.set(purpose, (event = eventOf(request, reply)))
    return event
  }
}

/** What is of nobody and tells nothing: the service's own pages, health and description. What a page shows it asks of the API, where that is
 *  logged; of a page itself it is that it was refused. */
function isLogged({ is404, route, reader, refusedAs }: FastifyRequest): boolean {
  if (route.signIn || is404) return true
  return route.asks ? refusedAs !== null : reader !== null || route.right !== 'public'
}

const showsPatients = ({ schema }: RouteOptions): boolean =>
  JSON.stringify((schema?.response as object | undefined) ?? {}).includes('"patient_id"')

/** The pseudonyms that a request names. */
function patientsAskedIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { patient, patient_id: patientId } = part as { patient?: unknown; patient_id?: unknown }
  return [patient, patientId].filter((each): each is string => typeof each === 'string' && each !== '')
}

/** The pseudonyms that an answer shows, wherever in it they stand. */
function* patientsIn(payload: unknown): Generator<string> {
  if (typeof payload !== 'object' || payload === null) return
  if (Array.isArray(payload)) {
    for (const each of payload) yield* patientsIn(each)
    return
  }
  for (const [name, value] of Object.entries(payload))
    if (name === 'patient_id' && typeof value === 'string') yield value
    else yield* patientsIn(value)
}

/** An answer that was kept, as it was made. */
function documentIn(payload: unknown): unknown {
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) return null
  try {
    return JSON.parse(typeof payload === 'string' ? payload : Buffer.from(payload).toString()) as unknown
  } catch {
    return null // no JSON
  }
}

/** The purpose that the request names, or that of its role and route: an auditor oversees, an administrator administers, a researcher does research. */
function purposeOf({ headers, reader, route: { url = '' } }: FastifyRequest): Purpose {
  const named = PURPOSES.find((each) => each === headers.purpose) ?? PURPOSE_OF_ROLE[reader?.role ?? 'analyst']
  return named ?? (url.includes('/dispute') ? 'dispute' : url.includes('/work') ? 'care' : 'settlement')
}

const PURPOSE_OF_ROLE: Readonly<Partial<Record<Identity['role'], Purpose>>> = {
  auditor: 'oversight',
  administrator: 'administration',
  researcher: 'research',
}

function eventOf(request: FastifyRequest, reply: FastifyReply): AuditEvent {
  const { reader, lookedAt, lookedAtEverybody, route, method, params, query } = request
  // A request that was refused early has not come to where its patients are noted.
  const patients = new Set([...(lookedAt ?? []), ...patientsAskedIn(params), ...patientsAskedIn(query)])
  const outcome: Outcome = reply.statusCode < 400 ? 'allowed' : reply.statusCode < 500 ? 'refused' : 'failed'
  return {
    regionId: reader?.regionId ?? null,
    event: patients.size > 0 || lookedAtEverybody !== null ? 'look' : kindOf(request),
    accessPoint: `${method} ${route.url ?? '(no such route)'}`,
    ...actorOf(reader),
    purpose: purposeOf(request),
    outcome,
    code: outcome === 'allowed' ? null : (request.refusedAs ?? String(reply.statusCode)),
    object: reader && !request.is404 ? objectOf(request) : {},
    patients: reader ? [...patients] : [],
    everybody: reader ? lookedAtEverybody : null,
  }
}

/** A person in its own name, or an organisation's: then by what the token says of the person, if it does. */
function actorOf(reader: Identity | null): Pick<AuditEvent, 'role' | 'who' | 'onBehalfOf' | 'credential'> {
  if (!reader) return { role: '', who: '', onBehalfOf: null, credential: '' }
  const { role, subject, person, credential } = reader
  const isOrganisation = role === 'insurer' || role === 'partner'
  return { role, who: person ?? subject, onBehalfOf: isOrganisation ? subject : null, credential }
}

function kindOf({ method, route: { url = '', signIn }, query }: FastifyRequest): EventKind {
  if (signIn) return 'sign_in'
  if (method !== 'GET' && method !== 'HEAD') return 'act'
  const isSearch = Object.keys((query as object | null) ?? {}).length > 0 || !url.includes(':')
  return isSearch ? 'search' : 'read'
}

/** What the request names by its path and query, but patients, who stand apart. */
function objectOf({ params, query }: FastifyRequest): Record<string, string> {
  const named = Object.entries({ ...(query as object | null), ...(params as object | null) })
  return Object.fromEntries(
    named.filter(([name]) => !['patient', 'patient_id'].includes(name)).map(([name, value]) => [name, String(value)]),
  )
}
