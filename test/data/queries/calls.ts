/** Calls of the store, each a function of data/ on a small settled region: what is in the snapshots beside. */
import type { Store } from '../../../data/postgres/database.ts'
import type { SettledRegion } from '../../support/regions/settled-region.ts'

export interface Stage extends SettledRegion {
  readonly store: Store
  /** an empty directory for what is written */
  readonly place: string
}

/** Calls by the file and name of the function called, in the order in which they are made. */
export type Calls = Readonly<Record<string, () => Promise<unknown>>>
