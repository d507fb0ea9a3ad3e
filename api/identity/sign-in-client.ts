/** Signing people in at the identity provider: the authorisation code flow of OpenID Connect with PKCE. */
import * as openid from 'openid-client'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { LOOPBACK, type Provider } from './provider.ts'

/** What the browser keeps between going to the provider and coming back. */
export interface Going {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface SignInClient {
  /** where to send somebody to sign in, and what to keep meanwhile
   *  @throws Refusal `issuer_unreachable` */
  readonly begin: () => Promise<{ readonly url: string; readonly going: Going }>
  /** what came back as the token that this API takes
   *  @param search of the address that the provider sent the browser to
   *  @throws Refusal `not_authenticated`, `issuer_unreachable` */
  readonly finish: (search: string, going: Going) => Promise<string>
}

export interface SignInOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** at which people reach this service */
  readonly publicUrl: string
  readonly scopes: string
}

/** How people are signed in, as the environment says, or null: by keys and links alone.
 *  @throws Refusal `config_invalid` naming the variable */
export function signInOptionsIn(environment: Readonly<Record<string, string | undefined>>): SignInOptions | null {
  const textOf = (name: string): string => environment[name]?.trim() ?? ''
  const clientId = textOf('WINST_OIDC_CLIENT_ID')
  if (clientId === '') return null
  for (const name of ['WINST_OIDC_ISSUER', 'WINST_OIDC_CLIENT_SECRET', 'WINST_PUBLIC_URL'])
    if (textOf(name) === '')
      throw new Refusal('config_invalid', `WINST_OIDC_CLIENT_ID is set without ${name}, which signing in needs too.`)
  const publicUrl = textOf('WINST_PUBLIC_URL')
  if (!URL.canParse(publicUrl))
    throw new Refusal('config_invalid', 'WINST_PUBLIC_URL is no address, as https://winst.example.nl.')
  const scopes = textOf('WINST_OIDC_SCOPES') || 'openid'
  return { clientId, clientSecret: textOf('WINST_OIDC_CLIENT_SECRET'), publicUrl, scopes }
}

/** The provider is asked what it can do when the first person signs in. */
export function signInClientOf({ issuer, audience }: Provider, options: SignInOptions): SignInClient {
  const { clientId, clientSecret, publicUrl, scopes } = options
  const redirect = new URL('/sign-in/callback', publicUrl)
  // Whose token it should be: a resource (RFC 8707) where the audience is an address, else as the provider is set up.
  const resource = URL.canParse(audience) ? { resource: audience } : {}
  const server = new URL(issuer)
  // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out; on this machine alone (provider.ts refuses http elsewhere)
  const execute = LOOPBACK.test(server.hostname) ? [openid.allowInsecureRequests] : []
  let found: Promise<openid.Configuration> | undefined
  const configuration = async (): Promise<openid.Configuration> => {
    try {
      return await (found ??= openid.discovery(server, clientId, clientSecret, undefined, { execute }))
    } catch (error) {
      found = undefined
      throw unreachable(issuer, error)
    }
  }
  return {
    async begin() {
      const config = await configuration()
      const going = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
      }
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirect.href,
        scope: scopes,
        state: going.state,
        nonce: going.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(going.verifier),
        code_challenge_method: 'S256',
        ...resource,
      })
      return { url: url.href, going }
    },
    async finish(search, { state, nonce, verifier }) {
      const config = await configuration()
      const came = new URL(search, redirect)
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
      try {
        return (await openid.authorizationCodeGrant(config, came, checks, resource)).access_token
      } catch (error) {
        if (error instanceof TypeError) throw unreachable(issuer, error)
        throw new Refusal(
          'not_authenticated',
          `The identity provider ${issuer} let nobody in; sign in again from the beginning.`,
          { issuer },
          { cause: error },
        )
      }
    },
  }
}

const unreachable = (issuer: string, cause: unknown): Refusal =>
  new Refusal(
    'issuer_unreachable',
    `The identity provider ${issuer} does not answer as one; try again when it does.`,
    { issuer },
    { cause },
  )
