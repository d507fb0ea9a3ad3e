/** One synthetic patient: characteristics, enrolment, and end of enrolment. */
import { addYears, dayOf, epochDayOf, type EpochDay, NEVER } from '../../engine/kernel/calendar.ts'
import { type Random, randomOf } from '../../engine/kernel/random.ts'
import { MEASURE_MODELS, type MeasureModel } from './measures.ts'
import { type Practice, practiceAt, type Region, STREAM } from './region.ts'

/** An enrolment in the programme; half-open, endedOn NEVER while it lasts. */
export interface Stay {
  readonly practice: Practice
  readonly startedOn: EpochDay
  readonly endedOn: EpochDay
  readonly endReason: string
  readonly mainPractitioner: string
}

export interface Person {
  readonly index: number
  readonly patientId: string
  readonly birthYear: number
  readonly sex: 'm' | 'f' | 'x'
  readonly postcode4: number
  readonly insurer: string
  readonly diagnosedOn: EpochDay
  readonly diedOn: EpochDay
  readonly stays: readonly Stay[]
  readonly frailty: number
  /** the person's own deviation by measure, in the unit */
  readonly level: Float64Array
  /** times between visits, against the average */
  readonly visitGap: number
}

/** UZOVI codes with their part of the patients. */
export const INSURERS: readonly (readonly [string, number])[] = [
  ['7095', 0.36],
  ['3311', 0.22],
  ['9664', 0.16],
  ['7085', 0.12],
  ['3332', 0.09],
  ['7029', 0.05],
]

const YEAR_DAYS = 365.25
// A year's chances of leaving, of the size that Dutch care groups see.
const hazards = [
  ['moved', 0.025],
  ['specialist', 0.015],
  ['declined', 0.01],
  ['other', 0.005],
] as const
const joinsLater = 0.22 // part of all patients that are enrolled after the first day
const deathAt72 = 0.034 // a year, doubling every 8.5 years of age
const deathDoublingYears = 8.5

/** The patient with an index, the same whatever else the region holds.
 *  @param index from 0, in the order of the files */
export function personOf(region: Region, seed: number, index: number): Person {
  const random = randomOf(seed, STREAM.person, index)
  const practice = region.practices[practiceAt(region, random.uniform())] as Practice
  const later = random.uniform() < joinsLater
  const joined = later
    ? region.firstDay + 1 + random.below(region.lastDay - region.firstDay - 30)
    : region.firstDay - Math.floor(365 * 14 * random.uniform() ** 2)
  const ageJoined = Math.min(92, Math.max(32, (later ? 62 : 67) + 11 * random.normal()))
  const birthYear = Number(dayOf(Math.max(joined, region.firstDay)).slice(0, 4)) - Math.round(ageJoined)
  const woman = random.uniform() < 0.45
  const frailty = random.normal()
  const diedOn = deathOf(region, random, ageJoined, frailty, Math.max(joined, region.firstDay))
  const age = (epochDayOf('2023-01-01') - epochDayOf(`${birthYear}-07-01`)) / YEAR_DAYS
  return {
    index,
    patientId: `s${String(index + 1).padStart(7, '0')}`,
    birthYear,
    sex: random.uniform() < 0.002 ? 'x' : woman ? 'f' : 'm',
    postcode4: practice.postcode4 + random.below(6),
    insurer: insurerAt(random.uniform()),
    diagnosedOn: joined - 5 - random.below(later ? 40 : 700),
    diedOn,
    stays: staysOf(region, random, practice, joined, diedOn),
    frailty,
    level: Float64Array.from(MEASURE_MODELS, (model) =>
      levelOf(model, random, (age - 66) / 11, woman ? 1 : -1, frailty),
    ),
    // One patient in twenty is seldom measured.
    visitGap: Math.exp(0.2 * random.normal()) * (random.uniform() < 0.05 ? 2.5 : 1),
  }
}

function insurerAt(x: number): string {
  let sum = 0
  for (const [insurer, share] of INSURERS) if ((sum += share) >= x) return insurer
  return '7029'
}

/** Gompertz from the given age on: the hazard doubles every 8.5 years, and with two and a half sd of frailty. */
function deathOf({ lastDay }: Region, random: Random, age: number, frailty: number, from: EpochDay): EpochDay {
  const slope = Math.LN2 / deathDoublingYears
  const hazard = deathAt72 * Math.exp(slope * (age - 72) + 0.28 * frailty)
  const years = Math.log(1 + (random.exponential() * slope) / hazard) / slope
  const on = from + 1 + Math.floor(years * YEAR_DAYS)
  return on <= lastDay ? on : NEVER
}

function staysOf(region: Region, random: Random, practice: Practice, joined: EpochDay, diedOn: EpochDay): Stay[] {
  const first = stayOf(region, random, practice, joined, Math.max(joined, region.firstDay), diedOn)
  if (first.endReason !== 'moved' || random.uniform() > 0.4) return [first]
  // Within the region: the programme goes on in another practice.
  const again = first.endedOn + 1 + random.below(60)
  if (again > region.lastDay || again >= diedOn) return [first]
  const next = region.practices[practiceAt(region, random.uniform())] as Practice
  return [first, stayOf(region, random, next, again, again, diedOn)]
}

function stayOf(
  { lastDay }: Region,
  random: Random,
  practice: Practice,
  startedOn: EpochDay,
  from: EpochDay,
  diedOn: EpochDay,
): Stay {
  let [endedOn, endReason] = [diedOn, diedOn === NEVER ? '' : 'died']
  for (const [reason, hazard] of hazards) {
    const on = from + 1 + Math.floor((random.exponential() / hazard) * YEAR_DAYS)
    if (on < endedOn && on <= lastDay) [endedOn, endReason] = [on, reason]
  }
  const u = random.uniform()
  const mainPractitioner = u < 0.03 ? 'specialist' : u < 0.04 ? 'none' : 'gp'
  return { practice, startedOn, endedOn, endReason, mainPractitioner }
}

const tail = 0.45 // sd of the logarithm of a skewed measure's upper tail

function levelOf(model: MeasureModel, random: Random, age: number, woman: number, frailty: number): number {
  const own = random.normal()
  const explained = model.age * age + model.woman * woman + model.frailty * frailty
  const rest = Math.sqrt(1 - model.age ** 2 - model.woman ** 2 - model.frailty ** 2)
  // A log-normal of mean 0 and variance 1.
  const long = (Math.exp(tail * own - tail ** 2 / 2) - 1) / Math.sqrt(Math.exp(tail ** 2) - 1)
  return model.personSd * (explained + rest * (model.skewed ? long : own))
}

/** The stay whose index date lies in the contract's year, with that date: the later of its first day and the start. */
export function indexStayOf(person: Person, start: EpochDay): { stay: Stay; indexOn: EpochDay } | undefined {
  const end = epochDayOf(addYears(dayOf(start), 1))
  for (const stay of person.stays) {
    const indexOn = Math.max(start, stay.startedOn)
    // Only the first enrolment that gives a date counts, also where it bars the patient (method.md 1).
    if (indexOn < end && indexOn < stay.endedOn) return stay.mainPractitioner === 'gp' ? { stay, indexOn } : undefined
  }
  return undefined
}
