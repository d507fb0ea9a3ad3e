/** A real OpenID Connect provider on this machine: clients get a signed token by their credentials, as a portal would. */
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import { freePort } from './free-port.ts'

/** What a token says besides issuer, audience and time. */
export type ClientClaims = Readonly<Record<string, unknown>>

export interface IdentityProvider {
  readonly issuer: string
  readonly audience: string
  /** a token of a client, signed with this algorithm */
  tokenOf(client: string, algorithm?: 'RS256' | 'ES256' | 'EdDSA'): Promise<string>
  /** the same for another service than ours */
  tokenForOthers(client: string): Promise<string>
  /** how often its keys were asked for */
  keysAsked(): number
  close(): Promise<void>
}

const AUDIENCE = 'https://winst.example.nl/api'
const OTHERS = 'https://elsewhere.example.nl'
const SECRET = 'a secret of the client, long enough to be one'

/** The client that people are sent to sign in by. */
export const SIGN_IN = { clientId: 'winst', clientSecret: SECRET, scopes: 'openid api' } as const

/** @param clients the claims of each, by its name: of programs, and of people who sign in under it
 *  @param redirect where people are sent back to; left out: nobody signs in */
export async function identityProvider(
  clients: Readonly<Record<string, ClientClaims>>,
  redirect?: string,
): Promise<IdentityProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  let [algorithm, asked] = ['ES256', 0]
  const provider = new Provider(issuer, {
    clients: [
      ...(redirect === undefined
        ? []
        : [{ client_id: SIGN_IN.clientId, client_secret: SECRET, redirect_uris: [redirect] }]),
      ...Object.keys(clients).map((name) => ({
        client_id: name,
        client_secret: SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      })),
    ],
    jwks: { keys: await Promise.all((['RS256', 'ES256', 'EdDSA'] as const).map(signingKey)) },
    ttl: { ClientCredentials: 600 },
    extraTokenClaims: (_context, token) => clients[String('accountId' in token ? token.accountId : token.clientId)],
    features: {
      devInteractions: { enabled: redirect !== undefined },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'api',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: algorithm as 'ES256' } },
        }),
      },
    },
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url === '/jwks') asked++
    void answer(request, response)
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const tokenFor = async (client: string, resource: string): Promise<string> => {
    const answered = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${encodeURIComponent(SECRET)}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'api', resource }),
    })
    const { access_token: token, ...rest } = (await answered.json()) as { access_token?: string }
    if (token === undefined) throw new Error(`no token: ${JSON.stringify(rest)}`)
    return token
  }
  return {
    issuer,
    audience: AUDIENCE,
    tokenOf: async (client, by = 'ES256') => {
      algorithm = by
      return await tokenFor(client, AUDIENCE)
    },
    tokenForOthers: (client) => tokenFor(client, OTHERS),
    keysAsked: () => asked,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

async function signingKey(alg: 'RS256' | 'ES256' | 'EdDSA'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg }
}
