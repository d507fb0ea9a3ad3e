/** A simulated region: partners with practices and patients, three years before a contract and the contract year. */
import { MEASURED, MISSING, DIED, LEFT } from '../../engine/assessment/assessment.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import type { Random } from '../../engine/kernel/random.ts'
import { chance, measuredLogitOf, type MeasuredLogit } from './missing.ts'
import { Patient, RESIDUAL_SD } from './patients.ts'
import type { World } from './world.ts'

/** One year of a region; a row per patient, ascending by patient. */
export interface RegionYear {
  readonly yearsBefore: number
  readonly partner: Int32Array
  readonly practice: Int32Array
  readonly insurer: Int32Array
  readonly exposureDays: Int32Array
  readonly status: Uint8Array
  /** mean and sd of what was to be expected, in the measure's unit */
  readonly expected: Float64Array
  readonly expectedSd: Float64Array
  readonly deprivation: Float64Array
  /** the last reading on the index date */
  readonly last: Float64Array
  /** a reading between index date and window; NaN if there is none */
  readonly interim: Float64Array
  /** the reading at the horizon, whether or not anybody sees it */
  readonly realised: Float64Array
}

export interface Region {
  /** partners of the contract, then controls, then practices */
  readonly partnerIds: readonly string[]
  readonly contractPartners: readonly number[]
  readonly controlPartners: readonly number[]
  /** the true effect of the contract on each partner's patients, per index of `partnerIds` */
  readonly effect: Float64Array
  /** the contract year first */
  readonly years: readonly RegionYear[]
}

/** Whether a patient is enrolled in the contract year, by what anybody can see on the index date. */
export type Enrols = (patient: Patient) => boolean

/** Practices of the partners of a region with 1 to 40 of them. */
const PRACTICES_MIXED = [1, 40, 2, 26, 3, 16, 5, 33, 8, 20, 1, 12] as const
const YEARS_BEFORE = [3, 2, 1, 0] as const
export const INSURERS = 3
export const NEWCOMERS = 0.1
/** share of patients that die in the contract year before their window opens, whoever they are */
export const DEATHS = 0.01
export const LEAVERS = 0.01
const NOT_ENROLLED = -1

/** Who is there, before anybody falls ill. */
export interface Layout {
  readonly panels: readonly number[]
  /** practices of each partner, and the index of its first one in `partnerIds` */
  readonly practices: readonly number[]
  readonly offsets: readonly number[]
  readonly effect: Float64Array
  readonly partnerIds: readonly string[]
  readonly contractPartners: readonly number[]
  readonly controlPartners: readonly number[]
}

export function layoutOf(world: World, dice: Random): Layout {
  const number = world.partners + world.controls
  const panels = Array.from({ length: number }, () => panelOf(world, dice))
  const practices = panels.map((panel, p) => practicesOf(world, panel, p))
  const offsets = practices.map((_, p) => number + sum(practices.slice(0, p)))
  const effect = new Float64Array(number + sum(practices))
  for (let p = 0; p < world.partners; p++) effect[p] = world.effectMean + world.effectSd * dice.normal()
  return {
    panels,
    practices,
    offsets,
    effect,
    partnerIds: [
      ...panels.map((_, p) => `p${String(p).padStart(4, '0')}`),
      ...Array.from({ length: sum(practices) }, (_, g) => `q${String(g).padStart(5, '0')}`),
    ],
    contractPartners: Array.from({ length: world.partners }, (_, p) => p),
    controlPartners: Array.from({ length: world.controls }, (_, c) => world.partners + c),
  }
}

/** The practice of one more patient, and its index among those of the partner; the larger practices are drawn more often. */
export function practiceOf({ practices, offsets }: Layout, partner: number, dice: Random) {
  const own = Math.floor(practices[partner]! * dice.uniform() ** 1.3)
  return { own, practice: practices[partner] === 1 ? partner : offsets[partner]! + own }
}

/** @param enrols which patients the contract's partners enrol; default: all */
export function regionOf(world: World, dice: Random, enrols?: Enrols): Region {
  const layout = layoutOf(world, dice)
  const { panels, practices, effect, partnerIds, contractPartners, controlPartners } = layout
  const shifts = shiftsOf(world, practices, YEARS_BEFORE, dice, effect)
  const years = YEARS_BEFORE.map((before): YearInMaking => ({ ...blankYear(before, sum(panels)), rows: 0 }))
  const logit = measuredLogitOf(world.missingShare)
  for (let p = 0; p < panels.length; p++) {
    const chooses = p < world.partners ? enrols : undefined
    for (let i = 0; i < panels[p]!; i++) {
      const { own, practice } = practiceOf(layout, p, dice)
      const patient = new Patient(dice)
      const since = dice.uniform() < NEWCOMERS ? dice.below(YEARS_BEFORE.length) : 0
      for (let at = 0; at < years.length; at++) {
        const year = years[at]!
        const enrolled = at >= since && (year.yearsBefore > 0 || chooses === undefined || chooses(patient))
        const row = enrolled ? year.rows++ : NOT_ENROLLED
        live(patient, shifts[at]![p]![own]!, logit, dice, year, row)
        if (row === NOT_ENROLLED) continue
        year.partner[row] = p
        year.practice[row] = practice
      }
    }
  }
  return { partnerIds, contractPartners, controlPartners, effect, years: years.map(filled).reverse() }
}

/** A year of a patient's life, and a row of it unless the row is NOT_ENROLLED. */
function live(
  patient: Patient,
  shift: number,
  logit: MeasuredLogit | null,
  dice: Random,
  year: YearInMaking,
  row: number,
): void {
  const { expected, expectedVariance, last, deprivation } = patient
  patient.halfYear()
  const interim = patient.readsInBetween() ? patient.reading() : NaN
  if (interim === interim) patient.see(interim)
  patient.halfYear()
  const reading = patient.reading()
  const shownInterim = interim - shift / 2
  const measured =
    logit === null || dice.uniform() < chance(logit(deprivation, last - expected, shownInterim - expected))
  if (measured) patient.see(reading)
  if (row === NOT_ENROLLED) return
  const fate = year.yearsBefore === 0 ? dice.uniform() : 1
  const gone = fate < DEATHS + LEAVERS
  year.status[row] = fate < DEATHS ? DIED : gone ? LEFT : measured ? MEASURED : MISSING
  year.insurer[row] = dice.below(INSURERS)
  year.exposureDays[row] = gone ? 1 + dice.below(240) : 365
  year.expected[row] = quantised(expected)
  year.expectedSd[row] = quantised(Math.sqrt(expectedVariance))
  year.deprivation[row] = deprivation
  year.last[row] = last
  year.interim[row] = shownInterim
  year.realised[row] = quantised(reading - shift)
}

/** The effect on the health of a practice's patients in a year, [year][partner][practice], the furthest year first.
 *  @param yearsBefore descending by one; 0 and below are years of the contract
 *  @param effect of the contract, per partner; default: none */
export function shiftsOf(
  world: World,
  practices: readonly number[],
  yearsBefore: readonly number[],
  dice: Random,
  effect?: Float64Array,
): number[][][] {
  const practiceSd = RESIDUAL_SD * Math.sqrt(world.practiceIcc)
  const lasting = practices.map((m) => Array.from({ length: m }, () => practiceSd * dice.normal()))
  const mix = practices.map(() => world.caseMixSd * dice.normal())
  return yearsBefore.map((before, year) => {
    const everybody = (before <= 0 ? world.trendSd : 0.1 * dice.normal()) * RESIDUAL_SD
    return practices.map((m, p) => {
      if (year > 0) mix[p]! += world.driftSd * dice.normal()
      // nothing is drawn where there is none, so that other worlds keep their dice
      const shock = world.shockSd > 0 ? world.shockSd * RESIDUAL_SD * dice.normal() : 0
      const partner = everybody + mix[p]! + shock + (before <= 0 ? (effect?.[p] ?? 0) : 0)
      return Array.from(
        { length: m },
        (_, g) => partner + (world.practiceLasting ? lasting[p]![g]! : practiceSd * dice.normal()),
      )
    })
  })
}

const panelOf = ({ panel, panelSpread }: World, dice: Random): number =>
  Math.max(5, Math.round(panel * Math.exp(panelSpread * dice.normal())))

const practicesOf = ({ practices }: World, panel: number, partner: number): number => {
  const wanted = practices === 'mixed' ? PRACTICES_MIXED[partner % PRACTICES_MIXED.length]! : practices
  return Math.max(1, Math.min(wanted, Math.floor(panel / 3)))
}

const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0)

/** Columns that are filled row by row. */
type YearInMaking = RegionYear & { rows: number }

/** The columns of a year with room for so many rows, to be filled. */
export const blankYear = (yearsBefore: number, rows: number): RegionYear => ({
  yearsBefore,
  partner: new Int32Array(rows),
  practice: new Int32Array(rows),
  insurer: new Int32Array(rows),
  exposureDays: new Int32Array(rows),
  status: new Uint8Array(rows),
  expected: new Float64Array(rows),
  expectedSd: new Float64Array(rows),
  deprivation: new Float64Array(rows),
  last: new Float64Array(rows),
  interim: new Float64Array(rows),
  realised: new Float64Array(rows),
})

/** The rows that were filled. */
const filled = ({ rows, ...year }: YearInMaking): RegionYear => ({
  yearsBefore: year.yearsBefore,
  partner: year.partner.subarray(0, rows),
  practice: year.practice.subarray(0, rows),
  insurer: year.insurer.subarray(0, rows),
  exposureDays: year.exposureDays.subarray(0, rows),
  status: year.status.subarray(0, rows),
  expected: year.expected.subarray(0, rows),
  expectedSd: year.expectedSd.subarray(0, rows),
  deprivation: year.deprivation.subarray(0, rows),
  last: year.last.subarray(0, rows),
  interim: year.interim.subarray(0, rows),
  realised: year.realised.subarray(0, rows),
})
