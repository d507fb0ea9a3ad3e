/** Keys of a region, for its administrator: listed without their tokens, given out, withdrawn. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listKeys, MOST_KEY_DAYS, ROLES, withdrawKey, type KeyListed } from '../../data/access/keys.ts'
import { asSigner } from '../../data/access/request-store.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { issueTokenInName, readerAsked } from '../views/issue-token.ts'

const RoleName = Type.Unsafe<(typeof ROLES)[number]>({ type: 'string', enum: [...ROLES] })
const ScopeName = Type.Union([Type.Literal('act'), Type.Literal('read')], {
  description: 'read: looks and does nothing, whatever its role may',
})
const KeyId = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'what a key is called; it lets nobody in' })

const KeyView = Type.Object({
  key: KeyId,
  role: RoleName,
  subject: Type.String({ description: "an insurer's UZOVI code, a partner's id, or the name of a person" }),
  scope: ScopeName,
  issued_by: Type.String(),
  issued_at: Type.String(),
  expires_at: Type.String(),
  revoked_at: Type.Union([Type.String(), Type.Null()]),
})
const KeyIssued = Type.Object({
  key: KeyId,
  token: Type.String({ description: 'shown now and never again' }),
})
const KeyBody = Type.Object(
  {
    role: RoleName,
    subject: Type.String({ minLength: 1, maxLength: 200, pattern: '^\\S(.*\\S)?$' }),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_KEY_DAYS, description: 'how long it holds' })),
    scope: Type.Optional(ScopeName),
  },
  { additionalProperties: false },
)

const KEYS: Listing<KeyListed> = {
  sorts: {
    issued: { kind: 'text', of: ({ issuedAt }) => issuedAt.toISOString() },
    expires: { kind: 'text', of: ({ expiresAt }) => expiresAt.toISOString() },
    subject: { kind: 'text', of: ({ subject }) => subject },
  },
  id: { kind: 'text', of: ({ keyId }) => keyId },
  first: '-issued',
}

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden }

export const keyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/keys',
    {
      schema: {
        tags: ['keys'],
        summary: 'The keys of the region, those withdrawn and over too',
        querystring: Type.Object(pageQuery(KEYS)),
        response: { 200: Page(KeyView), ...refusals },
      },
    },
    async (request) => {
      const keys = await listKeys(request.store, readerOf(request).regionId)
      return pageOfAll(KEYS, request.query, keys, viewOf)
    },
  )

  app.post(
    '/keys',
    {
      config: { secretAnswer: true },
      schema: {
        tags: ['keys'],
        summary: 'Give out a key of this region; its token is in this answer and in no other',
        body: KeyBody,
        response: { 201: KeyIssued, ...refusals },
      },
    },
    async (request, reply) => {
      const { role, subject, ...rest } = request.body
      const order = { ...rest, ...readerAsked(`${role}:${subject}`) }
      const { keyId, token } = await asSigner(app.sharedStore, readerOf(request), (store) =>
        issueTokenInName(store, order),
      )
      return reply.code(201).send({ key: keyId, token })
    },
  )

  app.post(
    '/keys/:key/revocation',
    {
      schema: {
        tags: ['keys'],
        summary: 'Withdraw a key: its holder is shut out from now on',
        params: Type.Object({ key: KeyId }),
        response: { 200: KeyView, ...refusals, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { key } = request.params
      const known = await asSigner(app.sharedStore, reader, (store) => withdrawKey(store, key))
      const found = known && (await listKeys(request.store, reader.regionId)).find(({ keyId }) => keyId === key)
      if (found) return viewOf(found)
      throw new Refusal('unknown_token', `The region has no key ${key}; GET /v1/keys lists those it has.`, { key })
    },
  )
}

const viewOf = ({ keyId, role, subject, scope, issuedBy, issuedAt, expiresAt, revokedAt }: KeyListed) => ({
  key: keyId,
  role,
  subject,
  scope,
  issued_by: issuedBy,
  issued_at: issuedAt.toISOString(),
  expires_at: expiresAt.toISOString(),
  revoked_at: revokedAt?.toISOString() ?? null,
})
