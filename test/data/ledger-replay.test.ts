/** Random settlements, corrections, duplicates and crashes, several at a time, on a real book: LEDGER_POSTINGS of them. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../data/database.ts'
import type { Run } from '../../data/runs.ts'
import { appendSettlement, brokenEntry, readLedger } from '../../data/settlements.ts'
import { inTransaction } from '../../data/transaction.ts'
import { settlementText } from '../../engine/statement.ts'
import { balances, faultsOf } from '../support/auditor.ts'
import { breakAt } from '../support/breaking.ts'
import { liveStore } from '../support/live.ts'
import { settlementPaying, somePayments, told, type ToldPayment, type ToldSettlement } from '../support/paying.ts'
import { runWorld } from '../support/run-world.ts'

const POSTINGS = Number(process.env.LEDGER_POSTINGS ?? 150)
const AT_ONCE = 6
const DAYS = ['2026-01-01', '2026-03-01', '2026-06-01', '2026-09-01']

let store: Store
let run: Run
beforeAll(async () => {
  store = await liveStore()
  run = (await runWorld(store, 'replay', { partners: [['p0', 'One', 'gp_practice']] }, ['hba1c'])).run
})
afterAll(() => store.close())

/** What one of several clients does while the others do theirs. */
type Operation =
  | {
      readonly kind: 'settle'
      readonly contract: number
      readonly asOf: string
      readonly payments: readonly ToldPayment[]
      /** its connection breaks before this statement; null: it does not */
      readonly breaksAt: number | null
      readonly retries: boolean
    }
  | { readonly kind: 'again' | 'otherContent'; readonly which: number }

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      contract: fc.nat({ max: 2 }),
      asOf: fc.constantFrom(...DAYS),
      payments: somePayments,
      breaksAt: fc.option(fc.integer({ min: 2, max: 9 }), { freq: 2 }),
      retries: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('otherContent' as const), which: fc.nat() }) },
)
const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: AT_ONCE, size: 'max' }), {
  minLength: 1,
  maxLength: 5,
  size: 'max',
})

const asked = new Map<string, ToldSettlement>()
/** ids that somebody was told are posted, and how often */
const confirmed = new Map<string, number>()
/** what the book said once, and up to which entry */
const remembered: { readonly seq: number; readonly said: readonly (readonly [string, number])[] }[] = []
const tally = { operations: 0, crashes: 0 }

async function post(settlement: ToldSettlement, document?: string, breaksAt: number | null = null): Promise<boolean> {
  const content = settlementPaying(settlement)
  return await inTransaction(store, (transaction) => {
    if (breaksAt !== null) breakAt(store, transaction, breaksAt)
    return appendSettlement(transaction, run, content, document ?? settlementText(content), 'anna')
  })
}

const confirm = (id: string, posted: boolean) => void (posted && confirmed.set(id, (confirmed.get(id) ?? 0) + 1))

async function perform(round: number, task: Operation): Promise<void> {
  tally.operations++
  if (task.kind === 'settle') {
    const { contract, asOf, payments, breaksAt, retries } = task
    const settlement = told(`contract ${round} ${contract}`, asOf, payments, asked.size)
    asked.set(settlement.id, settlement)
    try {
      confirm(settlement.id, await post(settlement, undefined, breaksAt))
    } catch (error) {
      if (breaksAt === null) throw error
      tally.crashes++
      if (retries) confirm(settlement.id, await post(settlement))
    }
    return
  }
  const known = [...asked.values()].slice(-2 * AT_ONCE)
  const settlement = known[task.which % Math.max(1, known.length)]
  if (settlement === undefined) return
  if (task.kind === 'again') return confirm(settlement.id, await post(settlement))
  // where it was posted before; where it was not, this document is as good as any and nobody has seen another
  if (confirmed.has(settlement.id))
    await expect(post(settlement, 'something else')).rejects.toThrow('stands already and says something else')
}

/** Settlements in the order in which they were posted, as the store has it. */
async function postedInOrder(): Promise<ToldSettlement[]> {
  const { rows } = await store.pool.query<{ id: string }>('select settlement_id as id from settlement order by seq')
  return rows.map(({ id }) => asked.get(id)!)
}

/** Balances by the database's own sums, as of an entry. */
async function saidBySql(seq: number): Promise<(readonly [string, number])[]> {
  const { rows } = await store.pool.query<{ key: string; cents: number }>(
    `select key, sum(debit_cents - credit_cents)::bigint as cents from (
       select debit_cents, credit_cents, account || case account when 'insurer' then ' ' || insurer
         when 'coalition' then '' else ' ' || partner_id end as key
       from ledger_entry where seq <= $1) keyed
     group by key having sum(debit_cents - credit_cents) <> 0 order by key collate "C"`,
    [seq],
  )
  return rows.map(({ key, cents }) => [key, cents] as const)
}

async function audit(): Promise<void> {
  const book = await readLedger(store)
  const posted = await postedInOrder()
  expect(faultsOf(posted, book)).toEqual([])
  expect(await brokenEntry(store)).toBeNull()
  // whoever was told so can rely on it, and nobody else was told
  expect(new Set(confirmed.keys())).toEqual(new Set(posted.map(({ id }) => id)))
  expect([...confirmed.values()].every((times) => times === 1)).toBe(true)
  const said = [...balances(book)]
  expect(await saidBySql(book.length)).toEqual(said)
  remembered.push({ seq: book.length, said })
}

test(`${POSTINGS} operations by ${AT_ONCE} at once leave nothing for an auditor to find`, async () => {
  let round = 0
  while (tally.operations < POSTINGS) {
    const property = fc.asyncProperty(batches, async (all) => {
      round++
      for (const batch of all) await Promise.all(batch.map((task) => perform(round, task)))
    })
    await fc.assert(property, { numRuns: 5, seed: 20_260_101 + round, endOnFailure: true })
    // the whole book from its first entry: rarer as it grows
    if (tally.operations < 300 || round % 50 === 0) await audit()
  }
  await audit()
  expect(tally.crashes).toBeGreaterThan(0)
  for (const { seq, said } of remembered) expect(await saidBySql(seq), `as of entry ${seq}`).toEqual(said)
}, 900_000)
