/** When each patient was born and died, so that no row is taken that cannot be of their life. */
import { dayOf, epochDayOf, NEVER } from '../../../engine/kernel/calendar.ts'
import type { EpochDay } from '../../../engine/kernel/calendar.ts'

const ALWAYS: EpochDay = -2147483648

/** By our key of a patient. Keys of one region lie close together: two columns hold them. */
export class Lifetimes {
  private least = 0
  private born = new Int32Array(0)
  private died = new Int32Array(0)
  private readonly firstDays = new Map<number, EpochDay>()

  /** Makes room for keys from one to another; patients without dates are unrestricted. */
  reserve(least: number, most: number): void {
    this.least = least
    this.born = new Int32Array(most - least + 1).fill(ALWAYS)
    this.died = new Int32Array(most - least + 1).fill(NEVER)
  }

  /** @param birthYear null: not known   @param diedOn NEVER: did not */
  set(key: number, birthYear: number | null, diedOn: EpochDay): void {
    this.born[key - this.least] = birthYear === null ? ALWAYS : this.firstDayOf(birthYear)
    this.died[key - this.least] = diedOn
  }

  private firstDayOf(year: number): EpochDay {
    let day = this.firstDays.get(year)
    if (day === undefined) this.firstDays.set(year, (day = epochDayOf(`${year}-01-01`)))
    return day
  }

  has(key: number, day: EpochDay): boolean {
    const at = key - this.least
    return !(day > this.died[at]! || day < this.born[at]!)
  }

  /** Why a day cannot be of a patient's life. */
  whyNot(key: number, day: EpochDay): string {
    const at = key - this.least
    return day > this.died[at]!
      ? `after the patient died on ${dayOf(this.died[at]!)}`
      : `before the patient was born, in ${dayOf(this.born[at]!).slice(0, 4)}`
  }
}
