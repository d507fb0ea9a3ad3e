/** Counts the fate of every resource or row that was read, and lists codes without a mapping. */
import type { Coding } from '../../vocabulary/codes.ts'

export interface Fates {
  /** Observation, or MEASUREMENT */
  readonly of: string
  readonly read: number
  /** its parts sum to `read`; `kept` is one of them */
  readonly fates: Readonly<Record<string, number>>
}

export interface Unmapped {
  /** measure, diagnosis, medicine, answer, currency, programme */
  readonly what: string
  readonly system: string
  readonly code: string
  readonly display: string
  readonly count: number
}

export const KEPT = 'kept'

const mostUnmapped = 10_000 // codes that are listed one by one; beyond it they are counted together
const longestDisplay = 120

export class Tally {
  private readonly fates = new Map<string, Map<string, number>>()
  private readonly codes = new Map<string, { what: string; coding: Coding; count: number }>()
  private readonly remarks = new Map<string, number>()

  /** One resource or row, and what became of it. */
  add(of: string, fate: string, times = 1): void {
    const fates = this.fates.get(of) ?? new Map<string, number>()
    this.fates.set(of, fates)
    fates.set(fate, (fates.get(fate) ?? 0) + times)
  }

  /** One code that nothing here stands for. */
  unmapped(what: string, codings: readonly Coding[], text = ''): void {
    const [first = { system: '', code: '', display: text }] = codings
    const key = `${what} ${first.system} ${first.code} ${first.code === '' ? text : ''}`
    const known = this.codes.get(key)
    if (known) known.count++
    else if (this.codes.size < mostUnmapped) this.codes.set(key, { what, coding: first, count: 1 })
    else this.note(`more unmapped codes than the ${mostUnmapped} that are listed`)
  }

  /** Something that was done to the data, worth knowing and counting. */
  note(remark: string, times = 1): void {
    if (times > 0) this.remarks.set(remark, (this.remarks.get(remark) ?? 0) + times)
  }

  /** How many were read of one kind. */
  read(of: string): number {
    return [...(this.fates.get(of)?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  }

  get table(): Fates[] {
    return [...this.fates]
      .map(([of, fates]) => ({ of, read: this.read(of), fates: Object.fromEntries(inOrder(fates)) }))
      .sort((a, b) => (a.of < b.of ? -1 : 1))
  }

  /** The most frequent first. */
  get list(): Unmapped[] {
    return [...this.codes.values()]
      .map(({ what, coding, count }) => ({
        what,
        system: coding.system,
        code: coding.code,
        display: (coding.display ?? '').slice(0, longestDisplay),
        count,
      }))
      .sort((a, b) => b.count - a.count || (orderOf(a) < orderOf(b) ? -1 : 1))
  }

  get notes(): Readonly<Record<string, number>> {
    return Object.fromEntries(inOrder(this.remarks))
  }
}

const inOrder = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([a], [b]) => (a === KEPT || (b !== KEPT && a < b) ? -1 : 1))

const orderOf = ({ what, system, code, display }: Unmapped): string => `${what} ${system} ${code} ${display}`
