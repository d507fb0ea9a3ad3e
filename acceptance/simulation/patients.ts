/** Patients with a latent level, readings with noise, and the exact conditional mean of the next one.
 *
 *  Twice a year the level steps: drift + N(0, STEP_VARIANCE); a reading is the level + N(0, NOISE_SD^2). What was to be expected
 *  of a reading a year from now is the scalar Kalman filter over every reading so far: the expectation under a known model.
 *  HbA1c in mmol/mol, after "World 1" of the simulations that the method was chosen by. */
import type { Random } from '../../engine/kernel/random.ts'

const MEAN = 58
const BETWEEN_SD = 9
const NOISE_VARIANCE = 16
const STEP_VARIANCE = 8
const STEP_SD = Math.sqrt(STEP_VARIANCE)
const NOISE_SD = Math.sqrt(NOISE_VARIANCE)
const DRIFT = 0.4
/** How much more the deprived worsen in half a year, per sd of deprivation; the model knows it. */
const DRIFT_OF_DEPRIVATION = 0.3
/** Yearly readings before the first index date. */
const EARLIER_READINGS = 2
const READ_IN_BETWEEN = 0.8

/** The sd of a residual after years of yearly readings: the unit of shifts and biases. */
export const RESIDUAL_SD = Math.sqrt(settledVariance() + 2 * STEP_VARIANCE + NOISE_VARIANCE)

/** One patient of the simulation, moved on from reading to reading. */
export class Patient {
  readonly deprivation: number
  /** the last two readings seen */
  last = NaN
  previous = NaN
  private level: number
  private estimate = MEAN
  private variance = BETWEEN_SD * BETWEEN_SD
  private readonly dice: Random

  constructor(dice: Random) {
    this.dice = dice
    this.deprivation = dice.normal()
    this.level = MEAN + BETWEEN_SD * dice.normal()
    this.see(this.reading())
    for (let year = 1; year < EARLIER_READINGS; year++) {
      this.halfYear()
      this.halfYear()
      this.see(this.reading())
    }
    this.halfYear()
    this.halfYear()
    this.see(this.reading())
  }

  /** mean and variance of a reading a year from now, given every reading so far */
  get expected(): number {
    return this.expectedAfter(1)
  }
  get expectedVariance(): number {
    return this.expectedVarianceAfter(1)
  }
  /** the same of a reading that many years from now */
  expectedAfter(years: number): number {
    return this.estimate + 2 * years * this.drift
  }
  expectedVarianceAfter(years: number): number {
    return this.variance + 2 * years * STEP_VARIANCE + NOISE_VARIANCE
  }

  /** A reading, whether or not anybody sees it. */
  reading(): number {
    return this.level + NOISE_SD * this.dice.normal()
  }

  halfYear(): void {
    this.level += this.drift + STEP_SD * this.dice.normal()
    this.estimate += this.drift
    this.variance += STEP_VARIANCE
  }

  /** Learns from a reading. */
  see(reading: number): void {
    const weight = this.variance / (this.variance + NOISE_VARIANCE)
    this.estimate += weight * (reading - this.estimate)
    this.variance *= 1 - weight
    this.previous = this.last
    this.last = reading
  }

  readsInBetween(): boolean {
    return this.dice.uniform() < READ_IN_BETWEEN
  }

  private get drift(): number {
    return DRIFT + DRIFT_OF_DEPRIVATION * this.deprivation
  }
}

/** The filter's variance of a level after many years of a reading a year. */
function settledVariance(): number {
  let variance = BETWEEN_SD * BETWEEN_SD
  for (let year = 0; year < 50; year++) {
    const before = year === 0 ? variance : variance + 2 * STEP_VARIANCE
    variance = (before * NOISE_VARIANCE) / (before + NOISE_VARIANCE)
  }
  return variance
}
