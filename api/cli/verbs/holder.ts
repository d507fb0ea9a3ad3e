/** In whose name something is done at the command line: that of the token in WINST_TOKEN, since a command line can be read by others. */
import { userInfo } from 'node:os'
import { identityOf, type Identity, type Role } from '../../../data/access/keys.ts'
import { asHolder } from '../../../data/access/request-store.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'

/** The owner of the token.
 *  @throws Refusal `not_authenticated` */
export async function holderOf(store: Store): Promise<Identity> {
  const owner = process.env.WINST_TOKEN ? await identityOf(store, process.env.WINST_TOKEN) : null
  if (owner) return owner
  throw notAuthenticated()
}

/** Runs an act with the database knowing whose it is.
 *  @throws Refusal `not_authenticated` */
export async function signed<T>(store: Store, work: (store: Store) => Promise<T>): Promise<T> {
  const done = await asHolder(store, process.env.WINST_TOKEN ?? '', async (own) => ({ result: await work(own) }))
  if (done) return done.result
  throw notAuthenticated()
}

/** The operator at the command line, by the account that the process runs under: for what needs no token, with the database's own login. */
export function operator(): string {
  try {
    return `operator:${userInfo().username}`
  } catch {
    return 'operator:unnamed'
  }
}

/** @throws Refusal `not_allowed` */
export function refuseOtherRoles({ role }: Identity, allowed: readonly Role[], what: string): void {
  if (allowed.includes(role)) return
  throw new Refusal('not_allowed', `The role ${role} may not ${what}; it is for ${allowed.join(' or ')}.`)
}

/** A token is of one region; what another region has, it does not know of.
 *  @throws Refusal `not_found` */
export function refuseOtherRegion(owner: Identity, regionId: number, what: string): void {
  if (owner.regionId === regionId) return
  throw new Refusal('not_found', `There is no ${what} in region "${owner.region}", which the token is of.`)
}

const notAuthenticated = () =>
  new Refusal(
    'not_authenticated',
    'This is done in somebody’s name: put the token that was issued to you in WINST_TOKEN (winst token analyst:NAME prints one).',
  )
