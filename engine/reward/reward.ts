/** What an insurer rewards in a year: who is looked at, and by which rules. */
import type { Eur } from '../kernel/money.ts'

/** What a provider shows that it does with the quality of its care; each of the three is needed. */
export const EFFORTS = ['measures', 'acts', 'transparent'] as const
export type Effort = (typeof EFFORTS)[number]

export interface Provider {
  readonly partner: string
  /** of the year, from contracts made by hand */
  readonly turnoverEur: Eur
  readonly efforts: Readonly<Record<Effort, boolean>>
  /** of multiple complex problems (EPA) only integrated institutions take care */
  readonly integrated: boolean
  /** share of highly specialised care by the visitation of TOPGGz; null: none */
  readonly topggzShare: number | null
  /** clients agreed for the year, by setting and mono or multi: `outpatient multi` */
  readonly agreed: Readonly<Record<string, number>>
}

/** A learning network, and who owns each of its institutions. */
export interface Network {
  readonly id: string
  readonly members: readonly { readonly partner: string; readonly owner: string }[]
}

export interface Reward {
  readonly reward: string
  readonly insurer: string
  readonly year: number
  readonly rules: {
    /** strictly above it */
    readonly turnoverAboveEur: Eur
    /** institutions of which no two share an owner */
    readonly networkAtLeast: number
    readonly instruments: readonly string[]
    readonly indications: readonly string[]
  }
  /** what ROM is measured by, and which way is better */
  readonly rom: { readonly measure: string; readonly better: 'lower' | 'higher' }
  readonly providers: readonly Provider[]
  readonly networks: readonly Network[]
}

/** Groups below this many are not shown. */
export const LEAST_SHOWN = 10
