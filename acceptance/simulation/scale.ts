/** How much is simulated, and the regions of one cell of a study. */
import { randomOf } from '../../engine/kernel/random.ts'
import type { Row } from './figure.ts'
import { regionOf, type Enrols, type Region } from './region.ts'
import type { World } from './world.ts'

export interface Scale {
  /** partner-years of each regime */
  readonly partnerYears: number
  /** names the dice, with the study, its cell and the region */
  readonly seed: number
}

export const FULL: Scale = { partnerYears: 2000, seed: 20260101 }

/** A part of the suite that can run by itself: what it shows, and how to find out. */
export interface Study {
  readonly name: string
  readonly rows: (scale: Scale) => Row[] | Promise<Row[]>
}

/** Regions that together have that many partner-years, one after the other.
 *  @param place numbers of the study and the cell: no two cells of a study share their dice */
export function* regionsOf(
  world: World,
  { partnerYears, seed }: Scale,
  place: readonly [study: number, cell: number],
  enrols?: Enrols,
): Generator<Region> {
  const number = Math.ceil(partnerYears / world.partners)
  for (let r = 0; r < number; r++) yield regionOf(world, randomOf(seed, ...place, r), enrols)
}
