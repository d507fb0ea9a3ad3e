/** A simulated region over a contract of three years and the three before it, of which each year of the term can be settled. */
import { DIED, LEFT, MEASURED } from '../../engine/assessment/assessment.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import type { Random } from '../../engine/kernel/random.ts'
import { Patient } from './patients.ts'
import {
  blankYear,
  DEATHS,
  INSURERS,
  LEAVERS,
  layoutOf,
  NEWCOMERS,
  practiceOf,
  shiftsOf,
  type Region,
  type RegionYear,
} from './region.ts'
import type { World } from './world.ts'

/** Years before the term, and those of it with a minus. */
const YEARS_BEFORE = [3, 2, 1, 0, -1, -2] as const
/** The first year of the term. */
const SIGNED = YEARS_BEFORE.indexOf(0)
const PLACEBO_YEARS = [1, 2, 3] as const

/** What happens to a patient in a year. */
interface PatientYear {
  /** of a reading 1, 2 and 3 years after its first day, as known on that day */
  readonly mean: readonly number[]
  readonly sd: readonly number[]
  readonly last: number
  /** a reading half a year on; NaN if there is none */
  readonly interim: number
  readonly realised: number
}

interface Life {
  readonly partner: number
  readonly practice: number
  readonly insurer: number
  readonly deprivation: number
  /** the year of the enrolment */
  readonly since: number
  /** the year in which the patient dies or leaves before the window opens; Infinity: in none */
  readonly gone: number
  readonly fate: typeof DIED | typeof LEFT
  readonly goneAfterDays: number
  readonly years: readonly PatientYear[]
}

/** A patient's index date is the first day of one year, its result lies at the end of another, or of the same. */
interface Row {
  readonly life: Life
  readonly index: number
  readonly result: number
}

/** The years of a term, each as a region that can be settled. */
export interface TermRegion {
  /** year n of the term, 0 the first: one index date for the whole term, and the result of year n */
  readonly inTerm: (n: number) => Region
  /** the same year as a contract of its own: the index date is its first day, and readings under the contract are known on it */
  readonly byYear: (n: number) => Region
}

/** As `regionOf`, but the contract lasts three years, and nobody is missing. Its effect is there in full from half a year after the index date and stays; every year
 *  draws its own shock, drift and year's results. In each year of the term one patient in a hundred dies and one leaves. */
export function termRegionOf(world: World, dice: Random): TermRegion {
  const layout = layoutOf(world, dice)
  const { panels, practices, effect, partnerIds, contractPartners, controlPartners } = layout
  const shifts = shiftsOf(world, practices, YEARS_BEFORE, dice)
  const lives = panels.flatMap((panel, partner) =>
    Array.from({ length: panel }, () => {
      const { own, practice } = practiceOf(layout, partner, dice)
      const shift = shifts.map((ofYear) => ofYear[partner]![own]!)
      return { ...lifeOf(effect[partner]!, shift, dice), partner, practice }
    }),
  )
  const regionWith = (rows: readonly Row[], yearsBehind: number): Region => ({
    partnerIds,
    contractPartners,
    controlPartners,
    effect,
    years: [
      yearOf(0, rows),
      // results that lie before the contract
      ...PLACEBO_YEARS.filter((t) => t > yearsBehind).map((t) =>
        yearOf(t, rowsOf(lives, SIGNED - t, SIGNED - t + yearsBehind)),
      ),
    ],
  })
  return {
    inTerm: (n) => regionWith(termRowsOf(lives, SIGNED + n), n),
    byYear: (n) => regionWith(rowsOf(lives, SIGNED + n, SIGNED + n), 0),
  }
}

/** A life without its place. */
function lifeOf(effect: number, shift: readonly number[], dice: Random): Omit<Life, 'partner' | 'practice'> {
  const patient = new Patient(dice)
  const since = dice.uniform() < NEWCOMERS ? dice.below(YEARS_BEFORE.length) : 0
  const signed = Math.max(SIGNED, since)
  const years = shift.map((ofYear, year) => {
    const [early, late] = [year > signed ? effect : year === signed ? effect / 2 : 0, year < signed ? 0 : effect]
    return yearLived(patient, { early, late, shift: ofYear })
  })
  let [gone, fate]: [number, Life['fate']] = [Infinity, LEFT]
  for (let year = signed; year < years.length && gone === Infinity; year++) {
    const draw = dice.uniform()
    if (draw < DEATHS + LEAVERS) [gone, fate] = [year, draw < DEATHS ? DIED : LEFT]
  }
  const { deprivation } = patient
  return { insurer: dice.below(INSURERS), deprivation, since, gone, fate, goneAfterDays: 1 + dice.below(240), years }
}

/** By how much readings are lower. */
interface Lower {
  /** by the contract, half a year on and at the end of the year: later expectations know it */
  readonly early: number
  readonly late: number
  /** by what moves the practice this year, which nobody sees */
  readonly shift: number
}

function yearLived(patient: Patient, { early, late, shift }: Lower): PatientYear {
  const mean = [1, 2, 3].map((years) => patient.expectedAfter(years))
  const sd = [1, 2, 3].map((years) => Math.sqrt(patient.expectedVarianceAfter(years)))
  const { last } = patient
  patient.halfYear()
  const between = patient.readsInBetween() ? patient.reading() - early : NaN
  if (!Number.isNaN(between)) patient.see(between)
  patient.halfYear()
  const reading = patient.reading() - late
  patient.see(reading)
  return { mean, sd, last, interim: between - shift / 2, realised: reading - shift }
}

/** Everybody enrolled on the first day of a year, and not gone by then. */
const rowsOf = (lives: readonly Life[], index: number, result: number): Row[] =>
  lives.filter(({ since, gone }) => since <= index && gone >= index).map((life) => ({ life, index, result }))

/** Everybody with an index date in the term so far: its first day, or that of the year of the enrolment. */
const termRowsOf = (lives: readonly Life[], result: number): Row[] =>
  lives.filter(({ since }) => since <= result).map((life) => ({ life, index: Math.max(SIGNED, life.since), result }))

function yearOf(yearsBefore: number, rows: readonly Row[]): RegionYear {
  const year = blankYear(yearsBefore, rows.length)
  rows.forEach(({ life, index, result }, row) => {
    const [began, ended] = [life.years[index]!, life.years[result]!]
    year.partner[row] = life.partner
    year.practice[row] = life.practice
    year.insurer[row] = life.insurer
    year.exposureDays[row] = life.gone > result ? 365 : life.gone === result ? life.goneAfterDays : 0
    year.status[row] = life.gone > result ? MEASURED : life.fate
    year.expected[row] = quantised(began.mean[result - index]!)
    year.expectedSd[row] = quantised(began.sd[result - index]!)
    year.deprivation[row] = life.deprivation
    year.last[row] = began.last
    year.interim[row] = ended.interim
    year.realised[row] = quantised(ended.realised)
  })
  return year
}
