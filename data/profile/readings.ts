/** The readings of a delivery in one pass, patient by patient, each with its partner. */
import { dayOf } from '../../engine/kernel/calendar.ts'
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { ProfileContext } from './profile-context.ts'
import { Series } from './series.ts'

/** A patient with readings: a series a measure, by place in `measures`. The next patient overwrites it. */
export interface PatientReadings {
  readonly patient: number
  readonly series: readonly Series[]
}

/** The numbering of a pass: measures and partners by their places. '' is no partner. */
export interface Numbered {
  /** ids in the store */
  readonly measures: readonly number[]
  readonly partners: string[]
}

/** A selection of readings: on given days, or later than a day (null: none). */
export interface DaySelection {
  readonly days: readonly EpochDay[]
  readonly after: EpochDay | null
}

/** Hands every patient of the delivery to `take`, in the order of the store's keys; of each measure the readings ascend by day, value and partner. */
export async function eachPatient(
  context: ProfileContext,
  { measures, partners }: Numbered,
  take: (readings: PatientReadings) => void,
  selection?: DaySelection,
): Promise<void> {
  const { client, regionId, deliveryId } = context
  const places = new Map(partners.map((partner, place) => [partner, place]))
  const placeOf = (partner: string): number => {
    if (!places.has(partner)) places.set(partner, partners.push(partner) - 1)
    return places.get(partner)!
  }
  const enrolledWith = await readEnrolmentPartners(context, placeOf)
  const series = measures.map(() => new Series(partners))
  const known = new Int32Array(32_768).fill(-1) // a measure's place, by its id
  for (const [place, id] of measures.entries()) known[id] = place
  const placesOfWords: number[] = []
  let patient = -1
  const give = (): void => {
    for (const each of series) each.sort()
    if (patient >= 0) take({ patient, series })
    for (const each of series) each.clear()
  }
  await client.query(`set local work_mem = '64MB'`)
  await copyOut(
    client,
    `select patient_key, measure_id, observed_on, value, partner_id from observation
      where region_id = ${regionId} and delivery_id = ${deliveryId} ${selection ? `and ${conditionOf(selection)}` : ''} order by patient_key`,
    ['int4', 'int2', 'date', 'float8', 'word'],
    ({ rows, numbers: [keys, ids, days, values, words], words: texts }) => {
      for (let at = placesOfWords.length; at < texts[4]!.length; at++)
        placesOfWords.push(texts[4]![at] === '' ? -1 : placeOf(texts[4]![at]!))
      for (let at = 0; at < rows; at++) {
        if (keys![at] !== patient) {
          give()
          patient = keys![at]!
        }
        const measure = known[ids![at]!]!
        if (measure < 0) continue
        const partner = placesOfWords[words![at]!]!
        series[measure]!.add(days![at]!, values![at]!, partner >= 0 ? partner : enrolledWith.of(patient))
      }
    },
  )
  give()
}

const conditionOf = ({ days, after }: DaySelection): string =>
  `(observed_on = any ('{${days.map(dayOf).join(',')}}') ${after === null ? '' : `or observed_on > '${dayOf(after)}'`})`

/** Numbers by patient, asked for in ascending order of patients. */
class EnrolmentPartners {
  private at = 0

  constructor(
    private readonly patients: readonly number[],
    private readonly partners: readonly number[],
    private readonly nobody: number,
  ) {}

  of(patient: number): number {
    while (this.at < this.patients.length && this.patients[this.at]! < patient) this.at++
    return this.patients[this.at] === patient ? this.partners[this.at]! : this.nobody
  }
}

/** The partner of each patient's latest enrolment, as known on the delivery day. */
async function readEnrolmentPartners(
  { client, regionId, deliveredOn }: ProfileContext,
  placeOf: (partner: string) => number,
): Promise<EnrolmentPartners> {
  const patients: number[] = []
  const enrolledWith: number[] = []
  await copyOut(
    client,
    `select distinct on (patient_key) patient_key, partner_id from enrolment_known(${regionId}, '${deliveredOn}')
      order by patient_key, started_on desc, partner_id collate "C"`,
    ['int4', 'word'],
    ({ rows, numbers: [keys, words], words: texts }) => {
      for (let at = 0; at < rows; at++) {
        patients.push(keys![at]!)
        enrolledWith.push(placeOf(texts[1]![words![at]!]!))
      }
    },
  )
  return new EnrolmentPartners(patients, enrolledWith, placeOf(''))
}
