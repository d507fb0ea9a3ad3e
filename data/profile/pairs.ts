/** Pairs of readings that cannot both be right: pressures the wrong way round, and jumps within a few days. */
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import type { Measure } from '../../engine/contract/programme.ts'
import { byBytes } from '../columns/text-order.ts'
import type { PatientReadings } from './readings.ts'
import type { Series } from './series.ts'
import type { PairFigures } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

/** Pairs of one rule, measure and partner. */
interface Tally {
  pairs: number
  patients: number
  latest: number
}

/** By measure's and partner's place. */
type Tallies = Tally[][]

export class Pairs {
  private readonly swapped: Tallies
  private readonly jumped: Tallies
  /** places; -1: the region has no such measure */
  private readonly upper: number
  private readonly lower: number
  /** the largest plausible difference of two consecutive readings, by measure's place: a multiple of the standard deviation of such a difference in a
   *  stable patient; null: any distance */
  private readonly apart: readonly (number | null)[]

  /** @param measures by place
   *  @param partners by place; it may grow */
  constructor(
    private readonly measures: readonly Measure[],
    private readonly partners: readonly string[],
    private readonly suspicions: Suspicions,
  ) {
    const { swapped, jump, measures: usual } = suspicions
    this.upper = measures.findIndex(({ key }) => key === swapped.upper)
    this.lower = measures.findIndex(({ key }) => key === swapped.lower)
    this.apart = measures.map(({ key }) => {
      const sd = usual.get(key)?.withinSd ?? null
      return sd === null ? null : jump.standardDeviations * Math.SQRT2 * sd
    })
    this.swapped = measures.map(() => [])
    this.jumped = measures.map(() => [])
  }

  readonly take = ({ patient, series }: PatientReadings): void => {
    const [upper, lower] = [series[this.upper], series[this.lower]]
    if (upper && lower && mayBeSwapped(upper, lower)) this.takeSwapped(patient, upper, lower)
    for (let measure = 0; measure < series.length; measure++) {
      const apart = this.apart[measure]!
      if (apart !== null && series[measure]!.rows > 1) this.takeJumps(patient, measure, series[measure]!, apart)
    }
  }

  figures(): PairFigures[] {
    const figuresOf = (rule: PairFigures['rule'], tallies: Tallies): PairFigures[] =>
      tallies.flatMap((ofPartners, measure) =>
        ofPartners
          .flatMap(({ pairs, patients }, place) => [
            { rule, measure: this.measures[measure]!.key, partner: this.partners[place]!, pairs, patients },
          ])
          .sort((a, b) => byBytes(a.partner, b.partner)),
      )
    return [...figuresOf('swapped_pressures', this.swapped), ...figuresOf('jump', this.jumped)]
  }

  /** Days on which every upper pressure lies below every lower one. */
  private takeSwapped(patient: number, upper: Series, lower: Series): void {
    const highest = new Map<EpochDay, number>()
    for (let at = 0; at < upper.rows; at++) highest.set(upper.days[at]!, upper.values[at]!) // ascending, so the last is the highest
    for (let at = 0; at < lower.rows; at++) {
      const day = lower.days[at]!
      const first = at === 0 || lower.days[at - 1] !== day
      if (first && (highest.get(day) ?? Infinity) < lower.values[at]!)
        tally(this.swapped[this.upper]!, firstPartner(day, [upper, lower], this.partners), patient)
    }
  }

  /** Consecutive readings within a few days that differ too much. */
  private takeJumps(patient: number, measure: number, { rows, days, values, partners }: Series, apart: number): void {
    const { withinDays } = this.suspicions.jump
    for (let at = 1; at < rows; at++)
      if (days[at]! - days[at - 1]! <= withinDays && Math.abs(values[at]! - values[at - 1]!) > apart)
        tally(this.jumped[measure]!, partners[at]!, patient)
  }
}

/** A cheap test that excludes nearly every patient: whether the highest lower pressure exceeds the lowest upper one. */
function mayBeSwapped(upper: Series, lower: Series): boolean {
  let least = Infinity
  for (let at = 0; at < upper.rows; at++) if (upper.values[at]! < least) least = upper.values[at]!
  for (let at = 0; at < lower.rows; at++) if (lower.values[at]! > least) return true
  return false
}

/** The partner, by place, that comes first by name among the readings of a day. */
function firstPartner(day: EpochDay, series: readonly Series[], names: readonly string[]): number {
  let found = -1
  for (const { rows, days, partners } of series)
    for (let at = 0; at < rows; at++)
      if (days[at] === day && (found < 0 || byBytes(names[partners[at]!]!, names[found]!) < 0)) found = partners[at]!
  return found
}

function tally(tallies: Tally[], partner: number, patient: number): void {
  const of = (tallies[partner] ??= { pairs: 0, patients: 0, latest: -1 })
  of.pairs++
  if (of.latest !== patient) of.patients++
  of.latest = patient
}
