/** Missing readings: patients enrolled on the delivery day without a reading in the year up to it, as known on that day. */
import { addYears, epochDayOf } from '../../engine/kernel/calendar.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { ProfileContext } from './profile-context.ts'
import { byBytes } from '../columns/text-order.ts'
import type { PatientReadings } from './readings.ts'
import type { MissingFigures } from './shape.ts'

/** Patients of one programme with one partner. */
interface Group {
  readonly programme: string
  readonly partner: string
  enrolled: number
  /** those with a recent reading, by measure's place */
  readonly measured: number[]
}

/** Counts, patient after patient in ascending order, who of those enrolled has a recent reading. */
export class Missing {
  private readonly groups: Group[] = []
  private readonly patients: number[] = []
  /** of each enrolment of `patients`, by place in `groups` */
  private readonly groupOf: number[] = []
  private at = 0

  private constructor(
    private readonly context: ProfileContext,
    private readonly ids: readonly number[],
  ) {}

  /** @param ids of measures, by place */
  static async of(context: ProfileContext, ids: readonly number[]): Promise<Missing> {
    const missing = new Missing(context, ids)
    await missing.readEnrolled()
    return missing
  }

  /** Whether the region's facts as known on the delivery day come from this delivery alone. */
  async alone(): Promise<boolean> {
    const { client, regionId, deliveryId, deliveredOn } = this.context
    const { rows } = await client.query<{ alone: boolean }>(
      `select deliveries_known($1, $2) = array[$3::int] as alone`,
      [regionId, deliveredOn, deliveryId],
    )
    return rows[0]!.alone
  }

  /** Takes all readings of a patient, when this delivery is the only one. */
  readonly take = ({ patient, series }: PatientReadings): void => {
    const { since, until } = this.year
    this.count(patient, (measure) => {
      const { days, rows } = series[measure]!
      for (let at = rows - 1; at >= 0 && days[at]! > since; at--) if (days[at]! <= until) return true
      return false
    })
  }

  /** Reads the readings as known from all deliveries of the region. */
  async readKnown(): Promise<void> {
    const { client, regionId, deliveredOn } = this.context
    const known = new Map(this.ids.map((id, place) => [id, place]))
    const recent = new Set<number>()
    let patient = -1
    await copyOut(
      client,
      `select patient_key, measure_id from observation_known(${regionId}, '${deliveredOn}')
        where observed_on > '${addYears(deliveredOn, -1)}' and observed_on <= '${deliveredOn}' order by patient_key`,
      ['int4', 'int2'],
      ({ rows, numbers: [keys, ids] }) => {
        for (let at = 0; at < rows; at++) {
          if (keys![at] !== patient) {
            this.count(patient, (measure) => recent.has(measure))
            patient = keys![at]!
            recent.clear()
          }
          recent.add(known.get(ids![at]!) ?? -1)
        }
      },
    )
    this.count(patient, (measure) => recent.has(measure))
  }

  /** Per programme, measure of it and partner; a measure without any reading is included. */
  figures(): MissingFigures[] {
    const { programmes, measures } = this.context
    const expected = [...programmes.values()].flatMap(({ programme, measures: own }) =>
      own.flatMap(({ key }) => {
        const place = this.ids.findIndex((id) => measures.get(id)!.key === key)
        return place < 0 ? [] : [{ programme, key, place, id: this.ids[place]! }]
      }),
    )
    return expected
      .sort((a, b) => byBytes(a.programme, b.programme) || a.id - b.id)
      .flatMap(({ programme, key, place }) =>
        this.groups
          .filter((group) => group.programme === programme)
          .sort((a, b) => byBytes(a.partner, b.partner))
          .map(({ partner, enrolled, measured }) => ({
            programme,
            partner,
            enrolled,
            missing: enrolled - (measured[place] ?? 0),
            measure: key,
          })),
      )
  }

  private get year() {
    const { deliveredOn } = this.context
    return { since: epochDayOf(addYears(deliveredOn, -1)), until: epochDayOf(deliveredOn) }
  }

  private count(patient: number, has: (measure: number) => boolean): void {
    const { patients, groupOf, groups, ids } = this
    while (this.at < patients.length && patients[this.at]! < patient) this.at++
    if (patients[this.at] !== patient) return
    for (let measure = 0; measure < ids.length; measure++) {
      if (!has(measure)) continue
      for (let at = this.at; patients[at] === patient; at++) {
        const { measured } = groups[groupOf[at]!]!
        measured[measure] = (measured[measure] ?? 0) + 1
      }
    }
  }

  private async readEnrolled(): Promise<void> {
    const { client, regionId, deliveredOn } = this.context
    const known = `(${regionId}, '${deliveredOn}')`
    const places = new Map<string, number>()
    await copyOut(
      client,
      `select patient_key, programme, partner_id from enrolment_known${known} e
        where started_on <= '${deliveredOn}' and (ended_on is null or ended_on > '${deliveredOn}')
          and not exists (select from patient_state_known${known} p where p.patient_key = e.patient_key and p.died_on <= '${deliveredOn}')
        order by patient_key`,
      ['int4', 'word', 'word'],
      ({ rows, numbers: [keys, programmes, partners], words }) => {
        for (let at = 0; at < rows; at++) {
          const programme = words[1]![programmes![at]!]!
          const partner = words[2]![partners![at]!]!
          const key = JSON.stringify([programme, partner])
          let place = places.get(key)
          if (place === undefined) {
            places.set(key, (place = this.groups.length))
            this.groups.push({ programme, partner, enrolled: 0, measured: [] })
          }
          this.groups[place]!.enrolled++
          this.patients.push(keys![at]!)
          this.groupOf.push(place)
        }
      },
    )
  }
}
