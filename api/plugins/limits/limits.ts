/** What one reader, address or request may ask of the service, with the values that hold unless the environment says otherwise. */
import { isIP } from 'node:net'
import { Refusal } from '../../../engine/kernel/refusal.ts'

export interface Limits {
  /** requests that read, of one reader in one minute */
  readonly reads: number
  /** requests that change something, of one reader in one minute */
  readonly writes: number
  /** requests of one address in one minute, whoever asks */
  readonly address: number
  /** tokens that are not known, of one address in one minute */
  readonly guesses: number
  /** seconds after which a request is answered with 503 */
  readonly answerSeconds: number
  /** milliseconds that the event loop may be behind before new requests are answered with 503 */
  readonly behindMs: number
  /** requests that may wait for a connection to the database before new ones are answered with 503 */
  readonly waiting: number
}

export const LIMITS: Limits = {
  reads: 1_200,
  writes: 120,
  address: 6_000,
  guesses: 30,
  answerSeconds: 30,
  behindMs: 1_000,
  waiting: 200,
}

const VARIABLES: Readonly<Record<keyof Limits, string>> = {
  reads: 'WINST_READS_PER_MINUTE',
  writes: 'WINST_WRITES_PER_MINUTE',
  address: 'WINST_ADDRESS_PER_MINUTE',
  guesses: 'WINST_GUESSES_PER_MINUTE',
  answerSeconds: 'WINST_ANSWER_SECONDS',
  behindMs: 'WINST_BEHIND_MS',
  waiting: 'WINST_WAITING',
}

/** The limits of an environment; a variable that is set but empty counts as not set.
 *  @throws Refusal `config_invalid` naming the variable */
export function limitsOf(environment: Readonly<Record<string, string | undefined>>): Limits {
  const limits: Record<keyof Limits, number> = { ...LIMITS }
  for (const [limit, variable] of Object.entries(VARIABLES) as [keyof Limits, string][]) {
    const text = environment[variable]?.trim()
    if (!text) continue
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new Refusal('config_invalid', `${variable} is "${text.slice(0, 60)}"; it is a whole number above 0.`)
    limits[limit] = Number(text)
  }
  return limits
}

/** The proxies in front whose word on where a request comes from is taken, from WINST_TRUST_PROXY: on this machine, unless it says otherwise.
 *  @throws Refusal `config_invalid` */
export function trustedProxiesOf(environment: Readonly<Record<string, string | undefined>>): string {
  const text = environment.WINST_TRUST_PROXY?.trim() || 'loopback'
  for (const each of text.split(',').map((part) => part.trim())) {
    const [address = '', bits = '32'] = each.split('/')
    if (/^(loopback|linklocal|uniquelocal)$/.test(each) || (isIP(address) !== 0 && /^\d{1,3}$/.test(bits))) continue
    throw new Refusal(
      'config_invalid',
      `WINST_TRUST_PROXY names "${each.slice(0, 60)}"; it lists addresses, networks (10.0.0.0/8), loopback, linklocal or uniquelocal.`,
    )
  }
  return text
}
