/** Tokens for a developer's own machine: this route is there with `winst serve --dev-issuer` alone. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { DevelopmentIssuer } from '../identity/development-issuer.ts'
import { BadRequest } from '../schemas/problem.ts'

const Whose = Type.Object(
  {
    region: Type.String({ minLength: 1, maxLength: 200 }),
    role: Type.String({ minLength: 1, maxLength: 200 }),
    subject: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
)

export const developmentIssuerRoutes =
  (issuer: DevelopmentIssuer): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/development-issuer/token',
      {
        schema: {
          hide: true,
          body: Whose,
          response: { 200: Type.Object({ access_token: Type.String(), token_type: Type.String() }), 400: BadRequest },
        },
      },
      async (request) => ({ access_token: await issuer.issue(request.body), token_type: 'Bearer' }),
    )
  }
