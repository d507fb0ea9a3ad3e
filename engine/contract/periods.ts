/** The days of a contract: its period, the term that this is a year of, and the reference. */
import { epochDayOf, periodOf, quarterDaysIn, dayOf, type Day, type Period } from '../kernel/calendar.ts'
import { day, fault, type Field, mapping, NO_DAY, texts, word } from '../kernel/document.ts'
import type { Contract, Outcome } from './contract.ts'
import { outcomeAfter, yearsOf, type Days } from './term.ts'

type Periods = Pick<Contract, 'period' | 'term' | 'index' | 'inclusion' | 'reference'>

/** The fields of a contract that name days. */
export interface PeriodFields {
  readonly period: Field
  readonly reference: Field
  readonly term?: Field
  readonly index?: Field
  readonly inclusion?: Field
}

export function periodsOf(fields: PeriodFields): Periods {
  const { days: period, start } = daysOf(fields.period)
  const term = fields.term && termOf(fields.term, period, start)
  const episodes = episodesOf(fields, period)
  const first = { day: term?.start ?? period.start, name: term ? 'term.start' : 'period.start' }
  const earlier = episodes && episodes.inclusion.start < first.day
  const reference = referenceOf(
    fields.reference,
    earlier ? { day: episodes.inclusion.start, name: 'inclusion.start' } : first,
  )
  return { period, ...(term && { term }), ...episodes, reference }
}

/** Episodes, and where those that count start; by default in the period. */
function episodesOf(
  { index, inclusion, term }: PeriodFields,
  period: Days,
): { readonly index: 'enrolment'; readonly inclusion: Days } | undefined {
  if (index === undefined) {
    if (inclusion) fault(inclusion, 'it says where episodes start, and there are none without index: enrolment')
    return undefined
  }
  if (term) fault(term, 'an episode is settled once, so index: enrolment goes without a term')
  return { index: word(index, ['enrolment']), inclusion: inclusion ? daysOf(inclusion).days : period }
}

// What stands for a date already faulted makes no fault of its own.
const known = (...days: readonly Day[]): boolean => !days.includes(NO_DAY)

/** An inclusive range of days, and the field of its start. */
function daysOf(field: Field): { readonly days: Days; readonly start: Field } {
  const { start, end } = mapping(field, ['start', 'end'])
  const days = { start: day(start), end: day(end) }
  if (known(days.start, days.end) && days.end < days.start)
    fault(end, `it must not lie before ${start.path} (${days.start})`)
  return { days, start }
}

/** A term of whole years, one of which is the period. */
function termOf(field: Field, period: Days, periodStart: Field): Days {
  const { days: term } = daysOf(field)
  if (!known(term.start, term.end, period.start, period.end) || term.end < term.start || period.end < period.start)
    return term
  const years = yearsOf(term)
  if (years === null)
    fault(
      { ...field, path: `${field.path}.end`, value: term.end },
      `a term is a number of whole years from term.start (${term.start}), its last day included`,
    )
  else if (!years.some(({ start, end }) => start === period.start && end === period.end))
    fault(
      { ...periodStart, path: periodStart.path.replace(/\.start$/, '') },
      `with a term, the period is one of its years: ${years.map(({ start, end }) => `${start} to ${end}`).join(', ')}`,
      `${period.start} to ${period.end}`,
    )
  return term
}

/** @param first of the contract, and how its field is called */
function referenceOf(field: Field, first: { readonly day: Day; readonly name: string }): Contract['reference'] {
  const fields = mapping(field, ['start', 'end'], ['partners', 'includes_contract_years'])
  const start = day(fields.start)
  const end = day(fields.end)
  if (known(start, end) && end < start) fault(fields.end, `it must not lie before reference.start (${start})`)
  if (known(first.day, end) && end >= first.day)
    fault(
      fields.end,
      `the reference must end before ${first.name} (${first.day}), so that nothing is learned from the contract itself`,
    )
  const agreed = fields.includes_contract_years && word(fields.includes_contract_years, ['agreed'])
  return {
    start,
    end,
    partners: fields.partners === undefined ? null : texts(fields.partners, 'partners'),
    ...(agreed && { includesContractYears: agreed }),
  }
}

/** Notes where the reference is too short to learn an outcome as far ahead as the last year of the term needs. */
export function faultShortReference(field: Field, { term, reference }: Periods, outcomes: readonly Outcome[]): void {
  const years = term && known(term.start, term.end, reference.start, reference.end) ? yearsOf(term) : null
  if (years === null || reference.end < reference.start) return
  const last = outcomes
    .filter(({ horizonDays }) => Number.isFinite(horizonDays))
    .map((outcome) => outcomeAfter(outcome, years.length - 1))
    .sort((a, b) => b.horizonDays - a.horizonDays)[0]
  if (last === undefined) return
  const missing = missingDays(periodOf(reference), last.horizonDays)
  if (missing <= 0) return
  const latest = latestStart(periodOf(reference), last.horizonDays)
  fault(
    { ...field, path: `${field.path}.start`, value: reference.start },
    `in year ${years.length} of the term ${last.measure} is expected ${last.horizonDays} days ahead, and no quarter day of the reference has a result that far ahead within it: ${missing} days are missing; it must start on ${latest} or earlier, or the term must be shorter`,
  )
}

/** Days by which the result at the first landmark lies beyond the reference. */
function missingDays(reference: Period, horizonDays: number): number {
  const [first] = quarterDaysIn({ since: reference.since, until: reference.since + 366 })
  return first! + horizonDays - (reference.until - 1)
}

/** The latest first day with which a reference of that end has a landmark. */
function latestStart({ until }: Period, horizonDays: number): Day {
  const last = until - 1 - horizonDays
  return dayOf(quarterDaysIn({ since: last - 366, until: last + 1 }).at(-1) ?? epochDayOf('1970-01-01'))
}
