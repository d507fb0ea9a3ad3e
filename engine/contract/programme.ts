/** A programme of chronic care and the measures of its outcomes. */

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
}
