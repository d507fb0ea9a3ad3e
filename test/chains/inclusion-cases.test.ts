/** Worked examples of who counts on a quarter day. */
import { loadPrecedence, loadProgrammes } from '../../data/region/programme-files.ts'
import { countOf } from '../../engine/inclusion/counting.ts'
import type { Enrolled, Person } from '../../engine/inclusion/person.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { examplesOf } from './worked-examples.ts'

const [programmes, precedence] = [await loadProgrammes(), await loadPrecedence()]

type Loose<T> = readonly (Omit<T, 'until' | 'mainPractitioner' | 'system'> & {
  until?: Day
  mainPractitioner?: Enrolled['mainPractitioner']
})[]

interface Given {
  on: Day
  programme?: string
  beside?: readonly string[]
  birthYear?: number | null
  diedOn?: Day
  enrolments?: Loose<Person['enrolments'][number]>
  conditions?: Loose<Person['conditions'][number]>
  medications?: Loose<Person['medications'][number]>
  participation?: Loose<NonNullable<Person['participation']>[number]>
  insured?: Loose<Person['insured'][number]>
}

const open = <T>(each: T & { until?: Day }) => ({ ...each, until: each.until ?? null })

examplesOf('inclusion', (given: Given) => {
  const person: Person = {
    birthYear: given.birthYear === undefined ? 1950 : given.birthYear,
    diedOn: given.diedOn ?? null,
    enrolments: (given.enrolments ?? [{ programme: 'dm2', practice: 'g1', since: '2024-03-01' }]).map((each) => ({
      ...open(each),
      mainPractitioner: each.mainPractitioner === undefined ? 'gp' : each.mainPractitioner,
    })),
    conditions: (given.conditions ?? [{ code: 'T90.02', since: '2020-01-01' }]).map((each) => ({
      system: 'ICPC-1',
      ...open(each),
    })),
    medications: (given.medications ?? []).map(open),
    readings: [],
    participation: given.participation?.map(open) ?? null,
    insured: (given.insured ?? [{ insurer: '7095', since: '2020-01-01' }]).map(open),
  }
  return countOf(person, given.programme ?? 'dm2', given.on, {
    programmes,
    precedence,
    ...(given.beside && { beside: given.beside }),
  })
})
