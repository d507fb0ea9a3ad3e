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
import { entriesOfPayment, paidBefore, payoutOf } from '../../../engine/ledger/payout.ts'
import { settlementOn } from '../../support/settlements/plain-settlement.ts'

const bundled = { components: [], advanceShare: 0.8 }
const settlement = (...cents: number[]) => settlementOn('c', '2026-01-01', ...cents)
const cents = fc.integer({ min: -100_000, max: 100_000 })

test('a final settlement pays the difference in either direction, a provisional one its share and takes nothing back', () => {
  const before = new Map([
    ['p01', 900],
    ['p09', 50],
  ])
  expect(payoutOf(settlement(1001, -200), bundled, 'final', before)).toEqual([
    { partner_id: 'p01', owed_cents: 1001, before_cents: 900, due_cents: 101 },
    { partner_id: 'p02', owed_cents: -200, before_cents: 0, due_cents: -200 },
    { partner_id: 'p09', owed_cents: 0, before_cents: 50, due_cents: -50 },
  ])
  expect(payoutOf(settlement(1001, -200), bundled, 'provisional', before).map(({ due_cents }) => due_cents)).toEqual([
    0, 0, 0,
  ])
  // 0.8 of 1,256.25 is 1,005
  expect(payoutOf(settlement(125_625), bundled, 'provisional', new Map())[0]?.due_cents).toBe(100_500)
})

test('whatever was paid on the way, after a final payment everybody has what the last settlement says and no advance stands', () => {
  const rounds = fc.array(fc.record({ cents: fc.tuple(cents, cents), final: fc.boolean(), advance: fc.nat(50_000) }), {
    minLength: 1,
    maxLength: 5,
  })
  fc.assert(
    fc.property(rounds, (all) => {
      let payments: LedgerEntry[] = []
      all.forEach(({ cents, final, advance }, round) => {
        const lines = [{ partner_id: 'p01', owed_cents: advance, before_cents: 0, due_cents: advance }]
        const pay = (paymentId: string, ...of: Parameters<typeof payoutOf>) =>
          entriesOfPayment({ paymentId, paidOn: '2026-02-01' }, payoutOf(...of), of[2], payments)
        payments = [
          ...payments,
          ...entriesOfPayment({ paymentId: `a${round}`, paidOn: '2026-01-01' }, lines, 'provisional', payments),
        ]
        const finality = final ? 'final' : 'provisional'
        const own = pay(`s${round}`, settlement(...cents), bundled, finality, paidBefore(payments))
        expect(differenceOf(own)).toBe(0)
        payments = [...payments, ...own]
        expect(new Set(payments.map(({ entry_id }) => entry_id)).size).toBe(payments.length)
        if (!final) return
        const paid = paidBefore(payments)
        expect([paid.get('p01') ?? 0, paid.get('p02') ?? 0]).toEqual(cents)
        expect(balancesOf(payments)).toEqual(new Map())
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
