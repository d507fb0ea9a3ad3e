/** The delivery that a profile is of, and the connection and measures that its parts read with. */
import type { PoolClient } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Measure, Programme } from '../../engine/contract/programme.ts'

export interface ProfileOrder {
  readonly region: string
  readonly regionId: number
  readonly deliveryId: number
  readonly deliveredOn: Day
}

/** The delivery, with the measures of its region. */
export interface ProfileContext extends ProfileOrder {
  readonly client: PoolClient
  readonly programmes: ReadonlyMap<string, Programme>
  /** by id */
  readonly measures: ReadonlyMap<number, Measure>
}
