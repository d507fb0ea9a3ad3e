import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { allocated } from '../../../engine/kernel/allocation.ts'
import {
  balancesOf,
  brokenLinkOf,
  chained,
  differenceOf,
  entriesOf,
  GENESIS,
  standingEntriesOf,
  type LedgerEntry,
} from '../../../engine/ledger/ledger.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import { settlementInputOf } from '../../support/settlements/settlement-input.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** A settlement that pays these cents, half to the chain's kinds where there is one. */
function paying(id: string, asOf: Day, payments: readonly number[], withChain = true): Settlement {
  const partners = payments.map((_, at) => `p${at}`)
  const settlement = settlementOf(settlementInputOf({ partners, rows: [] }))
  return {
    ...settlement,
    settlement_id: id,
    as_of: asOf,
    partners: settlement.partners.map((partner, at) => {
      const [cents, insurers, kinds] = [payments[at]!, ['3311', '7095'], ['gp_practice', 'diagnostic_centre']]
      const parts = allocated(cents, [1, 2])
      return {
        ...partner,
        payment_cents: cents,
        insurers: insurers.map((insurer, i) => ({ insurer, cents: parts[i]! })),
        attribution: withChain ? kinds.map((kind, i) => ({ kind, cents: parts[i]! })) : [],
      }
    }),
  }
}

const payments = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 6 })

test('money moves from insurer to coalition to partner, and on to the chain', () => {
  const entries = entriesOf(paying('s1', '2026-03-01', [300], false))
  expect(entries.map((e) => [e.account, e.partner_id, e.insurer, e.debit_cents, e.credit_cents])).toEqual([
    ['coalition', 'p0', '3311', 100, 0],
    ['insurer', 'p0', '3311', 0, 100],
    ['coalition', 'p0', '7095', 200, 0],
    ['insurer', 'p0', '7095', 0, 200],
    ['partner', 'p0', '', 300, 0],
    ['coalition', 'p0', '', 0, 300],
  ])
  expect(balancesOf(entries)).toEqual(
    new Map([
      ['insurer 3311', -100],
      ['insurer 7095', -200],
      ['partner p0', 300],
    ]),
  )
  expect(balancesOf(entriesOf(paying('s1', '2026-03-01', [300])))).toEqual(
    new Map([
      ['insurer 3311', -100],
      ['insurer 7095', -200],
      ['chain p0', 300],
    ]),
  )
})

test('a loss moves the other way, and nothing is booked for nothing', () => {
  expect(balancesOf(entriesOf(paying('s1', '2026-03-01', [-300])))).toEqual(
    new Map([
      ['insurer 3311', 100],
      ['insurer 7095', 200],
      ['chain p0', -300],
    ]),
  )
  expect(entriesOf(paying('s1', '2026-03-01', [0, 0]))).toEqual([])
})

test('every settlement balances, in entries of one side each, posted on its as-of day', () => {
  fc.assert(
    fc.property(payments, fc.boolean(), (cents, withChain) => {
      const entries = entriesOf(paying('s1', '2026-03-01', cents, withChain))
      expect(differenceOf(entries)).toBe(0)
      for (const entry of entries) {
        expect([entry.debit_cents, entry.credit_cents].sort((a, b) => a - b)[0]).toBe(0)
        expect(entry.debit_cents + entry.credit_cents).toBeGreaterThan(0)
        expect(entry.posted_on).toBe('2026-03-01')
      }
      expect(new Set(entries.map(({ entry_id }) => entry_id)).size).toBe(entries.length)
    }),
  )
})

test('a correction reverses what stands and leaves the ledger as if only it had been posted, again and again', () => {
  fc.assert(
    fc.property(fc.array(payments, { minLength: 2, maxLength: 4 }), (rounds) => {
      let book: LedgerEntry[] = []
      rounds.forEach((cents, round) => {
        book = [
          ...book,
          ...entriesOf(paying(`s${round}`, `2026-03-0${round + 1}` as Day, cents), standingEntriesOf(book)),
        ]
      })
      const last = entriesOf(paying('alone', '2026-03-01', rounds.at(-1)!))
      expect(balancesOf(book)).toEqual(balancesOf(last))
      expect(new Set(book.map(({ entry_id }) => entry_id)).size).toBe(book.length)
      const undone = book.flatMap(({ reverses }) => reverses ?? [])
      expect(new Set(undone).size).toBe(undone.length)
      for (const id of new Set(book.map(({ settlement_id }) => settlement_id)))
        expect(differenceOf(book.filter(({ settlement_id }) => settlement_id === id))).toBe(0)
    }),
  )
})

test('a reversal posts on the day of the correction, under its id', () => {
  const recorded = entriesOf(paying('s1', '2026-03-01', [300]))
  const [first] = entriesOf(paying('s2', '2026-06-01', [0]), recorded)
  expect(first).toMatchObject({
    settlement_id: 's2',
    posted_on: '2026-06-01',
    reverses: recorded[0]!.entry_id,
    debit_cents: recorded[0]!.credit_cents,
    credit_cents: recorded[0]!.debit_cents,
  })
})

test('the chain shows every change of what was written', () => {
  const first = chained(entriesOf(paying('s1', '2026-03-01', [300, -200])), null, sha256)
  const second = chained(entriesOf(paying('s2', '2026-06-01', [100, 50]), first), first.at(-1)!, sha256)
  const book = [...first, ...second]
  expect(book[0]!.previous_hash).toBe(GENESIS)
  expect(book.map(({ seq }) => seq)).toEqual(book.map((_, at) => at + 1))
  expect(brokenLinkOf(book, sha256)).toBe(-1)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: book.length - 1 }), fc.integer({ min: 1, max: 99 }), (at, more) => {
      const forged = book.map((entry, index) =>
        index === at ? { ...entry, debit_cents: entry.debit_cents + more } : entry,
      )
      expect(brokenLinkOf(forged, sha256)).toBe(at)
      expect(
        brokenLinkOf(
          book.filter((_, index) => index !== at),
          sha256,
        ),
      ).toBe(at === book.length - 1 ? -1 : at)
    }),
  )
})
