/** Random settlements, corrections, rejections, payments, advances, duplicates and crashes, several at a time, on real books:
 *  LEDGER_POSTINGS of them, STORE_POSTINGS to a book. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { appendContract } from '../../../data/region/contracts.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { actOn, type ActOrder } from '../../../data/settlements/lifecycle.ts'
import { payAdvance } from '../../../data/settlements/payments.ts'
import { openRun, type Run } from '../../../data/runs/runs.ts'
import { appendSettlement, brokenEntry, readLedger } from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import type { Finality } from '../../../engine/ledger/lifecycle.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'
import { balances, faultsOf, type Posting } from '../../support/oracles/auditor.ts'
import { breakAt, breakingStore } from '../../support/oracles/breaking.ts'
import { liveStore } from '../../support/services/live.ts'
import {
  fewPayments,
  settlementPaying,
  settlementSpec,
  type PaymentSpec,
  type SettlementSpec,
} from '../../support/settlements/paying.ts'
import { signerFor } from '../../support/settlements/released.ts'
import { contractOn, regionRun } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

const POSTINGS = Number(process.env.LEDGER_POSTINGS ?? 2000)
const STORE_POSTINGS = 5000
const AT_ONCE = 6
const DAYS: readonly Day[] = ['2026-01-01', '2026-03-01', '2026-06-01', '2026-09-01']
const SHARE = 0.5
const HANDS = { review: 'analyst:bert', pay: 'analyst:dora', reject: 'analyst:anna' } as const

/** What one of several clients does while the others do theirs. */
type Operation =
  | {
      readonly kind: 'settle'
      readonly contract: number
      readonly asOf: Day
      readonly payments: readonly PaymentSpec[]
      /** its connection breaks before this statement; null: it does not */
      readonly breaksAt: number | null
      readonly retries: boolean
    }
  | { readonly kind: 'again' | 'otherContent'; readonly which: number }
  | { readonly kind: 'reject'; readonly which: number; readonly breaksAt: number | null }
  | {
      readonly kind: 'pay'
      readonly which: number
      readonly finality: Finality
      /** one insurer pays, and the others later or never; else an analyst pays for all */
      readonly one: boolean
      readonly breaksAt: number | null
    }
  | { readonly kind: 'advance'; readonly contract: number; readonly cents: readonly number[] }

const breaksAt = fc.oneof(
  { weight: 20, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 9 }) },
)
const which = fc.nat()
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      contract: fc.nat({ max: 2 }),
      asOf: fc.constantFrom(...DAYS),
      payments: fewPayments,
      breaksAt,
      retries: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('otherContent' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), which, breaksAt }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      which,
      finality: fc.constantFrom('provisional' as const, 'final' as const),
      one: fc.boolean(),
      breaksAt,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      contract: fc.nat({ max: 2 }),
      cents: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 3 }),
    }),
  },
)
const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: AT_ONCE, size: 'max' }), {
  minLength: 1,
  maxLength: 5,
  size: 'max',
})

/** What a settlement may be refused for while others act on it or correct it. */
const FORESEEN = [
  'not_in_order',
  'corrected_since',
  'final_stands',
  'other_finality',
  'already_approved',
  'already_paid',
]

/** One ledger, and the answers to those who posted. */
class Clients {
  readonly asked = new Map<string, SettlementSpec>()
  readonly advances = new Map<string, Posting & { readonly kind: 'advance' }>()
  /** settlements, acts and advances that were confirmed to a client, and how often */
  readonly confirmed = new Map<string, number>()
  /** shares that were confirmed as paid */
  readonly paid = new Set<string>()
  readonly tally = { operations: 0, crashes: 0, payments: 0, rejections: 0 }
  private latest: string[] = []

  constructor(
    readonly store: Store,
    private readonly run: Run,
  ) {}

  async perform(round: number, task: Operation): Promise<void> {
    this.tally.operations++
    if (task.kind === 'settle') return await this.settle(round, task)
    if (task.kind === 'advance') return await this.advance(`contract ${round} ${task.contract}`, task.cents)
    const id = this.latest[task.which % Math.max(1, this.latest.length)]
    if (id === undefined) return
    const settlement = this.asked.get(id)!
    if (task.kind === 'again') return this.confirm(`settlement ${id}`, await this.post(settlement))
    if (task.kind === 'otherContent') {
      // where it was posted before; where it was not, this document is as good as any and nobody has seen another
      if (this.confirmed.has(`settlement ${id}`))
        await expect(this.post(settlement, 'something else')).rejects.toThrow('stands already and says something else')
      return
    }
    if (!this.confirmed.has(`settlement ${id}`)) return
    if (task.kind === 'reject')
      return await this.act({ settlementId: id, act: 'reject', by: HANDS.reject }, task.breaksAt)
    if (task.kind !== 'pay') return
    await this.act({ settlementId: id, act: 'review', by: HANDS.review }, null)
    const insurers = insurersOf(settlement)
    for (const insurer of insurers)
      await this.act({ settlementId: id, act: 'release', by: signerFor(insurer), finality: task.finality }, null)
    const whose = task.one ? insurers[task.which % insurers.length] : undefined
    await this.act({ settlementId: id, act: 'pay', by: HANDS.pay, insurer: whose }, task.breaksAt)
  }

  private async settle(round: number, task: Operation & { readonly kind: 'settle' }): Promise<void> {
    const settlement = settlementSpec(`contract ${round} ${task.contract}`, task.asOf, task.payments, this.asked.size)
    this.asked.set(settlement.id, settlement)
    this.latest = [...this.latest, settlement.id].slice(-2 * AT_ONCE)
    const key = `settlement ${settlement.id}`
    try {
      this.confirm(key, await this.post(settlement, undefined, task.breaksAt))
    } catch (error) {
      if (task.breaksAt === null) throw error
      this.tally.crashes++
      if (task.retries) this.confirm(key, await this.post(settlement))
    }
  }

  private async post(settlement: SettlementSpec, document?: string, breaks: number | null = null): Promise<boolean> {
    const content = settlementPaying(settlement)
    return await inTransaction(this.store, (transaction) => {
      if (breaks !== null) breakAt(this.store, transaction, breaks)
      return appendSettlement(transaction, this.run, content, document ?? settlementText(content), 'analyst:anna')
    })
  }

  /** Others act at the same time, so that it may be too late. */
  private async act(order: ActOrder, breaks: number | null): Promise<void> {
    const store = breaks === null ? this.store : breakingStore(this.store, breaks)
    const { settlementId, act } = order
    try {
      const { payments } = await actOn(store, order)
      if (act === 'pay') {
        this.tally.payments++
        for (const { insurer } of payments)
          if (order.insurer === undefined || order.insurer === insurer) this.paid.add(`pay ${settlementId} ${insurer}`)
      }
    } catch (error) {
      if (error instanceof Refusal && FORESEEN.includes(error.code)) return
      if (breaks === null) throw error
      this.tally.crashes++
      return
    }
    if (act === 'reject') this.tally.rejections++
    if (act === 'review' || act === 'reject') this.confirm(`${act} ${settlementId}`, true)
    if (act === 'release') this.confirm(`release ${settlementId} ${order.by}`, true)
  }

  private async advance(contract: string, each: readonly number[]): Promise<void> {
    const quarterDay = DAYS[0]!
    const cents = each.map((sum, at) => [`p${at}`, sum] as const)
    const partners = cents.map(([partner_id, sum]) => ({ partner_id, cents: sum }))
    const of = { contractId: contract, regionId: this.run.regionId, contract: { attribution: [] } }
    try {
      if (!(await payAdvance(this.store, { ...of, quarterDay, partners, by: HANDS.pay }))) return
    } catch (error) {
      if (error instanceof Refusal && error.code === 'advance_differs') return
      throw error
    }
    this.confirm(`advance ${contract}`, true)
    this.advances.set(contract, { kind: 'advance', paymentId: '', contract, on: '', cents })
  }

  private confirm(key: string, done: boolean): void {
    if (done) this.confirmed.set(key, (this.confirmed.get(key) ?? 0) + 1)
  }

  /** Everything that posts, in its order: whoever posts holds the ledger's lock from before its first write, so that transactions number themselves in that order. */
  async postings(): Promise<Posting[]> {
    const { rows } = await this.store.pool.query<{
      kind: Posting['kind']
      id: string
      payment: string
      insurer: string
      finality: Finality
      on: Day
    }>(
      `select kind, id, payment, insurer, finality, acted as on from (
         select 'settlement' as kind, settlement_id as id, null as payment, null as insurer, null as finality, null::date as acted,
                xmin::text::bigint as placed, 0::bigint as seq from settlement
         union all select 'rejection', settlement_id, null, null, null, acted_on, xmin::text::bigint, 0 from settlement_event where state = 'rejected'
         union all select 'payment', p.settlement_id, p.payment_id, p.insurer, r.finality, p.paid_on, p.xmin::text::bigint, p.seq
           from payment p join settlement_event r on r.settlement_id = p.settlement_id and r.state = 'released'
         union all select 'advance', contract_id, payment_id, null, null, paid_on, xmin::text::bigint, seq from payment where settlement_id is null) posting
       order by placed, seq`,
    )
    return rows.map(({ kind, id, payment: paymentId, insurer, finality, on }): Posting => {
      if (kind === 'settlement') return { kind, settlement: this.asked.get(id)! }
      if (kind === 'rejection') return { kind, settlementId: id, on }
      if (kind === 'advance') return { ...this.advances.get(id)!, paymentId, on }
      return { kind, paymentId, settlementId: id, insurer, on, share: finality === 'final' ? null : SHARE }
    })
  }
}

const insurersOf = ({ payments }: SettlementSpec): string[] => [
  ...new Set(payments.flatMap(({ insurers }) => insurers.map(({ insurer }) => insurer))),
]

/** Balances by the database's own sums, as of an entry. */
async function saidBySql(store: Store, seq: number): Promise<(readonly [string, number])[]> {
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

/** @returns what the ledger says, and up to which entry */
async function audit(clients: Clients) {
  const { store, confirmed } = clients
  const book = await readLedger(store)
  const posted = await clients.postings()
  expect(faultsOf(posted, book)).toEqual([])
  expect(await brokenEntry(store)).toBeNull()
  // a confirmation is reliable, and no other was given
  const { rows } = await store.pool.query<{ key: string }>(
    `select 'settlement ' || settlement_id as key from settlement
     union all select case state when 'reviewed' then 'review' else 'reject' end || ' ' || settlement_id from settlement_event
       where state in ('reviewed', 'rejected')
     union all select 'release ' || settlement_id || ' ' || acted_by from settlement_approval
     union all select 'advance ' || contract_id from payment where settlement_id is null`,
  )
  expect([...confirmed.keys()].sort()).toEqual(rows.map(({ key }) => key).sort())
  expect([...confirmed.values()].every((times) => times === 1)).toBe(true)
  const shares = await store.pool.query<{ key: string }>(
    `select 'pay ' || settlement_id || ' ' || insurer as key from payment where settlement_id is not null`,
  )
  expect([...clients.paid].sort()).toEqual(shares.rows.map(({ key }) => key).sort())
  const said = [...balances(book)]
  expect(await saidBySql(store, book.length)).toEqual(said)
  return { seq: book.length, said }
}

async function clientsOfALedger(): Promise<Clients> {
  const store = await liveStore()
  const { run } = await regionRun(store, 'replay', { partners: [['p0', 'One', 'gp_practice']] }, ['hba1c'])
  const contract = { ...contractOn('replayed', 'hba1c'), bundled: { components: [], advanceShare: SHARE } }
  await appendContract(store, run.regionId, { contractSha256: sha256('replayed'), contract, yaml: '' })
  const own = { ...run, runId: 'replayed', contractSha256: sha256('replayed') }
  return new Clients(store, await openRun(store, own, { partners: [], insurers: [] }))
}

test(`${POSTINGS} operations by ${AT_ONCE} at once leave nothing for an auditor to find`, async () => {
  let [round, operations] = [0, 0]
  while (operations < POSTINGS) {
    const clients = await clientsOfALedger()
    const { tally, store } = clients
    const remembered: Awaited<ReturnType<typeof audit>>[] = []
    const wanted = Math.min(POSTINGS - operations, STORE_POSTINGS)
    while (tally.operations < wanted) {
      const property = fc.asyncProperty(batches, async (all) => {
        round++
        for (const batch of all) await Promise.all(batch.map((task) => clients.perform(round, task)))
      })
      await fc.assert(property, { numRuns: 5, seed: 20_260_101 + round, endOnFailure: true })
      // the whole book from its first entry: rarer as it grows
      if (tally.operations < 300 || round % 150 === 0) remembered.push(await audit(clients))
    }
    await audit(clients)
    for (const { seq, said } of remembered) expect(await saidBySql(store, seq), `as of entry ${seq}`).toEqual(said)
    for (const each of [tally.crashes, tally.payments, tally.rejections]) expect(each).toBeGreaterThan(0)
    operations += tally.operations
    await store.close()
  }
}, 1_800_000)
