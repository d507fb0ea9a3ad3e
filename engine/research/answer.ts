/** An answer to a question of research: one table, every count in it of ten persons or more, and no other count to be had from it. */
import {
  added,
  BASE_DIMENSIONS,
  FINE_DIMENSIONS,
  RESEARCH_DIMENSIONS,
  type FineDimension,
  type ResearchCell,
  type ResearchDimension,
  type Sums,
} from './dimensions.ts'
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'
import { withWideBands } from './age-bands.ts'
import type { Contract } from '../contract/contract.ts'
import { heldMissing } from './missing.ts'
import { estimateOf, meanDecimals, rounded, type Estimate } from './precision.ts'
import { isToldIn, tableOf } from './told.ts'

/** A measure as it is answered about. */
export interface AnsweredMeasure {
  readonly measure: string
  readonly unit: string
  /** of the contract (`onlyYearOf`) */
  readonly onlyYear: string | null
}

export interface AnswerRow {
  readonly measure: string
  readonly unit: string
  readonly at: Readonly<Partial<Record<ResearchDimension, string>>>
  readonly measured: number
  /** null where the missing would be told apart: in crossed tables, and where they are one to nine */
  readonly eligible: number | null
  /** in the unit of the measure */
  readonly expectedRaw: number
  readonly realisedRaw: Estimate
  /** on the health scale: in the unit, higher always better */
  readonly expected: number
  readonly realised: Estimate
  readonly gain: Estimate
  /** the missing accounted for; null where `eligible` is */
  readonly contribution: Estimate | null
}

/** The fine dimension of a breakdown, or null: it has none. Several are no breakdown (`refusedBreakdown`). */
export const fineOf = (by: readonly ResearchDimension[]): FineDimension | null =>
  FINE_DIMENSIONS.find((fine) => fine !== 'year' && by.includes(fine)) ?? (by.includes('year') ? 'year' : null)

/** The calendar year that all days of a period are in, or null: they are in several. */
export function onlyYearOf({ start, end }: Contract['period']): string | null {
  return start.slice(0, 4) === end.slice(0, 4) ? start.slice(0, 4) : null
}

/** Why no answer is broken down like this, or null.
 *  @param onlyYear of the contract (`onlyYearOf`): a year that everybody has cuts nothing */
export function refusedBreakdown(by: readonly ResearchDimension[], onlyYear: string | null): string | null {
  const fine = FINE_DIMENSIONS.filter((each) => by.includes(each) && (each !== 'year' || onlyYear === null))
  if (fine.length < 2) return null
  return `by has ${fine.join(' and ')}: together with what others are answered, a table of these would single out fewer than ten people. Ask by one of ${FINE_DIMENSIONS.join(', ')}, with ${BASE_DIMENSIONS.join(', ')} as you like.`
}

/** The rows of one measure. A place that has no row holds nobody, or is held back.
 *  @param cells of the measure and of the fine dimension of `by` (any, where it has none)
 *  @param by at most one fine dimension, and the year beside it where there is only one */
export function answerRows(
  { measure, unit, onlyYear }: AnsweredMeasure,
  cells: readonly ResearchCell[],
  by: readonly ResearchDimension[],
): AnswerRow[] {
  const { kept, bandOf } = withWideBands(cells)
  const places = placesOf(kept, bandOf, by, onlyYear)
  const shown = [...places.values()].filter((place) => place.shown && place.sums.measured >= SMALLEST_GROUP)
  const held = by.length > 1 ? null : missingHeldIn(places, kept)
  return shown
    .sort((a, b) => byCodeUnits(a.key, b.key))
    .map(({ key, at, sums }) => {
      const isTold = held !== null && !held.has(key)
      return { measure, unit, at, ...figuresOf(sums, meanDecimals(unit), isTold) }
    })
}

interface PlaceInTable {
  readonly key: string
  readonly at: AnswerRow['at']
  /** of its first cell: all of a partner's are of one */
  readonly group: string
  readonly shown: boolean
  sums: Sums
}

function placesOf(
  kept: readonly ResearchCell[],
  bandOf: (age: number) => string,
  by: readonly ResearchDimension[],
  onlyYear: string | null,
): Map<string, PlaceInTable> {
  const dimensions = RESEARCH_DIMENSIONS.filter((dimension) => by.includes(dimension))
  const table = tableOf(by)
  const places = new Map<string, PlaceInTable>()
  for (const cell of kept) {
    const of: Partial<Record<ResearchDimension, string>> = {
      age_band: bandOf(cell.age),
      sex: cell.sex,
      group: cell.group,
      year: onlyYear ?? '',
      [cell.fine]: cell.value,
    }
    const at = Object.fromEntries(dimensions.map((dimension) => [dimension, of[dimension] ?? '']))
    const key = JSON.stringify(Object.values(at))
    const place = places.get(key)
    if (place) place.sums = added(place.sums, cell.sums)
    else
      places.set(key, {
        key,
        at,
        group: cell.group,
        shown: fineOf(by) === null || isToldIn(cell, table),
        sums: cell.sums,
      })
  }
  return places
}

/** Places whose missing are not told. Of partners they are told within each group, where those of the groups are told. */
function missingHeldIn(places: ReadonlyMap<string, PlaceInTable>, kept: readonly ResearchCell[]): ReadonlySet<string> {
  const groups = new Map<string, number>()
  for (const { group, sums } of kept) groups.set(group, (groups.get(group) ?? 0) + sums.eligible - sums.measured)
  const areGroupsTold = heldMissing(groups).size === 0
  const parts = new Map<string, Map<string, number>>()
  for (const { key, at, group, sums } of places.values()) {
    const part = at.partner !== undefined && areGroupsTold ? group : ''
    parts.set(part, (parts.get(part) ?? new Map<string, number>()).set(key, sums.eligible - sums.measured))
  }
  return new Set([...parts.values()].flatMap((part) => [...heldMissing(part)]))
}

function figuresOf(sums: Sums, decimals: number, isEligibleTold: boolean): Omit<AnswerRow, 'measure' | 'unit' | 'at'> {
  const { measured, eligible, contributions } = sums
  return {
    measured,
    eligible: isEligibleTold ? eligible : null,
    expectedRaw: rounded(sums.expectedRaw.sum / measured, decimals),
    realisedRaw: estimateOf(sums.realisedRaw, measured, decimals),
    expected: rounded(sums.expected.sum / measured, decimals),
    realised: estimateOf(sums.realised, measured, decimals),
    gain: estimateOf(sums.gain, measured, decimals),
    contribution:
      isEligibleTold && contributions >= SMALLEST_GROUP ? estimateOf(sums.contribution, contributions, decimals) : null,
  }
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
