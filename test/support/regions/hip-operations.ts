/** Hip operations of some hospitals with a known truth: episodes with a score of 0 to 48 before and half a year after, several of some patients. */
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import type { Files } from './dataset.ts'

export interface HipOperations {
  /** nothing later is in the dataset */
  readonly known: Day
  /** days from an operation until its file is closed */
  readonly closedAfter: number
  /** operations of each hospital in a year */
  readonly yearly: number
}

/** Points that a hospital gains on its patients from the first day of the contract's inclusion window on. */
export const HIP_EFFECTS: Readonly<Record<string, number>> = { h01: 3, h02: 1.5, h03: 0, h04: 0, h05: -2 }
const HOSPITALS = [...Object.keys(HIP_EFFECTS), 'h90', 'h91', 'h92']
const HIP_CONTRACT = `contract: heup-2025
title: Heupoperaties 2025
programme: heup
partners: [h01, h02, h03, h04, h05]
period: {start: 2025-01-01, end: 2025-12-31}
index: enrolment
inclusion: {start: 2024-10-01, end: 2025-09-30}
reference: {start: 2020-01-01, end: 2024-09-30}
control: [h90, h91, h92]
outcomes:
  - {measure: ohs, price_eur: 40, horizon_days: 180, window_days: 60, baseline_days: 60}
min_patients: 20
share: {gain: 0.5, loss: 0.25}
trend: control
corridor_eur: {floor: -100, cap: 200}
gates:
  - {gate: min_measured_share, at_least: 0.5, weight: 0.5}
attribution:
  - {kind: hospital, share: 0.7}
  - {kind: gp_practice, share: 0.3}
`
const PROGRAMME = `programme: heup
title: {nl: Heupoperatie, en: Hip operation}
measures:
  ohs:
    title: {nl: Oxford Hip Score, en: Oxford Hip Score}
    unit: "{score}"
    better: higher
    plausible: [0, 48]
    step: 1
    mcid: 5
`
const FIRST: Day = '2020-01-01'
const WEEKS = 300
const STARTS: Day = '2024-10-01'

/** A third of the patients are operated twice, a tenth of those three times; of every tenth patient no birth year is known; a fifth of the results
 *  are never asked for. */
export function hipOperations({ known, closedAfter, yearly }: HipOperations): Files {
  const patients: string[] = []
  const enrolments: string[] = []
  const observations: string[] = []
  HOSPITALS.forEach((hospital, at) => {
    const people = Math.round((yearly * WEEKS) / 52 / 1.37)
    for (let n = 0; n < people; n++) {
      // of each person its own, so that a later delivery says the same of what was known before
      const random = randomOf(7, at, n)
      const id = `${hospital}-${String(n).padStart(4, '0')}`
      const birthYear = n % 10 === 0 ? '' : String(1935 + random.below(35))
      patients.push(`${id},${birthYear},${random.below(5) < 3 ? 'f' : 'm'},${n % 3 === 0 ? '3311' : '7095'}`)
      const frailty = 4 * random.normal()
      const operations = random.uniform() < 1 / 3 ? (random.uniform() < 0.1 ? 3 : 2) : 1
      let on = addDays(FIRST, random.below(7 * WEEKS))
      for (
        let operation = 0;
        operation < operations && on <= known;
        operation++, on = addDays(on, 120 + random.below(300))
      ) {
        const [before, after] = scores(random.normal, frailty, on >= STARTS ? (HIP_EFFECTS[hospital] ?? 0) : 0)
        const closes = addDays(on, closedAfter)
        enrolments.push(`${id},heup,${hospital},${on},${closes <= known ? `${closes},recovered` : ','}`)
        const asked = addDays(on, -random.below(30))
        observations.push(`${id},ohs,${asked},${before}`)
        const told = addDays(on, 160 + random.below(50))
        if (random.uniform() < 0.8 && told <= known) observations.push(`${id},ohs,${told},${after}`)
      }
    }
  })
  const file = (header: string, rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`
  return {
    'partners.csv': file(
      'partner_id,name,kind',
      HOSPITALS.map((id) => `${id},Ziekenhuis ${id},hospital`),
    ),
    'patients.csv': file('patient_id,birth_year,sex,insurer', patients),
    'enrolments.csv': file('patient_id,programme,partner_id,started_on,ended_on,end_reason', enrolments),
    'observations.csv': file('patient_id,measure,observed_on,value', observations),
    'programmes/heup.yaml': PROGRAMME,
    'contract.yaml': HIP_CONTRACT,
  }
}

const addDays = (day: Day, days: number): Day => dayOf(epochDayOf(day) + days)

/** Scores in whole points before and after: who is better before is better after, and many reach the top. */
function scores(normal: () => number, frailty: number, effect: number): readonly [before: number, after: number] {
  const within = (x: number) => Math.min(48, Math.max(0, Math.round(x)))
  const before = 19 - frailty + 7 * normal()
  return [within(before), within(31 + 0.4 * before - frailty + 6 * normal() + effect)]
}
