import { describe, expect, test } from 'vitest'
import { programmeOf, programmesOf } from '../../../engine/contract/programme-rules.ts'
import { countOf, mainPractitionerUnknown } from '../../../engine/inclusion/counting.ts'
import type { Person } from '../../../engine/inclusion/person.ts'
import { goingBefore, precedenceOf } from '../../../engine/inclusion/precedence.ts'

const measures = { ccq: { title: 'CCQ', unit: '{score}', better: 'lower', plausible: [0, 6] } }
const programme = (inclusion: unknown, records?: unknown) =>
  programmeOf({
    programme: 'copd',
    title: 'COPD',
    measures,
    ...(inclusion ? { inclusion } : {}),
    ...(records ? { records } : {}),
  })

const person: Person = {
  birthYear: 1950,
  diedOn: null,
  enrolments: [{ programme: 'copd', practice: 'g1', since: '2024-01-01', until: null, mainPractitioner: 'gp' }],
  conditions: [{ system: 'ICPC-1', code: 'R95.00', since: '2020-01-01', until: null }],
  medications: [],
  readings: [
    { measure: 'ccq', on: '2024-06-01', value: 3 },
    { measure: 'ccq', on: '2024-11-01', value: 1 },
    { measure: 'ccq', on: '2024-11-01', value: 2 },
  ],
  participation: null,
  insured: [{ insurer: '7095', since: '2020-01-01', until: null }],
}
const counts = (inclusion: unknown, of: Person = person) =>
  countOf(of, 'copd', '2025-01-01', { programmes: programmesOf([programme(inclusion)]), precedence: [] })

describe('criteria', () => {
  test('a code with .00 is the code without a subcode', () => {
    expect(counts({ any: [{ codes: { 'ICPC-1': ['R95'] } }] })).toEqual({
      counts: true,
      practice: 'g1',
      insurer: '7095',
    })
  })

  test('of a last value the latest day counts, values of one day averaged', () => {
    const of = (rule: object) => counts({ any: [{ last_value: { measure: 'ccq', ...rule } }] }).counts
    expect(of({ at_least: 1.5, at_most: 1.5 })).toBe(true)
    expect(of({ at_least: 1.6 })).toBe(false)
    expect(of({ days: 61, at_most: 6 })).toBe(true)
    expect(of({ days: 60, at_most: 6 })).toBe(false)
  })

  test('a programme without inclusion counts whoever is enrolled, the GP leading', () => {
    expect(counts(undefined).counts).toBe(true)
    expect(
      counts(undefined, { ...person, enrolments: [{ ...person.enrolments[0]!, mainPractitioner: 'none' }] }),
    ).toMatchObject({
      reason: 'not_main_practitioner',
    })
  })

  test('an upper bound of age goes by the age that is certain', () => {
    expect(counts({ age_to: 74 }).counts).toBe(true)
    expect(counts({ age_to: 73 })).toMatchObject({ reason: 'too_old' })
  })
})

test('a main practitioner is unknown of whoever has the diagnosis and no enrolment that names one', () => {
  const copd = programme({ any: [{ codes: { 'ICPC-1': ['R95'] } }] })
  const unknown = (of: Partial<Person>) => mainPractitionerUnknown({ ...person, ...of }, copd, '2025-01-01')
  const enrolled = (mainPractitioner: 'gp' | 'specialist' | 'none' | null) => [
    { ...person.enrolments[0]!, mainPractitioner },
  ]
  expect([
    unknown({}),
    unknown({ enrolments: enrolled('none') }),
    unknown({ enrolments: enrolled('specialist') }),
  ]).toEqual([false, false, false])
  expect([unknown({ enrolments: enrolled(null) }), unknown({ enrolments: [] })]).toEqual([true, true])
  expect([unknown({ enrolments: [], diedOn: '2024-12-31' }), unknown({ enrolments: [], conditions: [] })]).toEqual([
    false,
    false,
  ])
})

test('inclusion and records are refused with the path of every fault', () => {
  const faulty = () =>
    programme(
      { any: [{}], age_from: 18, age_to: 17, consent: 'perhaps', out: [{ codes: { 'ICPC-1': [] } }] },
      { ccq: { title: 'CCQ' }, '1st': { title: 'x' } },
    )
  expect(faulty).toThrow(
    [
      'programme copd is refused (and 6 more): inclusion.age_to is 17; it must not be below age_from (18).',
      '- inclusion.any[0] is a mapping; it must name one of codes, atc, last_value.',
      '- inclusion.consent is "perhaps"; it must be one of required, not_refused.',
      '- inclusion.out[0].reason is nothing; this key is required.',
      '- inclusion.out[0].codes.ICPC-1 is a list of 0; it must be a list of codes, with at least one.',
      '- records.1st is the key "1st"; a key starts with a letter and goes on with letters, digits, _ or -.',
      '- records.ccq is "ccq"; it is a measure of the programme already; give one of them another key.',
    ].join('\n'),
  )
})

test('precedence is a list of rules; one that may be contracted away is lifted by the contract alone', () => {
  const rules = precedenceOf([
    { programme: 'dm2', before: ['hvz'], rule: 'always', source: 'NZa' },
    { programme: 'copd', before: ['astma'], rule: 'unless_contracted', source: 'custom' },
  ])
  expect(goingBefore(rules, 'hvz', ['dm2'])).toEqual(['dm2'])
  expect([goingBefore(rules, 'astma'), goingBefore(rules, 'astma', ['copd'])]).toEqual([['copd'], []])
  expect(() => precedenceOf([{ programme: 'dm2', before: [], rule: 'never', source: 'x' }])).toThrow(
    'the precedence of programmes is refused (and 1 more): [0].before is a list of 0',
  )
})
