/** Days with a suspicious number of readings, and readings that are probably dated in the future. */
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import { dayOf } from '../../engine/kernel/calendar.ts'
import type { Measure } from '../../engine/contract/programme.ts'
import type { ProfileContext } from './profile-context.ts'
import { DayCounts } from './day-counts.ts'
import { byBytes } from '../columns/text-order.ts'
import { eachPatient } from './readings.ts'
import type { Numbered, PatientReadings } from './readings.ts'
import type { DayFigures, Profile } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

/** A day, or the same day of every year, that stands out. */
interface SuspiciousDays extends Omit<DayFigures, 'patients'> {
  /** of the measure or the partner */
  readonly place: number
  readonly on: readonly EpochDay[]
}

/** A measure or a partner, and its readings by day. */
interface Counted extends Pick<SuspiciousDays, 'of' | 'name' | 'place'> {
  readonly counts: DayCounts
}

/** Readings per day, of each measure and of each partner. */
export class Days {
  private readonly ofMeasures: DayCounts[]
  private readonly ofPartners: (DayCounts | undefined)[] = []
  private readonly all = new DayCounts()

  /** @param measures by place
   *  @param partners by place; it may grow */
  constructor(
    private readonly measures: readonly Measure[],
    private readonly partners: readonly string[],
    private readonly suspicions: Suspicions,
  ) {
    this.ofMeasures = measures.map(() => new DayCounts())
  }

  readonly take = ({ series }: PatientReadings): void => {
    for (let measure = 0; measure < series.length; measure++) {
      const { rows, days, partners } = series[measure]!
      for (let at = 0; at < rows; at++) {
        const day = days[at]!
        this.ofMeasures[measure]!.add(day)
        ;(this.ofPartners[partners[at]!] ??= new DayCounts()).add(day)
        this.all.add(day)
      }
    }
  }

  /** Placeholder days of the year, outlying days, and accepted readings long after the day by which nearly all
   *  lie; with their numbers of patients, counted in a second pass. */
  async figures(context: ProfileContext, numbered: Numbered): Promise<Pick<Profile, 'days' | 'late'>> {
    const counted = [...this.counted('measure'), ...this.counted('partner')]
    const placeholderDays = this.placeholderDays()
    const flagged = [
      ...counted.flatMap((each) => this.placeholders(each, placeholderDays)),
      ...counted.flatMap((each) => this.outlying(each)),
    ]
    const { after, until, readings } = this.late()
    const people = await countPeople(context, numbered, flagged, readings > 0 ? until : null)
    return {
      days: flagged.map(({ place: _place, on: _on, ...day }, at) => ({ ...day, patients: people.flagged[at]! })),
      late: { readings, patients: people.late, after: after === null ? null : dayOf(after) },
    }
  }

  private counted(of: Counted['of']): Counted[] {
    const all = of === 'measure' ? this.ofMeasures : this.ofPartners
    const nameOf = (place: number) => (of === 'measure' ? this.measures[place]!.key : this.partners[place]!)
    return all
      .flatMap((counts, place) => (counts ? [{ of, name: nameOf(place), place, counts }] : []))
      .sort((a, b) => byBytes(a.name, b.name))
  }

  /** Days with readings on a placeholder day, by the day of the year. */
  private placeholderDays(): ReadonlyMap<string, readonly EpochDay[]> {
    const days = this.all.days().map(({ day }) => [day, dayOf(day).slice(5)] as const)
    const listed = [...this.suspicions.placeholder.days].sort()
    return new Map(listed.map((name) => [name, days.flatMap(([day, of]) => (of === name ? [day] : []))]))
  }

  private placeholders(
    { counts, ...group }: Counted,
    placeholderDays: ReadonlyMap<string, readonly EpochDay[]>,
  ): SuspiciousDays[] {
    const { times, readings: fewest } = this.suspicions.placeholder
    const { total } = counts
    return [...placeholderDays].flatMap(([day, all]): SuspiciousDays[] => {
      const on = all.filter((each) => counts.on(each) > 0)
      const readings = on.reduce((sum, each) => sum + counts.on(each), 0)
      if (readings < fewest || (readings * 365) / total <= times) return []
      return [{ rule: 'placeholder_day', ...group, day, readings, total, on }]
    })
  }

  private outlying({ counts, ...group }: Counted): SuspiciousDays[] {
    const { share, timesMedian, readings: fewest } = this.suspicions.outlying
    const { total } = counts
    if (total < fewest || counts.most / total < share) return []
    const days = counts.days()
    const usual = medianOf(days.map(({ readings }) => readings))
    return days
      .filter(({ readings }) => readings / total >= share && readings >= timesMedian * usual)
      .map(({ day, readings }) => ({ rule: 'outlying_day', ...group, day: dayOf(day), readings, total, on: [day] }))
  }

  /** after: the day by which nearly all readings lie; until: the last day that is not late */
  private late(): { readonly after: EpochDay | null; readonly until: EpochDay; readonly readings: number } {
    const { share, days: allowedDays } = this.suspicions.futureDate
    const days = this.all.days()
    let cumulative = 0
    const after = days.find(({ readings }) => (cumulative += readings) / this.all.total >= share)?.day ?? null
    const until = (after ?? 0) + allowedDays
    const late = after === null ? [] : days.filter(({ day }) => day > until)
    return { after, until, readings: late.reduce((sum, { readings }) => sum + readings, 0) }
  }
}

/** Patients with readings on each flagged day, and with readings after the day `late` (null: none are late). */
async function countPeople(
  context: ProfileContext,
  numbered: Numbered,
  flagged: readonly SuspiciousDays[],
  late: EpochDay | null,
): Promise<{ readonly flagged: readonly number[]; readonly late: number }> {
  const people = { flagged: flagged.map(() => 0), late: 0 }
  const latest = flagged.map(() => -1)
  const keyOf = (of: SuspiciousDays['of'], place: number, day: EpochDay) => `${of} ${place} ${day}`
  const at = new Map<string, number[]>()
  for (const [index, { of, place, on }] of flagged.entries())
    for (const day of on) at.set(keyOf(of, place, day), [...(at.get(keyOf(of, place, day)) ?? []), index])
  const days = [...new Set(flagged.flatMap(({ on }) => on))]
  if (days.length === 0 && late === null) return people
  const countPatient = (patient: number, indices: readonly number[] = []): void => {
    for (const index of indices) {
      if (latest[index] !== patient) people.flagged[index]!++
      latest[index] = patient
    }
  }
  const count = ({ patient, series }: PatientReadings): void => {
    let isLate = false
    for (const [measure, { rows, days: on, partners }] of series.entries())
      for (let row = 0; row < rows; row++) {
        countPatient(patient, at.get(keyOf('measure', measure, on[row]!)))
        countPatient(patient, at.get(keyOf('partner', partners[row]!, on[row]!)))
        isLate ||= late !== null && on[row]! > late
      }
    if (isLate) people.late++
  }
  await eachPatient(context, numbered, count, { days, after: late })
  return people
}

/** The median of a non-empty list; of an even number, the mean of the middle two. */
function medianOf(counts: readonly number[]): number {
  const ascending = [...counts].sort((a, b) => a - b)
  const middle = (ascending.length - 1) / 2
  const [low, high] = [ascending[Math.floor(middle)]!, ascending[Math.ceil(middle)]!]
  return low + (middle - Math.floor(middle)) * (high - low)
}
