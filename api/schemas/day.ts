/** A day as a request names it: in the query or the body, as YYYY-MM-DD. */
import { isDay, type Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The day that was asked for.
 *  @param name of the parameter or key   @throws Refusal `invalid_request` */
export function dayAsked(name: string, text: string): Day {
  if (isDay(text)) return text
  throw new Refusal('invalid_request', `${name} is "${text}"; a day is written YYYY-MM-DD.`, { [name]: text })
}

/** The same where it may be left out. */
export const dayMaybeAsked = (name: string, text: string | undefined): Day | undefined =>
  text === undefined ? undefined : dayAsked(name, text)
