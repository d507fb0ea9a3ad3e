/** Refusals as HTTP: one table from code to status, one shape for every error. */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Problem } from '../schemas/problem.ts'

/** Every other refusal is content that breaks a rule: 422. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  not_authenticated: 401,
  not_allowed: 403,
  nameless_token: 403,
  own_review: 403,
  own_release: 403,
  not_in_order: 409,
  before_last_act: 409,
  corrected_since: 409,
  final_stands: 409,
  not_found: 404,
  unknown_region: 404,
  unknown_contract: 404,
  unknown_run: 404,
  run_unknown: 404,
  unknown_settlement: 404,
  unknown_model: 404,
  unknown_patient: 404,
  unknown_partner: 404,
  unknown_preview: 404,
  unknown_reading: 404,
  unknown_dispute: 404,
  own_dispute: 403,
  already_filed: 409,
  already_ruled: 409,
  not_released: 409,
  not_previewed: 409,
  released_before: 409,
  invalid_yaml: 400,
  invalid_request: 400,
  database_unreachable: 503,
  redis_unreachable: 503,
}

const problemOf = (status: number, code: string, detail: string, facts?: Problem['facts']): Problem => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  code,
  ...(facts && Object.keys(facts).length > 0 ? { facts } : {}),
})

/** The problem that an error is; a bug tells nothing of itself outside, it is logged. */
export function problemFor(error: FastifyError | Error): Problem {
  if (error instanceof Refusal)
    return problemOf(STATUS_OF_CODE[error.code] ?? 422, error.code, error.message, error.facts)
  if ('validation' in error && error.validation) {
    const where = error.validationContext ?? 'request'
    const faults = error.validation.map((fault) => `${where}${fault.instancePath} ${fault.message ?? 'is not right'}`)
    return problemOf(400, 'invalid_request', faults.join('; '), { faults })
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500)
    return problemOf(500, 'internal', 'Something went wrong that is not in the request; it has been logged.')
  return problemOf(status, 'code' in error ? String(error.code).toLowerCase() : 'refused', error.message)
}

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  // Serialised here: a problem has the same shape whatever the route's schemas are.
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

export const errors = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply) => {
      const problem = problemFor(error)
      if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
      return sendProblem(reply, problem)
    })
    app.setNotFoundHandler((request, reply) =>
      sendProblem(
        reply,
        problemOf(404, 'not_found', `There is nothing at ${request.method} ${pathOf(request)}; /docs lists what is.`),
      ),
    )
  },
  { name: 'errors' },
)

/** The path without its query, which may hold what should not be repeated. */
const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? request.url
