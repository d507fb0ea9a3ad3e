/** The distribution of each measure's readings: counts, quantiles, last digits, and how many are unusual. */
import type { Measure } from '../../engine/contract/programme.ts'
import { byBytes } from '../columns/text-order.ts'
import type { PatientReadings } from './readings.ts'
import type { Series } from './series.ts'
import type { MeasureFigures, Spread } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

/** The step to which values of a measure are rounded, and its usual range. */
interface Grid {
  readonly step: number
  /** whether the step is the measure's own: then last digits are counted */
  readonly own: boolean
  readonly usual: readonly [number, number]
}

/** Counts of one measure with one partner, or with all. */
class Tally {
  readings = 0
  unusual = 0
  patients = 0
  readonly digits = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  private latest = -1

  countPatient(patient: number): void {
    if (patient !== this.latest) this.patients++
    this.latest = patient
  }
}

/** The readings of one measure. */
class MeasureSpread {
  readonly all = new Tally()
  /** by place */
  readonly partners: (Tally | undefined)[] = []
  /** readings by value, in steps */
  private readonly steps = new Map<number, number>()

  constructor(
    readonly measure: Measure,
    readonly grid: Grid,
  ) {}

  take(patient: number, { rows, values, partners }: Series): void {
    const { step, usual } = this.grid
    this.all.countPatient(patient)
    for (let at = 0; at < rows; at++) {
      const value = values[at]!
      const steps = roundHalfEven(value / step)
      this.steps.set(steps, (this.steps.get(steps) ?? 0) + 1)
      const tally = (this.partners[partners[at]!] ??= new Tally())
      tally.countPatient(patient)
      tally.readings++
      if (value < usual[0] || value > usual[1]) tally.unusual++
      if (Math.abs(value - steps * step) < 1e-6) tally.digits[Math.abs(steps) % 10]!++
    }
  }

  /** Values at 5, 50 and 95% of the readings. */
  get quantiles(): [number, number, number] | null {
    const ascending = [...this.steps].sort(([a], [b]) => a - b)
    const total = ascending.reduce((sum, [, readings]) => sum + readings, 0)
    if (total === 0) return null
    const at = (share: number): number => {
      let cumulative = 0
      const found = ascending.find(([, readings]) => (cumulative += readings) >= share * total)
      return Number(((found?.[0] ?? 0) * this.grid.step).toPrecision(6))
    }
    return [at(0.05), at(0.5), at(0.95)]
  }
}

const coarse = 200 // steps over the plausible range of a measure without a step

/** The distribution of every measure, per partner and over all partners. */
export class Spreads {
  private readonly of: readonly MeasureSpread[]

  /** @param measures by place */
  constructor(measures: readonly Measure[], suspicions: Suspicions) {
    this.of = measures.map((measure) => new MeasureSpread(measure, gridOf(measure, suspicions)))
  }

  readonly take = ({ patient, series }: PatientReadings): void => {
    for (let measure = 0; measure < series.length; measure++)
      if (series[measure]!.rows > 0) this.of[measure]!.take(patient, series[measure]!)
  }

  /** @param partners by place */
  spreads(partners: readonly string[]): Spread[] {
    return this.of.flatMap(({ measure, grid, partners: tallies }) =>
      tallies
        .flatMap((tally, place) => (tally ? [{ tally, partner: partners[place]! }] : []))
        .sort((a, b) => byBytes(a.partner, b.partner))
        .map(({ tally, partner }) => ({ ...figuresOf(measure, grid, tally), partner })),
    )
  }

  measures(): Omit<MeasureFigures, 'units'>[] {
    return this.of.flatMap(({ measure, grid, all, partners, quantiles }) => {
      if (quantiles === null) return []
      for (const tally of partners) if (tally) join(all, tally)
      return [{ ...figuresOf(measure, grid, all), unit: measure.unit, step: grid.own ? grid.step : null, quantiles }]
    })
  }
}

function gridOf({ key, plausible }: Measure, suspicions: Suspicions): Grid {
  const known = suspicions.measures.get(key)
  const usual = known?.usual ?? plausible
  if (known?.step) return { step: known.step, own: true, usual }
  return { step: (plausible[1] - plausible[0]) / coarse, own: false, usual }
}

const figuresOf = ({ key }: Measure, { own }: Grid, { readings, patients, unusual, digits }: Tally) => ({
  measure: key,
  readings,
  patients,
  unusual,
  digits: own ? digits : null,
})

function join(all: Tally, { readings, unusual, digits }: Tally): void {
  all.readings += readings
  all.unusual += unusual
  for (const [digit, count] of digits.entries()) all.digits[digit]! += count
}

/** Rounds to the nearest whole number, ties to even. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x)
  const over = x - below
  if (over !== 0.5) return over < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}
