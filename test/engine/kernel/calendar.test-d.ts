/** What must not compile of days; the type check (`npm run types`) reads this, nothing runs it. */
import { addYears, type Day, dayOf, epochDayOf, isDay, periodOf } from '../../../engine/kernel/calendar.ts'

export const compiles = (text: string): readonly Day[] => [
  '2026-02-28',
  dayOf(epochDayOf('2026-02-28') + 1),
  addYears('2024-02-29', 1),
  ...(isDay(text) ? [text] : []),
]

export const doesNotCompile = (text: string) => {
  // @ts-expect-error a text that nobody looked at
  const unchecked: Day = text
  // @ts-expect-error the same, where a day is reckoned with
  const reckoned = epochDayOf(text)
  // @ts-expect-error a blank is no day
  const blank: Day = ''
  // @ts-expect-error a month is no day
  const month: Day = '2026-02'
  // @ts-expect-error nor is a day written as people in the Netherlands write it
  const dutch: Day = '28/02/2026'
  // @ts-expect-error days since 1970 are not a day as text
  const epoch: Day = epochDayOf('2026-02-28')
  // @ts-expect-error nor the other way round
  const back = dayOf('2026-02-28')
  // @ts-expect-error a period of texts that nobody looked at
  const period = periodOf({ start: text, end: text })
  return [unchecked, reckoned, blank, month, dutch, epoch, back, period]
}
