/** A disclosed profile: no figure of fewer than ten people, with the suspicions about each measure and partner. */
import type { DayFigures, MeasureFigures, OutsideLifeFigures, PairFigures, Profile } from '../../data/profile/shape.ts'
import type { Suspicions } from '../../data/profile/suspicions.ts'
import { SMALLEST_GROUP, disclosedShare, type DisclosedShare } from '../../engine/disclosure/small-groups.ts'

/** A count; null where it is of one to nine people. */
type DisclosedCount = number | null

export interface DisclosedMeasure {
  readonly measure: string
  readonly unit: string
  readonly readings: DisclosedCount
  readonly patients: DisclosedCount
  readonly quantiles: MeasureFigures['quantiles']
  readonly unusual: DisclosedCount
  readonly units: readonly { readonly unit: string; readonly converted: boolean; readonly rows: DisclosedCount }[]
  /** shares of the last digits 0 to 9; null: too few readings or people to say, or no step to write it in */
  readonly digits: readonly number[] | null
  /** digits that come too often */
  readonly preferred: readonly number[]
  /** partners of whom a digit comes too often */
  readonly preferring: readonly { readonly partner: string; readonly digit: number; readonly share: number }[]
}

export interface DisclosedMissing {
  readonly programme: string
  readonly measure: string
  /** the partners put together, where each has too few patients */
  readonly partners: readonly string[]
  readonly enrolled: DisclosedCount
  readonly missing: DisclosedShare
}

export interface DisclosedPairs {
  readonly rule: PairFigures['rule']
  readonly measure: string
  readonly pairs: DisclosedCount
  readonly patients: DisclosedCount
  /** partners with enough patients to say so */
  readonly partners: readonly { readonly partner: string; readonly pairs: number; readonly patients: number }[]
}

export interface DisclosedDay extends Omit<DayFigures, 'readings' | 'patients' | 'total'> {
  readonly readings: number
  readonly share: number
}

export interface DisclosedProfile {
  readonly region: string
  readonly delivered_on: string
  /** counts of fewer people than this are null, or left out */
  readonly hidden_below: number
  readonly readings: DisclosedCount
  readonly measures: readonly DisclosedMeasure[]
  readonly missing: readonly DisclosedMissing[]
  readonly pairs: readonly DisclosedPairs[]
  readonly days: readonly DisclosedDay[]
  readonly late: { readonly readings: DisclosedCount; readonly after: string | null }
  readonly outside_lives: readonly (Pick<OutsideLifeFigures, 'table' | 'when'> & { readonly rows: DisclosedCount })[]
  readonly causes: readonly {
    readonly measure: string | null
    readonly cause: string
    readonly faults: DisclosedCount
  }[]
  /** the source of each rule */
  readonly sources: Readonly<Record<string, string>>
}

export function disclosedProfile(profile: Profile, suspicions: Suspicions): DisclosedProfile {
  return {
    region: profile.region,
    delivered_on: profile.deliveredOn,
    hidden_below: SMALLEST_GROUP,
    readings: disclosed(profile.readings),
    measures: profile.measures.map((figures) => measureOf(figures, profile, suspicions)),
    missing: missingOf(profile),
    pairs: pairsOf(profile),
    days: profile.days
      .filter(({ patients, name }) => patients >= SMALLEST_GROUP && name !== '')
      .map(({ patients: _patients, total, ...day }) => ({ ...day, share: hundredths(day.readings / total) })),
    late: { readings: disclosed(profile.late.readings, profile.late.patients), after: profile.late.after },
    outside_lives: profile.outsideLives.map(({ rows, patients, ...where }) => ({
      ...where,
      rows: disclosed(rows, patients),
    })),
    causes: profile.causes.map(({ faults, ...cause }) => ({ ...cause, faults: disclosed(faults) })),
    sources: suspicions.sources,
  }
}

const disclosed = (count: number, people = count): DisclosedCount =>
  people > 0 && people < SMALLEST_GROUP ? null : count
const hundredths = (share: number): number => Math.round(share * 100) / 100

function measureOf(figures: MeasureFigures, { spreads }: Profile, { digits: rule }: Suspicions): DisclosedMeasure {
  const { measure, unit, readings, patients, quantiles, unusual, units } = figures
  const few = patients < SMALLEST_GROUP
  const shares = digitShares(figures, rule.readings)
  const preferring = spreads
    .filter((spread) => spread.measure === measure && spread.partner !== '')
    .flatMap((spread) =>
      preferredIn(digitShares(spread, rule.readings), rule.share).map((digit) => ({
        partner: spread.partner,
        digit,
        share: digitShares(spread, rule.readings)![digit]!,
      })),
    )
  return {
    measure,
    unit,
    readings: disclosed(readings, patients),
    patients: disclosed(patients),
    quantiles: few ? null : quantiles,
    unusual: few ? null : disclosed(unusual),
    units: units.map(({ rows, ...met }) => ({ ...met, rows: few ? null : disclosed(rows) })),
    digits: shares,
    preferred: preferredIn(shares, rule.share),
    preferring,
  }
}

/** Rounded to hundredths, so that no single reading shows. */
function digitShares(
  { digits, patients }: Pick<MeasureFigures, 'digits' | 'patients'>,
  fewest: number,
): readonly number[] | null {
  const total = digits?.reduce((sum, count) => sum + count, 0) ?? 0
  if (digits === null || total < fewest || patients < SMALLEST_GROUP) return null
  return digits.map((count) => hundredths(count / total))
}

const preferredIn = (shares: readonly number[] | null, least: number): number[] =>
  (shares ?? []).flatMap((share, digit) => (share >= least ? [digit] : []))

/** Partners with too few patients are put together, and taken in with the next smallest until they are enough. */
function missingOf({ missing }: Profile): DisclosedMissing[] {
  const groups = new Map<string, Profile['missing'][number][]>()
  for (const row of missing) {
    const key = JSON.stringify([row.programme, row.measure])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((rows) => {
    const { programme, measure } = rows[0]!
    const bySize = [...rows].sort((a, b) => a.enrolled - b.enrolled)
    let [folded, enrolled, without] = [0, 0, 0]
    while (
      folded < bySize.length &&
      (bySize[folded]!.enrolled < SMALLEST_GROUP || (folded > 0 && enrolled < SMALLEST_GROUP))
    ) {
      enrolled += bySize[folded]!.enrolled
      without += bySize[folded++]!.missing
    }
    const small = new Set(bySize.slice(0, folded))
    const apart = rows
      .filter((row) => !small.has(row))
      .map((row) => ({
        programme,
        measure,
        partners: [row.partner],
        enrolled: row.enrolled,
        missing: roundedShare(disclosedShare(row.missing, row.enrolled)),
      }))
    if (folded === 0) return apart
    const partners = rows.filter((row) => small.has(row)).map(({ partner }) => partner)
    const together = {
      programme,
      measure,
      partners,
      enrolled: disclosed(enrolled),
      missing: roundedShare(disclosedShare(without, enrolled)),
    }
    return [...apart, together]
  })
}

const roundedShare = (share: DisclosedShare): DisclosedShare =>
  share !== null && 'share' in share ? { share: hundredths(share.share) } : share

function pairsOf({ pairs }: Profile): DisclosedPairs[] {
  const groups = new Map<string, PairFigures[]>()
  for (const row of pairs) {
    const key = JSON.stringify([row.rule, row.measure])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map((rows) => {
    const partners = rows
      .filter(({ patients, partner }) => patients >= SMALLEST_GROUP && partner !== '')
      .map(({ partner, pairs: own, patients }) => ({ partner, pairs: own, patients }))
    const people = sum(rows.map(({ patients }) => patients))
    // the total less the disclosed partners would disclose the others, where those are few
    const rest = people - sum(partners.map(({ patients }) => patients))
    const few = rest > 0 && rest < SMALLEST_GROUP
    const { rule, measure } = rows[0]!
    return {
      rule,
      measure,
      pairs: few ? null : sum(rows.map((row) => row.pairs)),
      patients: few ? null : people,
      partners,
    }
  })
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
