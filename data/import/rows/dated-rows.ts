/** The days of accepted rows, counted: from which day a delivery is known whose date nobody gave (interface.md 1). */
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'
import type { Day, EpochDay } from '../../../engine/kernel/calendar.ts'

const firstDay = epochDayOf('1800-01-01')
const days = epochDayOf('2199-12-31') - firstDay + 1
/** a date stands alone where fewer others than these lie within so many days before it */
const large = { rows: 10, days: 92 }
const small = { rows: 1, days: 366 }
const smallDataset = 1000 // dated rows

export class DatedRows {
  private readonly counts = new Int32Array(days)
  private rows = 0
  /** the latest day that something happened, or is said to have */
  private latest = firstDay - 1

  /** Counts a row by its latest day, and by its earliest where no window holds both; a row without days, whose latest is none, does not count.
   *  @param happened the latest day on which something happened, not one that is planned */
  add(earliest: EpochDay, latest: EpochDay, happened: EpochDay): void {
    const at = latest - firstDay
    if (at < 0) return
    this.rows++
    this.counts[at]!++
    if (latest - earliest > small.days) this.counts[earliest - firstDay]!++
    this.latest = Math.max(this.latest, happened)
  }

  /** Counts a row of one day, on which something happened. */
  addOne(day: EpochDay): void {
    const at = day - firstDay
    if (at < 0) return
    this.rows++
    this.counts[at]!++
    if (day > this.latest) this.latest = day
  }

  /** Whether anything is dated after a day. */
  isAfter(day: Day): boolean {
    return this.latest > epochDayOf(day)
  }

  /** The latest day that does not stand alone; blank if every one does. */
  get delivered(): Day | '' {
    const window = this.rows < smallDataset ? small : large
    for (let at = days - 1; at >= 0; at--)
      if (this.counts[at]! > 0 && this.within(at, window.days) > window.rows) return dayOf(at + firstDay)
    return ''
  }

  private within(at: number, window: number): number {
    let rows = 0
    for (let day = Math.max(0, at - window); day <= at; day++) rows += this.counts[day]!
    return rows
  }
}
