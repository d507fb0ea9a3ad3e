/** The share that was measured, as it may be told. */
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { en } from '../../report/words/en.ts'
import type { Format } from '../../report/words/format.ts'
import { nl } from '../../report/words/nl.ts'
import type { Value } from '../files/sheet.ts'

/** A count as the API tells it; `measured` is null where one to nine people were not. */
export interface Measured {
  readonly measured: number | null
  readonly eligible: number
}

/** Of all rows together; where all but one to nine of a row were measured, a bound in words; null: of nobody. */
export function measuredValue(rows: readonly Measured[], format: Format): Value {
  const sumOf = (of: (row: Measured) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  const eligible = sumOf((row) => row.eligible)
  if (eligible === 0) return null
  const least = sumOf((row) => row.measured ?? Math.max(0, row.eligible - SMALLEST_GROUP)) / eligible
  if (rows.every(({ measured }) => measured !== null)) return least
  return { nl, en }[format.lang].moreThan(format.percent(Math.floor(least * 100) / 100))
}

/** The same as it stands beside other figures. */
export function measuredText(rows: readonly Measured[], format: Format): string {
  const share = measuredValue(rows, format)
  return typeof share === 'number' ? format.percent(share) : (share ?? '–')
}
