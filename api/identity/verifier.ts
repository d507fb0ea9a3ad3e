/** Tokens of an identity provider, verified: signature, algorithm, issuer, audience and time; its keys are kept for a while. */
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import type { TokenVerifier } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { claimsOf } from './claims.ts'
import type { Provider } from './provider.ts'

/** Clocks of two machines differ by a little, in seconds. */
const CLOCK_TOLERANCE = 30
/** Keys are asked for anew after so long, and for a key that is not among them no sooner than after the other, in milliseconds. */
const KEYS_KEPT = 600_000
const COOL_DOWN = 30_000
const ANSWER_WITHIN = 5_000

/** Verifies tokens of a provider; its keys are asked for when the first token comes.
 *  @param keys instead of those at the provider's address */
export function verifierOf(provider: Provider, keys: JWTVerifyGetKey = keysOf(provider)): TokenVerifier {
  const { issuer, audience, algorithms, claims } = provider
  const how = {
    issuer,
    audience,
    algorithms: [...algorithms],
    clockTolerance: CLOCK_TOLERANCE,
    requiredClaims: ['exp'],
  }
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, how)
      return claimsOf(payload, claims, issuer)
    } catch (error) {
      throw refusalOf(error, issuer)
    }
  }
}

/** The keys of a provider by its JWKS, whose address is in its discovery document unless it is configured. */
function keysOf(provider: Provider): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined
  let failed: { readonly at: number; readonly error: unknown } | undefined
  return async (header, token) => {
    // A provider that is away is not asked again for every token.
    if (failed && performance.now() - failed.at < ANSWER_WITHIN) throw failed.error
    try {
      found ??= jwksUriOf(provider).then((uri) =>
        createRemoteJWKSet(uri, {
          cacheMaxAge: KEYS_KEPT,
          cooldownDuration: COOL_DOWN,
          timeoutDuration: ANSWER_WITHIN,
        }),
      )
      const key = await (await found)(header, token)
      failed = undefined
      return key
    } catch (error) {
      if (isTokensFault(error)) throw error
      found = undefined
      failed = { at: performance.now(), error }
      throw error
    }
  }
}

async function jwksUriOf({ issuer, jwksUri }: Provider): Promise<URL> {
  if (jwksUri !== null) return new URL(jwksUri)
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_WITHIN) })
  const found = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown }
  if (!answer.ok || found.issuer !== issuer || typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri))
    throw new Error(`${address} is not the discovery document of ${issuer}`)
  return new URL(found.jwks_uri)
}

const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC'

/** What was wrong with the token, in a sentence that repeats none of it. */
function refusalOf(error: unknown, issuer: string): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof errors.JWTExpired) return notTaken('is over: its exp has passed', 'ask its issuer for a new one')
  if (error instanceof errors.JWTClaimValidationFailed)
    return notTaken(
      `has another ${error.claim} than is taken here, or none`,
      `it should be issued by ${issuer} for this API`,
    )
  if (error instanceof errors.JOSEAlgNotAllowed)
    return notTaken(
      'is signed in a way that is not taken here',
      'it should be signed with the private key of its issuer',
    )
  if (isTokensFault(error)) return notTaken(`is not signed by a key of ${issuer}`, 'ask it for a new one')
  return new Refusal(
    'issuer_unreachable',
    `The identity provider ${issuer} gives no keys to check a token with; try again when it answers.`,
    { issuer },
    { cause: error },
  )
}

const notTaken = (what: string, right: string): Refusal =>
  new Refusal('not_authenticated', `The bearer token ${what}; ${right}.`)
