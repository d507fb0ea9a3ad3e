/** The rows of one synthetic patient, as lines of the files of a dataset. */
import { dayOf, type EpochDay, NEVER } from '../../engine/kernel/calendar.ts'
import { type Random, randomOf } from '../../engine/kernel/random.ts'
import type { Visit } from './course.ts'
import { MEASURE_MODELS } from './measures.ts'
import type { Person } from './person.ts'
import { HOSPITAL, LABORATORY, type Region, STREAM } from './region.ts'

const days = new Map<EpochDay, string>()
/** The day as text; the few thousand days that occur are written once. */
export function iso(on: EpochDay): string {
  let text = days.get(on)
  if (text === undefined) days.set(on, (text = dayOf(on)))
  return text
}
const isoOrNone = (on: EpochDay): string => (on === NEVER ? '' : iso(on))

export const HEADERS = {
  'partners.csv': 'partner_id,name,kind,agb,member_of',
  'patients.csv': 'patient_id,birth_year,sex,postcode4,insurer,died_on',
  'enrolments.csv': 'patient_id,programme,partner_id,started_on,ended_on,end_reason,main_practitioner',
  'observations.csv': 'patient_id,measure,observed_on,value,unit,partner_id',
  'conditions.csv': 'patient_id,code_system,code,onset_on,resolved_on',
  'medications.csv': 'patient_id,atc,started_on,ended_on',
  'claims.csv': 'claim_id,patient_id,partner_id,performed_on,code,quantity,amount_eur,setting',
  'quality.csv': 'partner_id,gate,value,period,evidence',
  'truth.csv': 'patient_id,partner_id,practice_id,measure,index_on,effect,effect_gain,trend,level',
} as const

export const patientLine = (person: Person): string =>
  `${person.patientId},${person.birthYear},${person.sex},${person.postcode4},${person.insurer},${isoOrNone(person.diedOn)}\n`

export function enrolmentLines(person: Person): string {
  let lines = ''
  for (const { practice, startedOn, endedOn, endReason, mainPractitioner } of person.stays) {
    const rest = `${practice.partnerId},${iso(startedOn)},${isoOrNone(endedOn)},${endReason},${mainPractitioner}\n`
    lines += `${person.patientId},dm2,${rest}`
  }
  return lines
}

/** The readings, with a few thousandths of what goes wrong in real files: HbA1c in percent, 0 for "not measured", a
 *  lost decimal point, a row sent twice, a date in Dutch order. None of it dates a row after the last day, which
 *  would move the day the delivery is known from. */
export function observationLines(person: Person, visits: readonly Visit[], seed: number): string {
  const random = randomOf(seed, STREAM.dirt, person.index)
  let lines = ''
  for (const { readings } of visits)
    for (const { measure, on, value, practice } of readings) {
      const model = MEASURE_MODELS[measure] as (typeof MEASURE_MODELS)[number]
      const by = model.laboratory ? LABORATORY : practice.partnerId
      const line = (value: string, unit = model.unit, date = iso(on)): string =>
        `${person.patientId},${model.key},${date},${value},${unit},${by}\n`
      const u = random.uniform()
      if (u > 0.007) lines += line(String(value))
      else if (u < 0.002)
        lines += model.key === 'hba1c' ? line(((value + 23.5) / 10.93).toFixed(1), '%') : line(String(value))
      else if (u < 0.0045) lines += line('0')
      else if (u < 0.0055) lines += line(String(Math.round(value * 100)))
      else if (u < 0.0065) lines += line(String(value)).repeat(2)
      else lines += line(String(value), model.unit, iso(on).split('-').toReversed().join('-'))
    }
  return lines
}

// Code, chance, and what a standard deviation of frailty adds to its log-odds.
const comorbidities = [
  ['K86', 0.6, 0],
  ['T93', 0.4, 0],
  ['K74', 0.12, 0.3],
  ['K90', 0.08, 0.3],
  ['K77', 0.06, 0.6],
  ['K78', 0.09, 0.4],
  ['R95', 0.08, 0.4],
  ['P76', 0.1, 0.2],
  ['U99.01', 0.2, 0.5],
] as const

/** The episodes, type 2 diabetes first. */
export function conditionLines({ lastDay }: Region, person: Person, seed: number): string {
  const random = careRandom(person, seed, 0)
  let lines = `${person.patientId},ICPC-1,T90.02,${iso(person.diagnosedOn)},\n`
  for (const [code, chance, frail] of comorbidities) {
    const odds = (chance / (1 - chance)) * Math.exp(frail * person.frailty)
    if (random.uniform() >= odds / (1 + odds)) continue
    const onset = person.diagnosedOn - 1500 + random.below(3000)
    if (onset < Math.min(lastDay, person.diedOn)) lines += `${person.patientId},ICPC-1,${code},${iso(onset)},\n`
  }
  return lines
}

/** Medication: the higher the person's own HbA1c, the further up the steps of treatment. */
export function medicationLines({ lastDay }: Region, person: Person, seed: number): string {
  const random = careRandom(person, seed, 1)
  const high = (person.level[0] ?? 0) / 7.5
  const until = Math.min(lastDay, person.diedOn)
  let lines = ''
  const taken = (atc: string, chance: number, pull: number): void => {
    const odds = (chance / (1 - chance)) * Math.exp(pull)
    const started = person.diagnosedOn + random.below(1200)
    const stops = random.uniform() < 0.08 ? started + 200 + random.below(900) : NEVER
    if (random.uniform() < odds / (1 + odds) && started < until)
      lines += `${person.patientId},${atc},${iso(started)},${stops < until ? iso(stops) : ''}\n`
  }
  taken('A10BA02', 0.75, 0)
  taken('A10BB09', 0.3, 0.5 * high)
  taken('A10BK03', 0.1, 0.3 * high)
  taken('A10AE04', 0.15, 0.9 * high)
  taken('C09AA02', 0.55, 0)
  taken('C07AB02', 0.3, 0)
  taken('C10AA05', 0.65, 0)
  return lines
}

const firstClaim = 19723 // 2024-01-01: the contract's year and the one before it

/** The declarations: what each visit was charged as, the laboratory's work, and now and then the hospital. */
export function claimLines(
  { lastDay }: Region,
  person: Person,
  visits: readonly Visit[],
  seed: number,
  firstNumber: number,
): Claims {
  const random = careRandom(person, seed, 2)
  const claims: Claims = { lines: '', next: firstNumber }
  const claim = (by: string, on: EpochDay, code: string, amount: string, setting: string): void => {
    claims.lines += `c${claims.next++},${person.patientId},${by},${iso(on)},${code},1,${amount},${setting}\n`
  }
  for (const { on, stay, readings } of visits) {
    if (on < firstClaim) continue
    const long = random.uniform() < 0.4
    claim(stay.practice.partnerId, on, long ? '12001' : '12000', long ? '24.85' : '12.43', '')
    if (readings.some(({ measure }) => MEASURE_MODELS[measure]?.laboratory)) claim(LABORATORY, on, '70000', '9.80', '')
    if (random.uniform() < 0.03) {
      const seen = Math.min(lastDay, on + random.below(60))
      const inpatient = random.uniform() < 0.25
      claim(
        HOSPITAL,
        seen,
        inpatient ? '190218' : '190060',
        inpatient ? '1450.00' : '182.50',
        inpatient ? 'inpatient' : 'outpatient',
      )
    }
  }
  return claims
}

export interface Claims {
  lines: string
  next: number
}

const careRandom = (person: Person, seed: number, part: number): Random =>
  randomOf(seed, STREAM.care, person.index, part)
