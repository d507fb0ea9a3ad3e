/** What a road is worth to society: events that do not happen, in QALY and EUR. */
import { bracketOf } from '../exchange/burden.ts'
import { qalyOfAvoided } from '../exchange/decrement.ts'
import { presentValueOf } from '../exchange/discount.ts'
import type { ExchangeTables } from '../exchange/tables.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Eur } from '../kernel/money.ts'
import type { Road } from './road.ts'

export interface Worth {
  /** over the years of the road, counted today */
  readonly qaly: number
  /** its standard error; null: a source names no interval */
  readonly qalySe: number | null
  /** EUR for one QALY at that burden; null: there is no reference value */
  readonly qalyEur: Eur | null
  readonly eur: Eur | null
}

/** @returns null where the road says nothing of it   @throws Refusal `unknown_event`, `invalid_burden` */
export function worthOf({ value, business: { patients, years } }: Road, tables: ExchangeTables): Worth | null {
  if (value === undefined) return null
  const each = Object.entries(value.avoided).map(([event, avoided]) => {
    const decrement = tables.decrements.find((known) => known.event === event)
    if (decrement !== undefined) return qalyOfAvoided(decrement, avoided)
    throw new Refusal(
      'unknown_event',
      `Nothing says what ${event} takes off a utility; known are ${tables.decrements.map((known) => known.event).join(', ')}.`,
      { event },
    )
  })
  const overYears = (yearly: number): number =>
    presentValueOf(
      Array.from({ length: years }, () => yearly * patients),
      tables.discounting.effects,
    )
  const qaly = overYears(each.reduce((sum, one) => sum + one.qaly, 0))
  const errors = each.map(({ se }) => se)
  const known = errors.filter((se) => se !== null)
  const qalySe = known.length < errors.length ? null : overYears(Math.sqrt(known.reduce((sum, se) => sum + se * se, 0)))
  const { qalyEur } = bracketOf(tables.brackets, value.burden)
  return { qaly, qalySe, qalyEur, eur: qalyEur === null ? null : qaly * qalyEur }
}
