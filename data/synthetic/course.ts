/** The visits of one synthetic patient and what they measured. */
import { epochDayOf, type EpochDay } from '../../engine/kernel/calendar.ts'
import { type Random, randomOf } from '../../engine/kernel/random.ts'
import { MEASURE_MODELS, type MeasureModel, totalSdOf } from './measures.ts'
import type { Person, Stay } from './person.ts'
import { type Practice, type Region, shiftOf, STREAM } from './region.ts'

export interface Reading {
  readonly measure: number
  readonly on: EpochDay
  readonly value: number
  readonly practice: Practice
}

/** Where a patient's course of a measure stood when it was last measured; NaN before the first time. */
interface Course {
  on: EpochDay
  deviation: number
}

export interface Visit {
  readonly on: EpochDay
  readonly stay: Stay
  readonly readings: readonly Reading[]
}

const visitGapDays = 124 // between visits of an average patient, with a gamma of shape 6 around it
const YEAR_DAYS = 365.25
const MONTH_DAYS = YEAR_DAYS / 12
const driftOrigin = epochDayOf('2023-07-01') // where the means of the measures hold

/** All visits of a patient, in order of day.
 *
 *  Worse people are seen sooner: the gap shrinks with the last HbA1c read (a hazard ratio of about 1.2 a standard
 *  deviation). It looks at that reading without what was planted, so that two regions of one seed have the same visits
 *  and differ by their effects alone. */
export function visitsOf(region: Region, seed: number, person: Person): Visit[] {
  const random = randomOf(seed, STREAM.course, person.index)
  const courses: Course[] = MEASURE_MODELS.map(() => ({ on: region.firstDay, deviation: Number.NaN }))
  const visits: Visit[] = []
  let worse = 0
  for (const [i, stay] of person.stays.entries()) {
    const until = Math.min(stay.endedOn, region.lastDay + 1)
    // A new patient is measured before it is enrolled; one that was there long ago is somewhere between two visits.
    let on =
      stay.startedOn > region.firstDay && i === 0
        ? Math.max(region.firstDay, stay.startedOn - random.below(40))
        : Math.max(region.firstDay, stay.startedOn) + random.below(visitGapDays)
    while (on < until) {
      const readings: Reading[] = []
      for (const [measure, model] of MEASURE_MODELS.entries()) {
        const course = courses[measure] as (typeof courses)[number]
        if (random.uniform() > chanceOf(model, person, on, course)) continue
        const plain = plainValueOf(measure, on, person, stay.practice, course, random)
        if (measure === 0) worse = Math.min(2, Math.max(-1.5, (plain - model.mean) / totalSdOf(model)))
        readings.push({
          measure,
          on,
          value: valueOf(region, measure, plain, on, stay, random),
          practice: stay.practice,
        })
      }
      visits.push({ on, stay, readings })
      const gap = visitGapDays * random.gamma(6) * person.visitGap * stay.practice.visitGap * Math.exp(-0.18 * worse)
      on += Math.max(7, Math.round(gap))
    }
  }
  return visits
}

/** The chance that a visit measures it: yearly checks come round, and lipids matter less to the very old. */
function chanceOf(model: MeasureModel, person: Person, on: EpochDay, course: Course): number {
  const due = Number.isNaN(course.deviation) || on - course.on >= model.dueDays
  const seldom = model.key === 'ldl' && person.birthYear < 1943 ? 0.6 : 1
  return (due ? model.whenDue : model.otherwise) * seldom
}

/** The reading as it would be had nothing been planted; moves the course to the day. */
function plainValueOf(
  measure: number,
  on: EpochDay,
  person: Person,
  practice: Practice,
  course: Course,
  random: Random,
): number {
  const model = MEASURE_MODELS[measure] as (typeof MEASURE_MODELS)[number]
  const kept = Number.isNaN(course.deviation) ? 0 : 2 ** (-(on - course.on) / (model.halfLifeMonths * MONTH_DAYS))
  const before = Number.isNaN(course.deviation) ? 0 : course.deviation
  course.deviation = kept * before + Math.sqrt(1 - kept * kept) * model.courseSd * random.normal()
  course.on = on
  return levelAt(measure, person, practice, on) + course.deviation + model.noiseSd * random.normal()
}

/** What the patient's readings of a measure vary around on a day, without anything planted. */
export function levelAt(measure: number, person: Person, practice: Practice, on: EpochDay): number {
  const model = MEASURE_MODELS[measure] as (typeof MEASURE_MODELS)[number]
  const drift = (model.driftPerYear * (on - driftOrigin)) / YEAR_DAYS
  return model.mean + (practice.level[measure] ?? 0) + (person.level[measure] ?? 0) + drift
}

function valueOf(region: Region, measure: number, plain: number, on: EpochDay, stay: Stay, random: Random): number {
  const model = MEASURE_MODELS[measure] as (typeof MEASURE_MODELS)[number]
  const trend = on > region.trendFrom ? (region.trend[measure] ?? 0) : 0
  const value = plain + trend + shiftOf(stay.practice, measure, on, stay.startedOn)
  const [lo, hi] = model.clamp
  return model.written(Math.min(hi, Math.max(lo, value)), random)
}
