/** Errors as HTTP, translated once: a refusal with its own sentence; a bug with the request's id only. */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
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
    return isOwnFault(error.code) ? ownFault(error.code, requestId) : problemOf(error.code, error.message, error.facts)
  if (error.validation) {
    const where = error.validationContext ?? 'request'
    const faults = error.validation.map((fault) => `${where}${fault.instancePath} ${fault.message ?? 'is not right'}`)
    return problemOf('invalid_request', faults.join('; '), { faults })
  }
  return unreadProblem(error) ?? ownFault('internal', requestId)
}

/** A client error in a sentence of our own: that of a parser may quote its input. */
function unreadProblem(error: Partial<FastifyError>): Problem | null {
  const { statusCode = 500, code = '' } = error
  if (statusCode < 400 || statusCode >= 500) return null
  if (statusCode === 413)
    return problemOf('body_too_large', 'The body of the request is longer than any document that is handed in.')
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
}

/** A fault that is not in the request. It is logged under the id with all details. */
const ownFault = (code: RefusalCode, requestId: string): Problem =>
  problemOf(
    code,
    `${SENTENCES[code] ?? 'Something went wrong that is not in the request'}; it is logged as request ${requestId}.`,
    { request_id: requestId },
  )

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  // Serialised here: a problem has the same shape whatever the route's schemas are.
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

export const errors = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: unknown, request: FastifyRequest, reply) => {
      const problem = problemFor(error, request.id)
      if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
      return sendProblem(reply, problem)
    })
    app.setNotFoundHandler((request, reply) =>
      sendProblem(
        reply,
        problemOf('not_found', `There is nothing at ${request.method} ${pathOf(request)}; /docs lists what is.`),
      ),
    )
  },
  { name: 'errors' },
)

/** The path without its query, which may hold what should not be repeated. */
const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? request.url
