/** The readings of one patient and measure, as columns that are reused for the next patient. */
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import { byBytes } from '../columns/text-order.ts'

export class Series {
  rows = 0
  days = new Int32Array(64)
  values = new Float64Array(64)
  /** by place */
  partners = new Int32Array(64)
  private ascending = true

  /** @param names of partners, by place: the tie-break */
  constructor(private readonly names: readonly string[]) {}

  add(day: EpochDay, value: number, partner: number): void {
    if (this.rows === this.days.length) this.grow()
    const at = this.rows++
    this.days[at] = day
    this.values[at] = value
    this.partners[at] = partner
    if (at > 0 && this.ascending && this.compare(at - 1, at) > 0) this.ascending = false
  }

  clear(): void {
    this.rows = 0
    this.ascending = true
  }

  /** By day, then value, then partner. */
  sort(): void {
    if (this.ascending) return
    const order = Array.from({ length: this.rows }, (_, at) => at).sort((a, b) => this.compare(a, b))
    this.days.set(order.map((at) => this.days[at]!))
    this.values.set(order.map((at) => this.values[at]!))
    this.partners.set(order.map((at) => this.partners[at]!))
    this.ascending = true
  }

  private compare(a: number, b: number): number {
    const { days, values, partners } = this
    if (days[a] !== days[b]) return days[a]! - days[b]!
    if (values[a] !== values[b]) return values[a]! - values[b]!
    return partners[a] === partners[b] ? 0 : byBytes(this.names[partners[a]!]!, this.names[partners[b]!]!)
  }

  private grow(): void {
    const { days, values, partners } = this
    this.days = new Int32Array(days.length * 2)
    this.days.set(days)
    this.values = new Float64Array(days.length * 2)
    this.values.set(values)
    this.partners = new Int32Array(days.length * 2)
    this.partners.set(partners)
  }
}
