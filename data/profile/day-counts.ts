/** Counts of readings by day, in pages of 256 days that are allocated on first use. */
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import { epochDayOf } from '../../engine/kernel/calendar.ts'

const pageDays = 256
const first = epochDayOf('1800-01-01') // no file may name an earlier day

export class DayCounts {
  total = 0
  private readonly pages: (Uint32Array | undefined)[] = []

  add(day: EpochDay): void {
    const at = day - first
    const page = (this.pages[at >> 8] ??= new Uint32Array(pageDays))
    page[at & (pageDays - 1)]!++
    this.total++
  }

  on(day: EpochDay): number {
    const at = day - first
    return this.pages[at >> 8]?.[at & (pageDays - 1)] ?? 0
  }

  /** The count of the day with the most readings. */
  get most(): number {
    return this.pages.reduce((most, page) => page?.reduce((a, b) => (a > b ? a : b), most) ?? most, 0)
  }

  /** Days with readings, ascending. */
  days(): { readonly day: EpochDay; readonly readings: number }[] {
    return this.pages.flatMap((page, at) =>
      [...(page ?? [])].flatMap((readings, within) =>
        readings > 0 ? [{ day: first + at * pageDays + within, readings }] : [],
      ),
    )
  }
}
