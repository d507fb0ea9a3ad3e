import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  balancesOf,
  differenceOf,
  entriesOf,
  type LedgerEntry,
  reversalOf,
  standingEntriesOf,
  undoingEntriesOf,
} from '../../../engine/ledger/ledger.ts'
import { allocated } from '../../../engine/kernel/allocation.ts'
import { entriesOfAdvances, entriesOfPayment, paidIn, payoutOf, setOffsOf } from '../../../engine/ledger/payout.ts'
import { settlementPaying } from '../../support/settlements/paying.ts'
import { settlementOn } from '../../support/settlements/plain-settlement.ts'

const bundled = { components: [], advanceShare: 0.8 }
const settlement = (...cents: number[]) => settlementOn('c', '2026-01-01', ...cents)
const cents = fc.integer({ min: -100_000, max: 100_000 })

const paidTo = (partner_id: string, insurer: string, sum: number) => ({ partner_id, insurer, cents: sum })

test('a final settlement pays the difference in either direction, a provisional one its share and takes nothing back', () => {
  const before = [paidTo('p01', '7095', 900), paidTo('p09', '7095', 50)]
  expect(payoutOf(settlement(1001, -200), bundled, 'final', before)).toEqual([
    {
      insurer: '7095',
      partner_id: 'p01',
      owed_cents: 1001,
      before_cents: 900,
      due_cents: 101,
      into: 'partner',
    },
    {
      insurer: '7095',
      partner_id: 'p02',
      owed_cents: -200,
      before_cents: 0,
      due_cents: -200,
      into: 'partner',
    },
    {
      insurer: '7095',
      partner_id: 'p09',
      owed_cents: 0,
      before_cents: 50,
      due_cents: -50,
      into: 'partner',
    },
  ])
  expect(payoutOf(settlement(1001, -200), bundled, 'provisional', before).map(({ due_cents }) => due_cents)).toEqual([
    0, 0, 0,
  ])
  // 0.8 of 1,256.25 is 1,005
  expect(payoutOf(settlement(125_625), bundled, 'provisional', [])[0]?.due_cents).toBe(100_500)
})

test('advances are set off against the bundled sum, and never against a gain', () => {
  // a tariff of 37,868.78 of which 80% was advanced on four quarter days, and a gain of 1,083.24: nothing is paid back
  const gained = settlement(108_324)
  const [partner] = gained.partners
  const settled = { partners: [{ ...partner!, bundled_cents: 3_786_878 }] }
  const quarters = [757_376, 757_376, 757_375, 757_375].map((sum) => paidTo('p01', '', sum))
  expect(
    payoutOf(settled, bundled, 'final', quarters).map(({ owed_cents, before_cents, due_cents }) => [
      owed_cents,
      before_cents,
      due_cents,
    ]),
  ).toEqual([[108_324, 0, 108_324]])
  expect(setOffsOf(settled, quarters)).toEqual([
    { partner_id: 'p01', bundled_cents: 3_786_878, advanced_cents: 3_029_502, remainder_cents: 757_376 },
  ])
  // fewer patients came than were advanced for: that much of the tariff goes back, and the gain is paid all the same
  const fewer = { partners: [{ ...partner!, bundled_cents: 3_000_000 }] }
  expect(setOffsOf(fewer, quarters)[0]!.remainder_cents).toBe(-29_502)
  expect(payoutOf(fewer, bundled, 'final', quarters)).toEqual(payoutOf(settled, bundled, 'final', []))
})

test('an advance that an insurer took over against a gain, by the rules of before, is no payment for gain', () => {
  const advance = entriesOfAdvances(
    { paymentId: 'a', paidOn: '2025-01-01' },
    [{ partner_id: 'p01', cents: 301 }],
    'partner',
  )
  const own = entriesOfPayment({ paymentId: 'p', paidOn: '2026-02-01' }, [
    { insurer: '7095', partner_id: 'p01', owed_cents: 1000, before_cents: 301, due_cents: 699, into: 'partner' },
  ])
  const sides = [
    ['insurer', 301, 0],
    ['coalition', 0, 301],
  ] as const
  const takenOver = sides.map(([account, debit_cents, credit_cents]): LedgerEntry => ({
    ...own[0]!,
    entry_id: `over ${account}`,
    account,
    debit_cents,
    credit_cents,
  }))
  const paid = paidIn([...advance, ...own, ...takenOver])
  expect(paid).toEqual([paidTo('p01', '', 301), paidTo('p01', '7095', 699)])
  expect(payoutOf(settlement(1000), bundled, 'final', paid)[0]!.due_cents).toBe(301)
})

test('payments of before insurers paid apart are read as those of the insurers, their advances as the coalition’s', () => {
  const legacy = (id: string, account: 'advances' | 'coalition', sum: number, reverses: string | null = null) => ({
    entry_id: `${id} ${account} ${reverses}`,
    settlement_id: null,
    payment_id: id,
    account,
    partner_id: 'p01',
    insurer: '',
    debit_cents: Math.max(0, sum),
    credit_cents: Math.max(0, -sum),
    posted_on: '2026-01-01' as const,
    reverses,
  })
  const advance = [legacy('a', 'advances', 300), legacy('a', 'coalition', -300)]
  expect(paidIn(advance)).toEqual([paidTo('p01', '', 300)])
  const final = [
    ...advance,
    legacy('b', 'advances', 700),
    legacy('b', 'coalition', -700),
    legacy('b', 'advances', -1000, 'all'),
    legacy('b', 'coalition', 1000, 'all'),
  ]
  const shares = [
    { insurer: '3311', cents: 667 },
    { insurer: '7095', cents: 333 },
  ]
  expect(paidIn(final, new Map([['p01', shares]]))).toEqual([paidTo('p01', '3311', 667), paidTo('p01', '7095', 333)])
})

test('whatever was paid on the way, when every insurer has paid a final settlement nothing is open', () => {
  const share = fc.record({ cents: fc.tuple(cents, cents), part: fc.integer({ min: 0, max: 10 }) })
  const rounds = fc.array(
    fc.record({ of: share, final: fc.boolean(), advance: fc.nat(50_000), reversed: fc.boolean() }),
    { minLength: 1, maxLength: 5 },
  )
  fc.assert(
    fc.property(rounds, (all) => {
      let payments: LedgerEntry[] = []
      all.forEach(({ of, final, advance, reversed }, round) => {
        const payment = (paymentId: string) => ({ paymentId, paidOn: '2026-02-01' }) as const
        payments = [
          ...payments,
          ...entriesOfAdvances(payment(`a${round}`), [{ partner_id: 'p01', cents: advance }], 'partner'),
        ]
        const settled = settlementPaying({
          id: `s${round}`,
          contract: 'c',
          asOf: '2026-01-01',
          payments: of.cents.map((sum, at) => ({
            partnerId: `p0${at + 1}`,
            cents: sum,
            insurers: allocated(sum, [of.part, 11 - of.part]).map((each, i) => ({
              insurer: ['3311', '7095'][i]!,
              cents: each,
            })),
            attribution: [],
          })),
        })
        const lines = payoutOf(settled, bundled, final ? 'final' : 'provisional', paidIn(payments))
        for (const insurer of reversed ? ['7095', '3311'] : ['3311', '7095']) {
          const own = entriesOfPayment(
            payment(`s${round} ${insurer}`),
            lines.filter((line) => line.insurer === insurer),
          )
          expect(differenceOf(own)).toBe(0)
          payments = [...payments, ...own]
        }
        expect(new Set(payments.map(({ entry_id }) => entry_id)).size).toBe(payments.length)
        if (!final) return
        // the tariff's advances stand apart
        const forGain = payments.filter(({ payment_id }) => !payment_id?.startsWith('a'))
        expect(balancesOf([...entriesOf(settled), ...forGain])).toEqual(new Map())
      })
    }),
  )
})

test('settled, corrected, rejected in any order: the ledger says what the last one that was not rejected says', () => {
  const steps = fc.array(fc.record({ cents: fc.tuple(cents, cents), rejects: fc.boolean() }), {
    minLength: 1,
    maxLength: 7,
  })
  fc.assert(
    fc.property(steps, (all) => {
      let book: LedgerEntry[] = []
      const alive: ReturnType<typeof settlement>[] = []
      all.forEach(({ cents, rejects }, step) => {
        const last = alive.at(-1)
        if (rejects && last) {
          alive.pop()
          const heir = alive.at(-1)
          const undoing = heir ? undoingEntriesOf(book, heir.settlement_id) : []
          const undone = [...standingEntriesOf(book), ...undoing]
          book = [...book, ...undone.map((entry) => reversalOf(entry, last.settlement_id, '2026-09-01'))]
        } else {
          const next = { ...settlement(...cents), settlement_id: `s${step}` }
          alive.push(next)
          book = [...book, ...entriesOf(next, standingEntriesOf(book))]
        }
        const expected = alive.length === 0 ? new Map() : balancesOf(entriesOf(alive.at(-1)!))
        expect(balancesOf(book)).toEqual(expected)
        expect(balancesOf(standingEntriesOf(book))).toEqual(expected)
        expect(new Set(book.map(({ entry_id }) => entry_id)).size).toBe(book.length)
        const reversed = book.flatMap(({ reverses }) => reverses ?? [])
        expect(new Set(reversed).size).toBe(reversed.length)
      })
    }),
  )
})
