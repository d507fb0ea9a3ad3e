/** `winst token ROLE:NAME`: a bearer token, printed once; by it people act in their own name at the command line and in the API.
 *  `--list` shows whose keys there are, `--revoke` shuts the holder of one out. */
import { listKeys, revokeKey, type KeyScope } from '../../../data/access/keys.ts'
import { appendLink } from '../../../data/access/links.ts'
import { regionAsked, regionMade } from '../../../data/region/regions.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { issueToken, readerAsked } from '../../views/issue-token.ts'
import type { Arguments, Verb } from '../verb.ts'
import { withStore } from './local-services.ts'

export interface TokenOptions extends Arguments {
  readonly region?: string
  readonly days?: number
  readonly scope?: KeyScope
  readonly revoke?: string
  readonly list?: boolean
  readonly link?: boolean
}

/** Whoever runs the command with the owner's DATABASE_URL gives out keys in nobody's name but the operator's. */
const OPERATOR = 'operator'

export const tokenVerb: Verb<TokenOptions> = (
  { arguments: [asked], region, days, scope, revoke, list, link },
  { terminal },
) =>
  withStore(async (store) => {
    if (list || revoke !== undefined) {
      const { regionId, name } = await regionAsked(store, region)
      if (revoke !== undefined && !(await revokeKey(store, { keyId: revoke, regionId, revokedBy: OPERATOR })))
        throw new Refusal(
          'unknown_token',
          `Region "${name}" has no key ${revoke}; winst token --list has those there are.`,
          {
            key: revoke,
          },
        )
      const keys = await listKeys(store, regionId)
      for (const { keyId, role, subject, scope, expiresAt, revokedAt } of keys)
        terminal.line(
          `${keyId}  ${role}:${subject}${scope === 'read' ? ' (reads only)' : ''}  ${revokedAt ? `withdrawn ${dayOf(revokedAt)}` : `until ${dayOf(expiresAt)}`}`,
        )
      return { region: name, keys }
    }
    if (asked === undefined) throw new Refusal('usage', 'A token is somebody’s: winst token analyst:NAME.')
    const reader = readerAsked(asked)
    // The first key of a region is made before its first delivery.
    const of = region === undefined ? await regionAsked(store, region) : await regionMade(store, region)
    const order = {
      ...reader,
      regionId: of.regionId,
      issuedBy: OPERATOR,
      ...(days === undefined ? {} : { days }),
      ...(scope && { scope }),
    }
    if (link) {
      const address = signInAddress(process.env.WINST_PUBLIC_URL, await appendLink(store, order))
      terminal.line(address)
      return { ...reader, region: of.name, link: address }
    }
    const { token, keyId } = await issueToken(store, order)
    terminal.line(token)
    return { ...reader, region: of.name, key_id: keyId, token }
  })

/** Where a link leads: to the address at which people reach this service. */
const signInAddress = (publicUrl: string | undefined, code: string): string =>
  new URL(`/sign-in/link/${code}`, publicUrl?.trim() || 'http://127.0.0.1:8080').href

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10)
