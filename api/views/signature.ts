/** In whose name something is done, and on which day: never a name or a day that somebody typed into a request. */
import type { Reader } from '../../data/access/keys.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The holder of a token as signature: `analyst:anna`, `insurer:7095`, `partner:p01`.
 *  @throws Refusal `nameless_token` for a token that was issued to a role and nobody in it */
export function signatureOf({ role, subject }: Reader): string {
  if (subject !== '') return `${role}:${subject}`
  throw new Refusal(
    'nameless_token',
    `This token is of the role ${role} and names nobody; acts are signed, so use one that was issued to ${role}:NAME.`,
    { role },
  )
}

const inAmsterdam = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam', dateStyle: 'short' })

/** Today in Europe/Amsterdam: acts are dated when they are done; nothing is computed from it. */
export const today = (): Day => inAmsterdam.format(new Date()) as Day
