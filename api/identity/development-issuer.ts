/** An issuer for development alone: it gives whoever asks a token for anybody, and does not start where that could matter. */
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { TokenVerifier } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { LOOPBACK, type Provider } from './provider.ts'
import { verifierOf } from './verifier.ts'

export interface DevelopmentIssuer {
  readonly verify: TokenVerifier
  /** a token for a working day */
  issue(whose: { readonly region: string; readonly role: string; readonly subject: string }): Promise<string>
}

const ISSUER: Provider = {
  issuer: 'urn:winst:development',
  audience: 'urn:winst:development:api',
  jwksUri: null,
  algorithms: ['ES256'],
  claims: { region: 'region', role: 'role', person: 'sub', organisation: 'sub' },
}

/** Makes the issuer, with a key that this process alone knows and forgets at its end.
 *  @throws Refusal `config_invalid` in production, beside a real issuer, and where other machines can ask */
export async function developmentIssuer(
  environment: Readonly<Record<string, string | undefined>>,
  host: string,
): Promise<DevelopmentIssuer> {
  const obstacle = obstacleTo(environment, host)
  if (obstacle !== null)
    throw new Refusal(
      'config_invalid',
      `The development issuer gives anybody a token for everything, and does not start ${obstacle}. Leave --dev-issuer and WINST_DEV_ISSUER out.`,
    )
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] })
  return {
    verify: verifierOf(ISSUER, keys),
    issue: ({ region, role, subject }) =>
      new SignJWT({ region, role })
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject(subject)
        .setIssuer(ISSUER.issuer)
        .setAudience(ISSUER.audience)
        .setIssuedAt()
        .setExpirationTime('8h')
        .sign(privateKey),
  }
}

function obstacleTo(environment: Readonly<Record<string, string | undefined>>, host: string): string | null {
  if (environment.NODE_ENV === 'production') return 'where NODE_ENV is production'
  if (environment.WINST_OIDC_ISSUER?.trim()) return 'beside a real one (WINST_OIDC_ISSUER)'
  if (!LOOPBACK.test(host)) return `on ${host}, where other machines can ask it; it listens on 127.0.0.1`
  return null
}
