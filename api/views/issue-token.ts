/** Issues a bearer token for a role; it is printed once and stored as a hash only. */
import { appendToken, newToken, type Owner, type Role } from '../../data/postgres/tokens.ts'
import type { Store } from '../../data/postgres/database.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

const ROLES: readonly Role[] = ['analyst', 'insurer', 'partner', 'researcher']

/** Whose token `ROLE[:SUBJECT]` asks for: `analyst`, `insurer:7095`, `partner:p01`, `researcher:ann`.
 *  @throws Refusal `usage` */
export function ownerAsked(text: string): Owner {
  const [name = '', ...rest] = text.split(':')
  const subject = rest.join(':').trim()
  const role = ROLES.find((role) => role === name)
  if (!role) throw new Refusal('usage', `"${name}" is no role; a token is for ${ROLES.join(', ')}.`, { role: name })
  if (role === 'insurer' && !/^\d{4}$/.test(subject))
    throw new Refusal('usage', `An insurer's token names its UZOVI code, four digits: insurer:7095, not "${text}".`)
  if (role === 'partner' && subject === '')
    throw new Refusal('usage', "A partner's token names its partner_id: partner:p01.")
  return { role, subject }
}

/** Issues a token to an owner and returns it; it cannot be retrieved later. */
export async function issueToken(store: Store, owner: Owner): Promise<string> {
  const token = newToken()
  await appendToken(store, token, owner)
  return token
}
