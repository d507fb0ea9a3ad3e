/** In whose name something is done: never a name that somebody typed into a request. The day is the database's (data/settlements/act-day.ts). */
import type { Identity, Reader } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The holder of a token as signature: `analyst:anna`, `insurer:7095`, `partner:p01`; `insurer:7095/anna` where the token names the person.
 *  @throws Refusal `nameless_token` for a token that was issued to a role and nobody in it */
export function signatureOf({ role, subject, person }: Reader & Pick<Partial<Identity>, 'person'>): string {
  if (subject !== '' && person && (role === 'insurer' || role === 'partner')) return `${role}:${subject}/${person}`
  if (subject !== '') return `${role}:${subject}`
  throw new Refusal(
    'nameless_token',
    `This token is of the role ${role} and names nobody; acts are signed, so use one that was issued to ${role}:NAME.`,
    { role },
  )
}
