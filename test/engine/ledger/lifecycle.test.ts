import type { Day } from '../../../engine/kernel/calendar.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Act,
  type Lifecycle,
  nextActs,
  objectionTo,
  STATE_AFTER,
  STATES,
  stateOf,
} from '../../../engine/ledger/lifecycle.ts'

const acts = Object.keys(STATE_AFTER) as Act[]
const prepared: Lifecycle = [{ state: 'prepared', by: 'anna', on: '2026-03-01', note: '', finality: null }]
const after = (life: Lifecycle, act: Act, by: string, on: Day = '2026-03-02'): Lifecycle => [
  ...life,
  { state: STATE_AFTER[act], by, on, note: '', finality: act === 'release' ? 'final' : null },
]

test('the preparer reviews and releases nothing, the reviewer releases nothing, anybody rejects', () => {
  expect(objectionTo(prepared, 'review', 'anna', '2026-03-02')?.code).toBe('own_review')
  expect(objectionTo(prepared, 'reject', 'anna', '2026-03-02')).toBeNull()
  const reviewed = after(prepared, 'review', 'bert')
  expect(objectionTo(reviewed, 'release', 'anna', '2026-03-02')?.code).toBe('own_release')
  expect(objectionTo(reviewed, 'release', 'bert', '2026-03-02')?.sentence).toBe(
    'bert reviewed it; someone else must release it',
  )
  expect(objectionTo(reviewed, 'release', 'carl', '2026-03-01')?.code).toBe('before_last_act')
  expect(objectionTo(reviewed, 'release', 'carl', '2026-03-02')).toBeNull()
})

test('whatever is tried, in any order and by anybody, only lives with four eyes come about', () => {
  const tries = fc.array(
    fc.record({ act: fc.constantFrom(...acts), by: fc.constantFrom('anna', 'bert', 'carl'), day: fc.nat(5) }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(tries, (all) => {
      let life = prepared
      for (const { act, by, day } of all) {
        const on = `2026-03-0${day + 1}` as Day
        if (objectionTo(life, act, by, on) === null) life = after(life, act, by, on)
      }
      const states = life.map(({ state }) => state)
      expect([
        'prepared',
        'prepared reviewed',
        'prepared rejected',
        'prepared reviewed rejected',
        'prepared reviewed released',
        'prepared reviewed released paid',
      ]).toContain(states.join(' '))
      expect(life.map(({ on }) => on)).toEqual(life.map(({ on }) => on).sort())
      const by = Object.fromEntries(life.map((event) => [event.state, event.by]))
      if (by.released) expect(new Set([by.prepared, by.reviewed, by.released]).size).toBe(3)
    }),
  )
})

test('every state but the last two leads on', () => {
  expect(STATES.filter((state) => nextActs(state).length === 0)).toEqual(['paid', 'rejected'])
  expect(stateOf(after(prepared, 'review', 'bert'))).toBe('reviewed')
})
