/** A programme of chronic care and the measures of its outcomes. */
import type { Inclusion, RecordKind } from './inclusion.ts'

export type Better = 'lower' | 'higher' | 'window'

/** value_in_unit = scale * x + offset */
export interface Conversion {
  readonly scale: number
  readonly offset: number
}

export interface Title {
  readonly nl: string
  readonly en: string
}

/** One measure: its unit, which way is better, and what is plausible; `mcid` is the minimal clinically important difference, in the unit. */
export interface Measure {
  readonly key: string
  readonly title: Title
  readonly unit: string
  readonly better: Better
  readonly plausible: readonly [number, number]
  /** of a score, a class or a count: values lie on plausible[0] + k * step, and nowhere else */
  readonly step?: number
  readonly mcid?: number
  readonly codes: Readonly<Record<string, readonly string[]>>
  readonly convert: Readonly<Record<string, Conversion>>
}

export interface Programme {
  readonly programme: string
  readonly title: Title
  readonly conditions: Readonly<Record<string, readonly string[]>>
  /** in the order of the YAML */
  readonly measures: readonly Measure[]
  /** who counts in it; absent: whoever is enrolled, the GP as main practitioner */
  readonly inclusion?: Inclusion
  /** what is registered in it and is no outcome */
  readonly records?: readonly RecordKind[]
}

/** Whether a value lies on its measure's lattice, but for the rounding of decimals and conversions: a millionth of a step. */
export function liesOnLattice(value: number, low: number, step: number): boolean {
  const steps = (value - low) / step
  return Math.abs(steps - Math.round(steps)) <= 1e-6
}

/** The measure as which what is registered stands among the observations: it has no unit, and no programme pays for it. */
export const registeredAs = ({ key, title, plausible, codes }: RecordKind): Measure => ({
  key,
  title,
  unit: '{record}',
  better: 'higher',
  plausible,
  codes,
  convert: {},
})
