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
import { entriesOfAdvances, entriesOfPayment, paidIn, payoutOf } from '../../../engine/ledger/payout.ts'
import { settlementPaying } from '../../support/settlements/paying.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
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
      advanced_cents: 0,
      due_cents: 101,
      into: 'partner',
    },
    {
      insurer: '7095',
      partner_id: 'p02',
      owed_cents: -200,
      before_cents: 0,
      advanced_cents: 0,
      due_cents: -200,
      into: 'partner',
    },
    {
      insurer: '7095',
      partner_id: 'p09',
      owed_cents: 0,
      before_cents: 50,
      advanced_cents: 0,
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

test('advances of the coalition are taken over by the insurers in proportion, and given back to it', () => {
  const two = settlementPaying({
    id: sha256('two'),
    contract: 'c',
    asOf: '2026-01-01',
    payments: [
      {
        partnerId: 'p01',
        cents: 1000,
        insurers: [
          { insurer: '3311', cents: 750 },
          { insurer: '7095', cents: 250 },
        ],
        attribution: [],
      },
    ],
  })
  const lines = payoutOf(two, bundled, 'final', [paidTo('p01', '', 301)])
  expect(lines.map((line) => [line.insurer, line.owed_cents, line.advanced_cents, line.due_cents])).toEqual([
    ['3311', 750, 226, 524],
    ['7095', 250, 75, 175],
  ])
  const entries = entriesOfPayment({ paymentId: 'p', paidOn: '2026-02-01' }, lines.slice(0, 1))
  expect(entries.map((e) => [e.account, e.partner_id, e.insurer, e.debit_cents, e.credit_cents])).toEqual([
    ['insurer', 'p01', '3311', 524, 0],
    ['partner', 'p01', '3311', 0, 524],
    ['insurer', 'p01', '3311', 226, 0],
    ['coalition', 'p01', '3311', 0, 226],
  ])
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
        expect(balancesOf([...entriesOf(settled), ...payments])).toEqual(new Map())
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
