/** What a profile is asked of, and what every part of it reads with. */
import type { PoolClient } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Measure, Programme } from '../../engine/contract/programme.ts'

export interface ProfileOrder {
  readonly region: string
  readonly regionId: number
  readonly deliveryId: number
  readonly deliveredOn: Day
}

/** What every part of a profile looks at: the delivery asked for, with the measures its region knows. */
export interface ProfileContext extends ProfileOrder {
  readonly client: PoolClient
  readonly programmes: ReadonlyMap<string, Programme>
  /** by id */
  readonly measures: ReadonlyMap<number, Measure>
}
