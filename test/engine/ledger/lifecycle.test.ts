/** Who may do which act on a settlement, and on whose share. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Act,
  nextActs,
  objectionTo,
  type Standing,
  STATE_AFTER,
  STATES,
  stateOf,
} from '../../../engine/ledger/lifecycle.ts'
import { NOBODYS_SHARE, paysFor, signerOf, signsFor } from '../../../engine/ledger/signer.ts'

const ON = '2026-03-02'
const prepared: Standing = {
  lifecycle: [{ state: 'prepared', by: 'analyst:anna', on: '2026-03-01', note: '', finality: null }],
  insurers: ['3311', '7095'],
  approvals: [],
  payments: [],
}

/** As the store does it: the last approval releases, the last payment pays. */
function after(standing: Standing, act: Act, by: string, insurer: string | null = null): Standing {
  const { lifecycle, insurers } = standing
  const whole = (on: Standing, done: number): Standing =>
    done < insurers.length && (act === 'release' || act === 'pay')
      ? on
      : {
          ...on,
          lifecycle: [
            ...lifecycle,
            { state: STATE_AFTER[act], by, on: ON, note: '', finality: act === 'release' ? 'final' : null },
          ],
        }
  const share = { insurer: insurer ?? '', by, on: ON } as const
  if (act === 'release') {
    const approvals = [...standing.approvals, { ...share, note: '', finality: 'final' } as const]
    return whole({ ...standing, approvals }, approvals.length)
  }
  if (act === 'pay') {
    const payments = [...standing.payments, share]
    return whole({ ...standing, payments }, payments.length)
  }
  return whole(standing, 0)
}

const codeOf = (standing: Standing, act: Act, by: string, insurer: string | null = null) =>
  objectionTo(standing, { act, by, insurer, finality: act === 'release' ? 'final' : null })?.code ?? null

test('a signature says whose it is', () => {
  expect(signerOf('insurer:7095/anna')).toEqual({ role: 'insurer', party: '7095' })
  expect(signerOf('anna')).toEqual({ role: 'anna', party: '' })
  expect(signsFor('insurer:7095', '7095')).toBe(true)
  expect(signsFor('insurer:7095', '3311')).toBe(false)
  expect(signsFor('analyst:ann', '7095')).toBe(false)
  expect(signsFor('analyst:ann', NOBODYS_SHARE)).toBe(true)
  expect(signsFor('insurer:unknown', NOBODYS_SHARE)).toBe(false)
  expect(paysFor('analyst:ann', '7095')).toBe(true)
  expect(paysFor('insurer:3311', '7095')).toBe(false)
})

test('an analyst reviews what another prepared; an insurer without insured in it does nothing', () => {
  expect(codeOf(prepared, 'review', 'analyst:anna')).toBe('own_review')
  expect(codeOf(prepared, 'review', 'insurer:7095')).toBe('not_concerned')
  expect(codeOf(prepared, 'review', 'analyst:bert')).toBeNull()
  expect(codeOf(prepared, 'reject', 'analyst:anna')).toBeNull()
  expect(codeOf(prepared, 'reject', 'insurer:3311')).toBeNull()
  expect(codeOf(prepared, 'reject', 'insurer:1111')).toBe('not_concerned')
  expect(codeOf(prepared, 'reject', 'partner:p01')).toBe('not_concerned')
})

test('each insurer approves its own share, once; it is released when all have', () => {
  const reviewed = after(prepared, 'review', 'analyst:bert')
  expect(codeOf(reviewed, 'release', 'insurer:7095', '3311')).toBe('not_concerned')
  expect(codeOf(reviewed, 'release', 'insurer:1111', '1111')).toBe('not_concerned')
  expect(codeOf(reviewed, 'release', 'analyst:cas', '7095')).toBe('not_concerned')
  const one = after(reviewed, 'release', 'insurer:7095', '7095')
  expect([stateOf(one.lifecycle), codeOf(one, 'release', 'insurer:7095', '7095')]).toEqual([
    'reviewed',
    'already_approved',
  ])
  expect(objectionTo(one, { act: 'release', by: 'insurer:3311', insurer: '3311', finality: 'provisional' })?.code).toBe(
    'other_finality',
  )
  expect(codeOf(one, 'pay', 'analyst:cas', '7095')).toBe('not_in_order')
  const both = after(one, 'release', 'insurer:3311', '3311')
  expect(stateOf(both.lifecycle)).toBe('released')
  expect(codeOf(both, 'reject', 'analyst:cas')).toBe('not_in_order')
})

test('a share of nobody known is an analyst’s to approve, who neither prepared nor reviewed', () => {
  const reviewed = after({ ...prepared, insurers: [NOBODYS_SHARE] }, 'review', 'analyst:bert')
  for (const by of ['analyst:anna', 'analyst:bert'])
    expect(codeOf(reviewed, 'release', by, NOBODYS_SHARE)).toBe('own_release')
  expect(codeOf(reviewed, 'release', 'analyst:cas', NOBODYS_SHARE)).toBeNull()
})

test('a share is paid by who neither reviewed nor approved it', () => {
  const one = after(after(prepared, 'review', 'analyst:bert'), 'release', 'insurer:7095', '7095')
  const released = after(one, 'release', 'insurer:3311', '3311')
  expect(codeOf(released, 'pay', 'insurer:7095', '7095')).toBe('own_payment')
  expect(codeOf(released, 'pay', 'analyst:bert', '7095')).toBe('own_payment')
  expect(codeOf(released, 'pay', 'insurer:3311', '7095')).toBe('not_concerned')
  expect(codeOf(released, 'pay', 'insurer:7095/eve', '7095')).toBeNull()
  const paid = after(released, 'pay', 'analyst:cas', '7095')
  expect([stateOf(paid.lifecycle), codeOf(paid, 'pay', 'analyst:dora', '7095')]).toEqual(['released', 'already_paid'])
  expect(stateOf(after(paid, 'pay', 'analyst:cas', '3311').lifecycle)).toBe('paid')
})

test('whatever is tried, in any order and by anybody, only lives with four eyes come about', () => {
  const signers = ['analyst:anna', 'analyst:bert', 'analyst:cas', 'insurer:7095', 'insurer:3311', 'insurer:1111']
  const tries = fc.array(
    fc.record({
      act: fc.constantFrom(...(Object.keys(STATE_AFTER) as Act[])),
      by: fc.constantFrom(...signers),
      insurer: fc.constantFrom('7095', '3311', '1111'),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(tries, (all) => {
      let standing = prepared
      for (const { act, by, insurer } of all)
        if (codeOf(standing, act, by, insurer) === null) standing = after(standing, act, by, insurer)
      const { lifecycle, approvals, payments } = standing
      expect([
        'prepared',
        'prepared reviewed',
        'prepared rejected',
        'prepared reviewed rejected',
        'prepared reviewed released',
        'prepared reviewed released paid',
      ]).toContain(lifecycle.map(({ state }) => state).join(' '))
      const by = Object.fromEntries(lifecycle.map((event) => [event.state, event.by]))
      for (const { insurer, by: approver } of approvals) {
        expect(approver).toBe(`insurer:${insurer}`)
        const payer = payments.find((each) => each.insurer === insurer)?.by
        expect(new Set([by.prepared, by.reviewed, approver]).size).toBe(3)
        expect([by.reviewed, approver]).not.toContain(payer)
      }
      if (by.released) expect(approvals.map(({ insurer }) => insurer).sort()).toEqual(['3311', '7095'])
      if (by.paid) expect(payments.map(({ insurer }) => insurer).sort()).toEqual(['3311', '7095'])
    }),
  )
})

test('every state but the last two leads on', () => {
  expect(STATES.filter((state) => nextActs(state).length === 0)).toEqual(['paid', 'rejected'])
})
