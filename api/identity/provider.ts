/** The identity provider that is trusted besides our own keys: OpenID Connect, out of the environment. */
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The signatures that are taken: those that only who holds a private key can make; never `none`, and never a shared secret (HS256 and its kind). */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const
type Algorithm = (typeof ALGORITHMS)[number]

/** Which claim says what; a dot leads into a nested one: `realm_access.roles`. */
export interface ClaimNames {
  readonly region: string
  readonly role: string
  /** who it is */
  readonly person: string
  /** an insurer's UZOVI code or a partner's id, for whom the person acts */
  readonly organisation: string
}

export interface Provider {
  readonly issuer: string
  readonly audience: string
  /** null: as the issuer's discovery document says */
  readonly jwksUri: string | null
  readonly algorithms: readonly Algorithm[]
  readonly claims: ClaimNames
}

/** The provider that the environment names, or null.
 *  @throws Refusal `config_invalid` naming the variable */
export function providerIn(environment: Readonly<Record<string, string | undefined>>): Provider | null {
  const textOf = (name: string): string | undefined => environment[name]?.trim() || undefined
  const issuer = textOf('WINST_OIDC_ISSUER')
  if (issuer === undefined) return null
  const audience = textOf('WINST_OIDC_AUDIENCE')
  if (audience === undefined)
    throw new Refusal(
      'config_invalid',
      'WINST_OIDC_ISSUER is set without WINST_OIDC_AUDIENCE: name what the tokens for this API are issued for, so that those for others do not let anybody in.',
    )
  const jwksUri = textOf('WINST_OIDC_JWKS') ?? null
  refuseUnsafe('WINST_OIDC_ISSUER', issuer)
  if (jwksUri !== null) refuseUnsafe('WINST_OIDC_JWKS', jwksUri)
  return {
    issuer,
    audience,
    jwksUri,
    algorithms: algorithmsIn(textOf('WINST_OIDC_ALGORITHMS')),
    claims: {
      region: textOf('WINST_OIDC_CLAIM_REGION') ?? 'region',
      role: textOf('WINST_OIDC_CLAIM_ROLE') ?? 'role',
      person: textOf('WINST_OIDC_CLAIM_SUBJECT') ?? 'sub',
      organisation: textOf('WINST_OIDC_CLAIM_ORGANISATION') ?? 'organisation',
    },
  }
}

/** Keys come over TLS, or from this machine: whoever can change them lets himself in. */
function refuseUnsafe(name: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))) return
  throw new Refusal(
    'config_invalid',
    `${name} is not a URL that begins with https:// (as in https://login.example.nl).`,
  )
}

/** Hosts that only this machine reaches. */
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/

function algorithmsIn(text: string | undefined): readonly Algorithm[] {
  if (text === undefined) return ALGORITHMS
  const asked = text.split(/[\s,]+/)
  const known = ALGORITHMS.filter((each) => asked.includes(each))
  if (known.length === asked.length) return known
  throw new Refusal(
    'config_invalid',
    `WINST_OIDC_ALGORITHMS is a choice of ${ALGORITHMS.join(', ')}: signatures that need the issuer's private key.`,
  )
}
