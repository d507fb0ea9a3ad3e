/** The indicators of a region in a year: from its facts to figures. */
import { refuseImpossible, type Figure } from '../../engine/indicators/figures.ts'
import type { Indicator } from '../../engine/indicators/indicator.ts'
import { figuresOf, lookedAt } from '../../engine/indicators/reckoning.ts'
import { lastDayOf } from '../../engine/indicators/reporting-year.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Store } from '../postgres/database.ts'
import { membersOf, readPersons } from './persons.ts'

export interface FiguresAsked {
  readonly regionId: number
  readonly asOf: Day
  readonly year: number
  readonly programmes: ReadonlyMap<string, Programme>
  readonly indicators: readonly Indicator[]
}

/** Figures of every partner, by programme in the order of the indicators. What a programme's criteria look at is read with them.
 *  @throws Refusal `indicator_out_of_date`, `numerator_above_denominator` */
export async function readFigures(store: Pick<Store, 'pool'>, asked: FiguresAsked): Promise<Figure[]> {
  const { regionId, asOf, year, programmes, indicators } = asked
  const { measures, since } = lookedAt(indicators, [...programmes.values()], year)
  const persons = await readPersons(store, { regionId, asOf, measures, since, until: lastDayOf(year) })
  const memberOf = await membersOf(store, regionId, asOf)
  return [...new Set(indicators.map((each) => each.programme))].flatMap((key) => {
    const programme = programmes.get(key)
    if (programme === undefined || !persons.some(({ enrolments }) => enrolments.some((e) => e.programme === key)))
      return []
    const own = indicators.filter((each) => each.programme === key)
    return figuresOf({ year, programme, indicators: own, persons, memberOf }).map(refuseImpossible)
  })
}
