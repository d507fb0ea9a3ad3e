/** The description of the API, made from the schemas of its routes: /openapi.json, and for people /docs. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export const openapi = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'gezondheidswinst',
          version: '0.1.0',
          description:
            'Expected against realised health, and what follows from it. Amounts are whole eurocents, days are ISO 8601, groups under ten people are never shown.',
        },
        components: {
          securitySchemes: {
            token: {
              type: 'http',
              scheme: 'bearer',
              description: 'a token issued to an analyst, insurer, partner or researcher',
            },
          },
        },
        tags: [
          { name: 'contracts', description: 'Contracts, and asking for a run of one' },
          { name: 'deliveries', description: 'What a region handed in' },
          { name: 'settlements', description: 'What was settled, as the role of the token may see it' },
          { name: 'service', description: 'The service itself' },
        ],
      },
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
  },
  { name: 'openapi' },
)
