/** Tokens of a real identity provider, and forged ones. */
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../../api/app.ts'
import { providerIn } from '../../../api/identity/provider.ts'
import { verifierOf } from '../../../api/identity/verifier.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { regionMade } from '../../../data/region/regions.ts'
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { identityProvider, type IdentityProvider } from '../../support/services/identity-provider.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let queue: QueueBackend
let provider: IdentityProvider
let app: FastifyInstance
beforeAll(async () => {
  store = await liveStore()
  await regionMade(store, 'noord')
  provider = await identityProvider({
    anna: { region: 'noord', role: 'analyst' },
    portal: { region: 'noord', role: ['uma_authorization', 'insurer'], organisation: '7095' },
    nested: { region: 'noord', realm_access: { roles: ['auditor', 'offline_access'] } },
    elders: { region: 'elders', role: 'analyst' },
    boss: { region: 'noord', role: 'boss' },
    both: { region: 'noord', role: ['analyst', 'auditor'] },
    nameless: { region: 'noord', role: 'insurer', organisation: 'Zorg' },
  })
  queue = await openQueueBackend({ store, redisUrl: null })
  app = await appWith({})
})
afterAll(async () => {
  await app.close()
  await queue.close()
  await provider.close()
  await store.close()
})

const appWith = (environment: Readonly<Record<string, string>>) => {
  const of = { WINST_OIDC_ISSUER: provider.issuer, WINST_OIDC_AUDIENCE: provider.audience, ...environment }
  return buildApp({ store, queue }, null, { verify: verifierOf(providerIn(of)!) })
}

const ask = async (token: string, of = app, url = '/v1/regions') => {
  const answer = await of.inject({ url, headers: { authorization: `Bearer ${token}` } })
  return { status: answer.statusCode, ...answer.json<{ code?: string; detail?: string; items?: unknown[] }>() }
}

describe('a token of the provider', () => {
  test.each(['RS256', 'ES256', 'EdDSA'] as const)('lets in whom it names, signed with %s', async (algorithm) => {
    expect(await ask(await provider.tokenOf('anna', algorithm))).toMatchObject({
      status: 200,
      items: [{ region: 'noord' }],
    })
  })

  test('is of the same role in the database and in the log: who, and on whose behalf', async () => {
    expect((await ask(await provider.tokenOf('portal'), app, '/v1/contracts')).status).toBe(200)
    expect((await ask(await provider.tokenOf('portal'), app, '/v1/keys')).code).toBe('not_allowed')
    const noted = async () =>
      (
        await store.pool.query(
          `select role, who, on_behalf_of, credential from audit_event where access_point = 'GET /v1/contracts'`,
        )
      ).rows
    await expect
      .poll(noted, { timeout: 3_000 })
      .toEqual([{ role: 'insurer', who: 'portal', on_behalf_of: '7095', credential: provider.issuer }])
  })

  test('is read by the claims that are configured, nested ones too', async () => {
    const nested = await appWith({ WINST_OIDC_CLAIM_ROLE: 'realm_access.roles' })
    expect((await ask(await provider.tokenOf('nested'), nested, '/v1/audit')).status).toBe(200)
    expect(await ask(await provider.tokenOf('anna'), nested)).toMatchObject({ status: 403, code: 'unknown_claims' })
    await nested.close()
  })

  test('that names no region or role of here is refused with a sentence', async () => {
    for (const [client, sentence] of [
      ['elders', /region "elders" that is not here/],
      ['boss', /claim role of the token is none of analyst,/],
      ['both', /names analyst and auditor, and one is wanted/],
      ['nameless', /claim organisation of the token is not the UZOVI code/],
    ] as const) {
      const { status, code, detail } = await ask(await provider.tokenOf(client))
      expect([client, status, code]).toEqual([client, 403, 'unknown_claims'])
      expect(detail).toMatch(sentence)
    }
  })

  test('for another service lets nobody in', async () => {
    const { status, detail } = await ask(await provider.tokenForOthers('anna'))
    expect(status).toBe(401)
    expect(detail).toContain('has another aud than is taken here')
  })
})

describe('a token that the provider did not sign so', () => {
  const claims = { region: 'noord', role: 'analyst', sub: 'eve' }
  const signed = async (
    key: Parameters<SignJWT['sign']>[0],
    {
      alg,
      kid = alg,
      ...said
    }: { alg: string; kid?: string; iss?: string; aud?: string; exp?: number | null; nbf?: number },
  ) => {
    const now = Math.floor(Date.now() / 1000)
    const { iss = provider.issuer, aud = provider.audience, exp = now + 600, nbf } = said
    const payload = { ...claims, iss, aud, ...(exp !== null && { exp }), ...(nbf !== undefined && { nbf }) }
    return await new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key)
  }

  test('lets nobody in: another key, none, or the public key as a shared secret', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const keys = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: JWK[] }
    const published = keys.keys.find(({ kid }) => kid === 'ES256')!
    const spki = new TextEncoder().encode(JSON.stringify(published))
    const forged = {
      'another key under its name': await signed(privateKey, { alg: 'ES256' }),
      'a key that it does not have': await signed(privateKey, { alg: 'ES256', kid: 'eve' }),
      'no signature': new UnsecuredJWT({ ...claims, iss: provider.issuer, aud: provider.audience })
        .setExpirationTime('1h')
        .encode(),
      'a shared secret': await signed(spki, { alg: 'HS256', kid: 'ES256' }),
      'no token at all': 'a.b.c',
    }
    for (const [what, token] of Object.entries(forged)) {
      const { status, code } = await ask(token)
      expect([what, status, code]).toEqual([what, 401, 'not_authenticated'])
    }
    expect(await importJWK(published, 'ES256')).toBeDefined()
  })

  test('holds from its beginning to its end, and half a minute of difference between clocks', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256' }
    const verify = verifierOf(
      providerIn({ WINST_OIDC_ISSUER: provider.issuer, WINST_OIDC_AUDIENCE: provider.audience })!,
      async () => await importJWK(jwk, 'ES256'),
    )
    const now = Math.floor(Date.now() / 1000)
    const of = (said: { exp?: number | null; nbf?: number; iss?: string }) =>
      signed(privateKey, { alg: 'ES256', ...said })
    expect(await verify(await of({ exp: now - 10 }))).toMatchObject({ subject: 'eve', region: 'noord' })
    expect(await verify(await of({ nbf: now + 10 }))).toMatchObject({ role: 'analyst' })
    await expect(verify(await of({ exp: now - 60 }))).rejects.toThrow('its exp has passed')
    await expect(verify(await of({ nbf: now + 60 }))).rejects.toMatchObject({ code: 'not_authenticated' })
    await expect(verify(await of({ exp: null }))).rejects.toMatchObject({ code: 'not_authenticated' })
    await expect(verify(await of({ iss: 'https://eve.example' }))).rejects.toThrow('has another iss')
  })

  test('does not make us ask for its keys again and again', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const before = provider.keysAsked()
    for (let at = 0; at < 20; at++) await ask(await signed(privateKey, { alg: 'ES256', kid: `unknown ${at}` }))
    expect(provider.keysAsked() - before).toBeLessThanOrEqual(1)
  })
})

test('a provider that is away is said, and is not the fault of who asks', async () => {
  const token = await provider.tokenOf('anna')
  const away = await appWith({ WINST_OIDC_JWKS: 'http://127.0.0.1:1/keys' })
  expect(await ask(token, away)).toMatchObject({ status: 503, code: 'issuer_unreachable' })
  await away.close()
})

test('a provider is configured whole, over TLS, and without shared secrets', () => {
  const issuer = { WINST_OIDC_ISSUER: 'https://login.example.nl' }
  expect(providerIn({})).toBeNull()
  for (const environment of [
    issuer,
    { WINST_OIDC_ISSUER: 'http://login.example.nl', WINST_OIDC_AUDIENCE: 'x' },
    { ...issuer, WINST_OIDC_AUDIENCE: 'x', WINST_OIDC_ALGORITHMS: 'HS256' },
    { ...issuer, WINST_OIDC_AUDIENCE: 'x', WINST_OIDC_ALGORITHMS: 'ES256 none' },
    { ...issuer, WINST_OIDC_AUDIENCE: 'x', WINST_OIDC_JWKS: 'file:///etc/passwd' },
  ])
    expect(() => providerIn(environment), JSON.stringify(environment)).toThrow(/WINST_OIDC_/)
})
