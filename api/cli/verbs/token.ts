/** `winst token ROLE[:NAME]`: a bearer token, printed once; it signs acts at the command line and in the API. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { issueToken, ownerAsked } from '../../views/issue-token.ts'
import { withStore } from './local-services.ts'

export const tokenVerb: Verb<{ arguments: readonly string[] }> = ({ arguments: [asked] }, { terminal }) => {
  if (asked === undefined) throw new Refusal('usage', 'A token is somebody’s: winst token analyst:NAME.')
  const owner = ownerAsked(asked)
  return withStore(async (store) => {
    const token = await issueToken(store, owner)
    terminal.line(token)
    return { ...owner, token }
  })
}
