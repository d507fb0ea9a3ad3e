/** The description of the API, made from the schemas of its routes: /openapi.json, and for people /docs. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { completed } from '../document/document.ts'
import * as problems from '../schemas/problem.ts'

/** What any route may answer, whatever it does: described here, so that no route has to say it. */
function commonAnswers({ params, body }: FastifySchema, { config, method }: RouteOptions): Record<string, unknown> {
  const { BadRequest, Unauthorised, Forbidden, NotFound, refused } = problems
  return {
    400: BadRequest,
    ...(config?.right === 'public' ? {} : { 401: Unauthorised, 403: Forbidden }),
    ...(params ? { 404: NotFound, 414: refused('A part of the address is longer than any id') } : {}),
    // The same Idempotency-Key with another body is one.
    ...(method === 'POST' ? { 409: problems.Conflict, 422: problems.Unprocessable } : {}),
    ...(body ? { 413: refused('The body is too long'), 415: refused('The body is of a type that is not read') } : {}),
    429: refused('More is asked in a minute than one is given; Retry-After says when to ask again'),
    500: problems.Failed,
    503: refused('The database, the queue or the process does not keep up; Retry-After says when to ask again'),
  }
}

export const openapi = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      transform: ({ schema, url, route }) => {
        const answers = { ...commonAnswers(schema, route), ...(schema.response as object | undefined) }
        return { schema: { ...schema, response: answers }, url }
      },
      transformObject: (described) =>
        'openapiObject' in described ? completed(described.openapiObject as object) : described.swaggerObject,
      openapi: {
        openapi: '3.1.0',
        servers: [{ url: '/', description: 'where this document was asked for' }],
        info: {
          title: 'gezondheidswinst',
          version: '0.1.0',
          description:
            'Expected against realised health, and what follows from it. Amounts are whole eurocents, days are ISO 8601, groups under ten people are never shown. Lists are pages `{items, next}`; ids may be cut to 8 digits; every POST takes an Idempotency-Key; refusals are problem documents (RFC 9457).',
          license: { name: 'EUPL-1.2', url: 'https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12' },
        },
        components: {
          securitySchemes: {
            token: {
              type: 'http',
              scheme: 'bearer',
              description: 'a key that was issued here, or a token of the identity provider',
            },
          },
        },
        tags: [
          { name: 'regions', description: 'The region of the token' },
          { name: 'keys', description: 'Keys of the region, for its administrator' },
          { name: 'audit', description: 'Who did or looked at what, for the auditor' },
          { name: 'work', description: 'Who still has to be measured' },
          { name: 'contracts', description: 'Contracts, and asking for a run of one' },
          { name: 'deliveries', description: 'What a region handed in' },
          { name: 'settlements', description: 'What was settled, as the role of the token may see it' },
          { name: 'runs', description: 'What was computed, and what was expected of each patient' },
          { name: 'jobs', description: 'What takes longer than an answer may: watched, called off' },
          { name: 'regions', description: 'The region of the token: its partners and programmes' },
          { name: 'patients', description: 'Patients, for those who may see them; every look is logged' },
          { name: 'disputes', description: 'What is contended about a settlement, and what was ruled' },
          { name: 'ledger', description: 'The book: what is expected, owed, paid and open' },
          { name: 'models', description: 'Models, and the decisions on their use for payment' },
          { name: 'research', description: 'Questions that are registered before they are answered' },
          { name: 'work', description: 'Who still has to be measured' },
          { name: 'keys', description: 'Keys of the API, given out and withdrawn' },
          { name: 'audit', description: 'Who asked what, after NEN 7513' },
          { name: 'service', description: 'The service itself' },
        ],
      },
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
  },
  { name: 'openapi' },
)
