/** Quarter days, the quarter that each opens, and when what is received for it is due. */
import { addYears, dayOf, epochDayOf, type Day } from '../kernel/calendar.ts'
import { Refusal } from '../kernel/refusal.ts'

const MONTHS = ['01', '04', '07', '10'] as const

/** 0 to 3: which quarter of the calendar year a quarter day opens. @throws Refusal `no_quarter_day` */
export function quarterOf(day: Day): 0 | 1 | 2 | 3 {
  const at = MONTHS.findIndex((month) => day.slice(5) === `${month}-01`)
  if (at >= 0) return at as 0 | 1 | 2 | 3
  throw new Refusal(
    'no_quarter_day',
    `${day} is no quarter day; patients are counted on 1 January, 1 April, 1 July and 1 October.`,
    { day },
  )
}

/** The next quarter day: the first day after the quarter. */
export function nextQuarterDay(day: Day): Day {
  const quarter = quarterOf(day)
  const year = quarter === 3 ? addYears(day, 1).slice(0, 4) : day.slice(0, 4)
  return `${year}-${MONTHS[(quarter + 1) % 4]}-01` as Day
}

/** When what the insurer paid for a quarter is due to those who delivered the care: at the end of the first month of the next quarter, or, where it
 *  came later than that, so many days after it came.
 *  @example dueOf('2025-01-01', '2025-04-20', 30) = '2025-04-30'; dueOf('2025-01-01', '2025-05-10', 30) = '2025-06-09' */
export function dueOf(quarterDay: Day, paidOn: Day, daysAfterReceipt: number): Day {
  const next = nextQuarterDay(quarterDay)
  // January, April, July and October: of the four, April alone has 30 days
  const end = `${next.slice(0, 8)}${next.slice(5, 7) === '04' ? '30' : '31'}` as Day
  return paidOn <= end ? end : dayOf(epochDayOf(paidOn) + daysAfterReceipt)
}
