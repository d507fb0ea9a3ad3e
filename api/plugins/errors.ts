/** Errors as HTTP, translated once: a refusal with its own sentence; an outage with what is waited for; a bug with the request's id only. */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { outageOf } from '../../data/postgres/outage.ts'
import { MOST_FAULTS } from '../../engine/kernel/document.ts'
import type { RefusalCode } from '../../engine/kernel/refusal-codes.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Problem } from '../schemas/problem.ts'
import { isOwnFault, STATUS_OF_CODE } from './refusal-statuses.ts'

const problemOf = (code: RefusalCode, detail: string, facts: Problem['facts'] = {}): Problem => {
  const status = STATUS_OF_CODE[code]
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
  }
}

/** The problem that an error is.
 *  @param requestId for the client to quote, and to search the log for */
export function problemFor(thrown: unknown, requestId: string): Problem {
  const error: Partial<FastifyError> | Refusal = thrown instanceof Error ? thrown : {}
  if (error instanceof Refusal)
    return isOwnFault(error.code)
      ? ownFault(error.code, requestId, error.facts.retry_after_seconds)
      : problemOf(error.code, error.message, fewFaults(error.facts))
  if (error.validation) return invalidProblem(error.validation, error.validationContext)
  const unread = unreadProblem(error)
  if (unread) return unread
  if (error.code === CANCELLED || error.code === 'FST_ERR_HANDLER_TIMEOUT') return ownFault('too_slow', requestId)
  const outage = outageOf(thrown)
  return ownFault(outage && STATUS_OF_CODE[outage.code] === 503 ? outage.code : 'internal', requestId)
}

/** SQLSTATE of a statement that took longer than a request may. */
const CANCELLED = '57014'

/** No more faults than a person reads at once, and how many there are. */
function fewFaults(facts: Problem['facts'] = {}): Problem['facts'] {
  const { faults } = facts as { readonly faults?: unknown }
  if (!Array.isArray(faults)) return facts
  return { faults_total: faults.length, ...facts, faults: faults.slice(0, MOST_FAULTS) }
}

/** What a schema objects to, each fault once, with the name of what is not known. */
function invalidProblem(found: NonNullable<FastifyError['validation']>, where = 'request'): Problem {
  const sentences = found.map(({ instancePath, message = 'is not right', keyword, params }) => {
    if (keyword !== 'additionalProperties') return `${where}${instancePath} ${message}`
    const unknown = JSON.stringify(String(params.additionalProperty).slice(0, 60))
    return `${where}${instancePath} has ${unknown}, which is not known here`
  })
  const all = [...new Set(sentences)]
  const faults = all.slice(0, MOST_FAULTS)
  const more = all.length > faults.length ? `; and ${all.length - faults.length} more` : ''
  return problemOf('invalid_request', `${faults.join('; ')}${more}.`, { faults, faults_total: all.length })
}

/** A client error in a sentence of our own: that of a parser may quote its input. */
function unreadProblem(error: Partial<FastifyError>): Problem | null {
  const { statusCode = 500, code = '' } = error
  if (statusCode < 400 || statusCode >= 500) return null
  if (statusCode === 413)
    return problemOf('body_too_large', 'The body of the request is longer than any document that is handed in.')
  if (statusCode === 414)
    return problemOf('address_too_long', 'A part of the address is longer than any id; /docs lists what can be asked.')
  if (statusCode === 415)
    return problemOf(
      'unsupported_media_type',
      'The body is of a content type that is not read here; /docs lists those that are.',
    )
  if (code.startsWith('FST_ERR_CTP_') || error instanceof SyntaxError)
    return problemOf('unreadable_body', 'The body of the request is not what its content type and length say.')
  return problemOf('invalid_request', 'The request is not well-formed; /docs lists what can be asked.')
}

const SENTENCES: Readonly<Partial<Record<RefusalCode, string>>> = {
  job_failed: 'The run stopped on a fault of the program, not of its input',
  database_unreachable: 'The database does not answer; the same request is answered once it does',
  redis_unreachable: 'The queue does not answer; the same request is answered once it does',
  disk_full: 'A disk is full, here or under the database; nothing of the request was kept',
  too_slow: 'The answer took longer than a request may; ask for less at a time, or again when there is less to do',
  overloaded: 'The service has more to do than it can answer in time; ask again in a moment',
}

/** Seconds after which what is short for a moment is asked for again. */
const RETRY_SECONDS = 5

/** A fault that is not in the request. It is logged under the id with all details. */
function ownFault(code: RefusalCode, requestId: string, retryAfter: unknown = RETRY_SECONDS): Problem {
  const retry = STATUS_OF_CODE[code] === 503 ? { retry_after_seconds: retryAfter } : {}
  const sentence = SENTENCES[code] ?? 'Something went wrong that is not in the request'
  return problemOf(code, `${sentence}; it is logged as request ${requestId}.`, { request_id: requestId, ...retry })
}

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  reply.request.refusedAs = problem.code
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  const { retry_after_seconds: seconds } = (problem.facts ?? {}) as { readonly retry_after_seconds?: number }
  if (seconds !== undefined) void reply.header('retry-after', String(seconds))
  // Serialised here: a problem has the same shape whatever the route's schemas are.
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** The path without its query, which may hold what should not be repeated. */
const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? request.url

/** What each address is asked with, to tell a wrong method from a wrong address. */
class Addresses {
  private readonly known = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()

  add(url: string, methods: string | readonly string[]): void {
    const pattern = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')
    const known = this.known.get(url) ?? { pattern: new RegExp(`^${pattern}$`), methods: new Set() }
    for (const method of [methods].flat()) known.methods.add(method)
    this.known.set(url, known)
  }

  methodsAt(path: string): string[] {
    const at = [...this.known.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(at.flatMap(({ methods }) => [...methods]))].sort()
  }
}

export const errors = fp(
  async (app: FastifyInstance) => {
    const addresses = new Addresses()
    app.addHook('onRoute', ({ url, method }) => addresses.add(url, method))
    app.decorateRequest('refusedAs', null)
    app.setErrorHandler((error: unknown, request: FastifyRequest, reply) => {
      const problem = problemFor(error, request.id)
      if (problem.status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
      return sendProblem(reply, problem)
    })
    app.setNotFoundHandler((request, reply) => {
      const path = pathOf(request)
      const methods = addresses.methodsAt(path)
      const nothing = `There is nothing at ${request.method} ${path}; /docs lists what is.`
      if (methods.length === 0) return sendProblem(reply, problemOf('not_found', nothing))
      void reply.header('allow', methods.join(', '))
      const sentence = `${path} is not asked with ${request.method}, but with ${methods.join(', ')}.`
      return sendProblem(reply, problemOf('method_not_allowed', sentence, { allow: methods }))
    })
  },
  { name: 'errors' },
)
