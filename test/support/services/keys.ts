/** Tokens for tests: issued as an operator issues them at the command line. */
import { appendKey, newToken, type Role } from '../../../data/access/keys.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { regionAsked, regionMade } from '../../../data/region/regions.ts'

/** A token of a region's, made if it is not there yet; or of the only region's. */
export async function tokenFor(store: Store, role: Role, subject: string, region?: string): Promise<string> {
  const token = newToken()
  const { regionId } = region === undefined ? await regionAsked(store, region) : await regionMade(store, region)
  await appendKey(store, token, { role, subject, regionId, issuedBy: 'operator' })
  return token
}
