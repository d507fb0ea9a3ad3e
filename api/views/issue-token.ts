/** A key for somebody: its token is made here, told once, known afterwards by its hash only. */
import {
  appendKey,
  issueKey,
  MOST_KEY_DAYS,
  newToken,
  ROLES,
  type KeyOrder,
  type Reader,
} from '../../data/access/keys.ts'
import type { Store } from '../../data/postgres/database.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** Whose key `ROLE:SUBJECT` asks for: `analyst:anna`, `insurer:7095`, `partner:p01`, `researcher:rob`, `auditor:aud`, `administrator:ada`.
 *  @throws Refusal `usage` */
export function readerAsked(text: string): Reader {
  const [name = '', ...rest] = text.split(':')
  const subject = rest.join(':').trim()
  const role = ROLES.find((role) => role === name)
  if (!role) throw new Refusal('usage', `"${name}" is no role; a token is for ${ROLES.join(', ')}.`, { role: name })
  if (role === 'insurer' && !/^\d{4}$/.test(subject))
    throw new Refusal('usage', `An insurer's token names its UZOVI code, four digits: insurer:7095, not "${text}".`)
  if (subject === '')
    throw new Refusal(
      'usage',
      role === 'partner'
        ? "A partner's token names its partner_id: partner:p01."
        : `A token is somebody's, for acts and looks are signed: ${role}:NAME.`,
    )
  return { role, subject }
}

/** Makes a token for its holder and returns it with the id of its key: it cannot be asked for again.
 *  @throws Refusal `usage` for a key that would hold longer than MOST_KEY_DAYS */
export async function issueToken(store: Store, order: KeyOrder): Promise<{ token: string; keyId: string }> {
  if (order.days !== undefined && !(order.days >= 1 && order.days <= MOST_KEY_DAYS))
    throw new Refusal('usage', `A key holds from 1 to ${MOST_KEY_DAYS} days, not ${order.days}.`)
  const token = newToken()
  return { token, keyId: await appendKey(store, token, order) }
}

/** The same in the name of the administrator as whom the store is entered, for its own region. */
export async function issueTokenInName(
  store: Store,
  order: Omit<KeyOrder, 'regionId' | 'issuedBy'>,
): Promise<{ token: string; keyId: string }> {
  const token = newToken()
  return { token, keyId: await issueKey(store, token, order) }
}
