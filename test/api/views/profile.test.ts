import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { disclosedProfile } from '../../../api/views/profile.ts'
import { inWords, profilePageOf } from '../../../api/report/profile-page.ts'
import { sentencesOf } from '../../../api/report/words/profile-sentences.ts'
import type { Profile } from '../../../data/profile/shape.ts'
import { readSuspicions } from '../../../data/profile/suspicions.ts'

const suspicions = await readSuspicions()
const evenly = Array.from({ length: 10 }, () => 20)
const onZero = [80, ...Array.from({ length: 9 }, () => 13)]

/** Many people everywhere, with one of everything that is suspicious. */
const profile: Profile = {
  region: 'Ons <gebied>',
  deliveredOn: '2025-01-01',
  readings: 400,
  measures: [
    {
      measure: 'sbp',
      unit: 'mmHg',
      step: 1,
      readings: 200,
      patients: 90,
      unusual: 12,
      digits: onZero,
      quantiles: [110, 135, 162],
      units: [{ unit: 'mmHg', converted: false, rows: 201 }],
    },
  ],
  spreads: [
    { measure: 'sbp', partner: 'p01', readings: 200, patients: 50, unusual: 0, digits: evenly },
    { measure: 'sbp', partner: 'p02', readings: 200, patients: 9, unusual: 0, digits: onZero },
  ],
  missing: [
    { programme: 'dm2', measure: 'sbp', partner: 'p01', enrolled: 100, missing: 25 },
    { programme: 'dm2', measure: 'sbp', partner: 'p02', enrolled: 9, missing: 9 },
    { programme: 'dm2', measure: 'sbp', partner: 'p03', enrolled: 40, missing: 3 },
  ],
  pairs: [
    { rule: 'swapped_pressures', measure: 'sbp', partner: 'p01', pairs: 14, patients: 12 },
    { rule: 'swapped_pressures', measure: 'sbp', partner: 'p02', pairs: 11, patients: 10 },
    { rule: 'jump', measure: 'sbp', partner: 'p01', pairs: 30, patients: 9 },
  ],
  days: [
    { rule: 'placeholder_day', of: 'partner', name: 'p01', day: '01-01', readings: 30, patients: 20, total: 200 },
    { rule: 'outlying_day', of: 'measure', name: 'sbp', day: '2024-06-03', readings: 40, patients: 9, total: 200 },
  ],
  late: { readings: 11, patients: 3, after: '2024-12-01' },
  outsideLives: [
    { table: 'claim', when: 'after_death', rows: 14, patients: 12 },
    { table: 'medication', when: 'before_birth', rows: 11, patients: 3 },
  ],
  causes: [
    { measure: 'sbp', cause: 'decimal_shift', faults: 12 },
    { measure: null, cause: 'future_date', faults: 3 },
  ],
  names: { p01: 'Praktijk & Co', p02: 'Kleine praktijk', p03: 'Derde' },
  titles: { sbp: { nl: 'Bovendruk', en: 'Systolic pressure' } },
}
const disclosed = disclosedProfile(profile, suspicions)

test('figures of few people are suppressed: counts are null, partners are not named', () => {
  expect(disclosed.measures[0]).toMatchObject({ readings: 200, preferred: [0], preferring: [] })
  expect(disclosed.missing).toEqual([
    { programme: 'dm2', measure: 'sbp', partners: ['p01'], enrolled: 100, missing: { share: 0.25 } },
    // p02 has nine patients: with the next smallest
    { programme: 'dm2', measure: 'sbp', partners: ['p02', 'p03'], enrolled: 49, missing: { share: 0.24 } },
  ])
  expect(disclosed.pairs).toMatchObject([
    { rule: 'swapped_pressures', pairs: 25, patients: 22, partners: [{ partner: 'p01' }, { partner: 'p02' }] },
    { rule: 'jump', pairs: null, patients: null, partners: [] },
  ])
  expect(disclosed.days.map(({ name }) => name)).toEqual(['p01'])
  expect(disclosed.outside_lives.map(({ rows }) => rows)).toEqual([14, null])
  expect([disclosed.late.readings, ...disclosed.causes.map(({ faults }) => faults)]).toEqual([null, 12, null])
})

test('pairs: the total less the disclosed partners is never of a few people', () => {
  assert(
    property(array(integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const pairs = sizes.map((patients, i) => ({ ...profile.pairs[0]!, partner: `p${i}`, pairs: patients, patients }))
      const [row] = disclosedProfile({ ...profile, pairs }, suspicions).pairs
      const rest = row!.partners.reduce((left, { patients }) => left - patients, row!.patients ?? 0)
      expect(row!.patients === null || rest === 0 || rest >= SMALLEST_GROUP).toBe(true)
      for (const { patients } of row!.partners) expect(patients).toBeGreaterThanOrEqual(SMALLEST_GROUP)
    }),
  )
})

test('the same sentences at the terminal and on the page, in the language asked for', () => {
  expect(sentencesOf(inWords(disclosed, profile, 'en'))).toEqual([
    'Systolic pressure: 25 times below the diastolic pressure of the same day; with Praktijk & Co (14), Kleine praktijk (11).',
    'Systolic pressure: fewer than 10 impossible jumps within a few days.',
    'Praktijk & Co: 15% of the readings are dated 1 January. Probably only the year is known.',
    'Systolic pressure: readings end on 0 (41%) strikingly often.',
    'fewer than 10 readings lie long after 1 December 2024, the day before which nearly all readings lie: is their year right?',
    'Claims: 14 rows from after the patient died.',
    'Prescriptions: fewer than 10 rows from before the patient was born.',
  ])
  const page = profilePageOf(inWords(disclosed, profile, 'nl'))
  expect(page).toContain('Bovendruk: 25 keer ligt de bovendruk onder de onderdruk van dezelfde dag')
  expect(page).toContain('Praktijk &amp; Co')
  expect(page).toContain('Ons &lt;gebied&gt;')
  for (const source of Object.values(disclosed.sources)) expect(page).toContain(source.slice(0, 40))
  expect(page, 'needs nothing else').not.toMatch(/<script|<link|src=|https?:/)
})

test('nothing suspicious says so', () => {
  const quiet = {
    ...profile,
    measures: [],
    spreads: [],
    missing: [],
    pairs: [],
    days: [],
    outsideLives: [],
    causes: [],
  }
  const none = disclosedProfile({ ...quiet, late: { readings: 0, patients: 0, after: '2024-12-01' } }, suspicions)
  expect(sentencesOf(inWords(none, quiet, 'en'))).toEqual([])
  expect(profilePageOf(inWords(none, quiet, 'en'))).toContain('None of the rules points at anything.')
})
