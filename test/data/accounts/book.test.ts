/** The book by account: expected, owed, paid and open, of each region its own. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBook } from '../../../data/accounts/book.ts'
import { listPayments } from '../../../data/accounts/payment-list.ts'
import { asIdentity, asSigner } from '../../../data/access/request-store.ts'
import type { Role } from '../../../data/access/keys.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { openRun, type Run } from '../../../data/runs/runs.ts'
import { actOn } from '../../../data/settlements/lifecycle.ts'
import { appendSettlement, post, readSettlement } from '../../../data/settlements/settlements.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { LedgerEntry } from '../../../engine/ledger/ledger.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'
import { liveStore } from '../../support/services/live.ts'
import { regionRun } from '../../support/regions/region-run.ts'
import { settlementPaying } from '../../support/settlements/paying.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { through } from '../../support/settlements/through.ts'

let store: Store
let noord: Run
let zuid: Run
beforeAll(async () => {
  store = await liveStore()
  const partners = { partners: [['p01', 'One', 'gp_practice']] } as const
  noord = (await regionRun(store, 'noord', partners, ['hba1c'])).run
  zuid = (await regionRun(store, 'zuid', partners, ['hba1c'])).run
})
afterAll(() => store.close())

/** Prepares a settlement of a contract that pays p01, two thirds by 3311 and one by 7095. */
async function prepared(run: Run, contract: string, asOf: Day, cents: number): Promise<string> {
  const id = sha256(`${contract} ${run.regionId} ${asOf} ${cents}`)
  const insurers = [
    { insurer: '3311', cents: cents - Math.round(cents / 3) },
    { insurer: '7095', cents: Math.round(cents / 3) },
  ]
  const payments = [{ partnerId: 'p01', cents, insurers, attribution: [] }]
  const settlement = settlementPaying({ id, contract, asOf, payments })
  const own = await openRun(store, { ...run, runId: id, asOf }, { partners: [], insurers: [] })
  await inTransaction(store, (transaction) =>
    appendSettlement(transaction, own, settlement, settlementText(settlement), 'analyst:ann'),
  )
  return id
}

/** expected, owed, paid and open of each account. */
const book = async (contract: string, { regionId }: Run = noord) =>
  Object.fromEntries(
    (await readBook(store, { contractId: contract, regionId })).map(
      ({ account, party, expected, owed, paid, open }) => [`${account} ${party}`.trim(), [expected, owed, paid, open]],
    ),
  )

describe('an account', () => {
  test('is expected, then owed, then paid; open until each insurer has paid its own', async () => {
    const id = await prepared(noord, 'walk', '2026-01-01', 900)
    const expected = { 'insurer 3311': [-600, 0, 0, 0], 'insurer 7095': [-300, 0, 0, 0], 'partner p01': [900, 0, 0, 0] }
    expect(await book('walk')).toEqual(expected)
    await through(store, id, '2026-02-01', ['review'])
    await actOn(store, { settlementId: id, act: 'release', by: 'insurer:7095' })
    expect(await book('walk')).toEqual(expected)
    await actOn(store, { settlementId: id, act: 'release', by: 'insurer:3311' })
    expect(await book('walk')).toEqual({
      'insurer 3311': [0, -600, 0, -600],
      'insurer 7095': [0, -300, 0, -300],
      'partner p01': [0, 900, 0, 900],
    })
    await actOn(store, { settlementId: id, act: 'pay', by: 'analyst:dora', insurer: '7095' })
    expect(await book('walk')).toEqual({
      'insurer 3311': [0, -600, 0, -600],
      'insurer 7095': [0, -300, -300, 0],
      'partner p01': [0, 900, 300, 600],
    })
    await actOn(store, { settlementId: id, act: 'pay', by: 'insurer:3311/eve' })
    expect((await book('walk'))['partner p01']).toEqual([0, 900, 900, 0])
  })

  test('of a correction is expected to change by it, and does when it is released; a rejected one leaves nothing', async () => {
    const first = await prepared(noord, 'corrected', '2026-01-01', 900)
    await through(store, first, '2026-02-01', ['review', 'release', 'pay'])
    const second = await prepared(noord, 'corrected', '2026-03-01', 600)
    expect(await book('corrected')).toMatchObject({ 'partner p01': [-300, 900, 900, 0] })
    await through(store, second, '2026-03-02', ['reject'])
    expect(await book('corrected')).toMatchObject({ 'partner p01': [0, 900, 900, 0] })
    const third = await prepared(noord, 'corrected', '2026-04-01', 1200)
    await through(store, third, '2026-04-02', ['review', 'release'])
    expect(await book('corrected')).toMatchObject({ 'partner p01': [0, 1200, 900, 300] })
    await through(store, third, '2026-04-03', ['pay'])
    expect(await book('corrected')).toMatchObject({
      'insurer 3311': [0, -800, -800, 0],
      'insurer 7095': [0, -400, -400, 0],
      'partner p01': [0, 1200, 1200, 0],
    })
  })

  test('of one that was corrected before anybody released it is owed once', async () => {
    await prepared(noord, 'never released', '2026-01-01', 900)
    const second = await prepared(noord, 'never released', '2026-03-01', 600)
    await through(store, second, '2026-03-02', ['review', 'release'])
    expect(await book('never released')).toMatchObject({ 'partner p01': [0, 600, 0, 600] })
  })

  test('of one contract in two regions is two', async () => {
    await prepared(noord, 'shared name', '2026-01-01', 900)
    await prepared(zuid, 'shared name', '2026-01-01', 30)
    expect((await book('shared name'))['partner p01']).toEqual([900, 0, 0, 0])
    expect((await book('shared name', zuid))['partner p01']).toEqual([30, 0, 0, 0])
    const lines = await readBook(store, { contractId: 'shared name' })
    expect(
      lines.filter(({ account }) => account === 'partner').map(({ region, expected }) => [region, expected]),
    ).toEqual([
      ['noord', 900],
      ['zuid', 30],
    ])
    const seen = await asIdentity(
      store,
      { regionId: zuid.regionId, role: 'analyst', subject: 'ann' },
      async (own) => await readBook(own, { contractId: 'shared name' }),
    )
    expect(new Set(seen.map(({ region }) => region))).toEqual(new Set(['zuid']))
  })

  test('that was paid for all insurers at once, before they paid apart, is closed as it was', async () => {
    const id = await prepared(noord, 'of before', '2026-01-01', 900)
    await through(store, id, '2026-02-01', ['review', 'release'])
    const paymentId = sha256('payment of before')
    await inTransaction(store, async (transaction) => {
      await transaction.client.query('set local session_replication_role = replica')
      await transaction.client.query(
        `insert into payment (payment_id, contract_id, region_id, settlement_id, paid_by, paid_on) values ($1, 'of before', $2, $3, 'dora', '2026-02-02')`,
        [paymentId, noord.regionId, id],
      )
      await transaction.client.query(
        `insert into settlement_event (settlement_id, step, state, acted_by, acted_on) values ($1, 3, 'paid', 'dora', '2026-02-02')`,
        [id],
      )
      const side = (account: 'advances' | 'coalition', cents: number, reverses: string | null): LedgerEntry => ({
        entry_id: `${paymentId}.${account}.${cents}`,
        settlement_id: null,
        payment_id: paymentId,
        account,
        partner_id: 'p01',
        insurer: '',
        debit_cents: Math.max(0, cents),
        credit_cents: Math.max(0, 0 - cents),
        posted_on: '2026-02-02',
        reverses,
      })
      const paid = [side('advances', 900, null), side('coalition', -900, null)]
      const setOff = [side('advances', -900, paid[0]!.entry_id), side('coalition', 900, paid[1]!.entry_id)]
      await post(transaction, [...paid, ...setOff])
    })
    expect(await book('of before')).toEqual({
      'insurer 3311': [0, -600, -600, 0],
      'insurer 7095': [0, -300, -300, 0],
      'partner p01': [0, 900, 900, 0],
    })
    expect((await listPayments(store, { regionId: noord.regionId, contractId: 'of before' }))[0]).toMatchObject({
      insurer: '',
      cents: 900,
    })
    const later = await prepared(noord, 'of before', '2026-03-01', 1200)
    await through(store, later, '2026-03-02', ['review', 'release', 'pay'])
    expect(await book('of before')).toEqual({
      'insurer 3311': [0, -800, -800, 0],
      'insurer 7095': [0, -400, -400, 0],
      'partner p01': [0, 1200, 1200, 0],
    })
  })

  test('sums to nothing over all parties, in every column', async () => {
    const columns = ['expected', 'owed', 'paid', 'open'] as const
    const lines = await readBook(store)
    for (const column of columns) expect(lines.reduce((sum, line) => sum + line[column], 0)).toBe(0)
  })
})

/** Who tries what next, on the last settlements of a contract. */
const tries = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('prepare' as const),
        month: fc.integer({ min: 1, max: 6 }),
        cents: fc.integer({ min: -90_000, max: 90_000 }),
      }),
    },
    // as it should go, so that there is something to try on
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant('go on' as const), acts: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 7,
      arbitrary: fc.record({
        act: fc.constantFrom('review' as const, 'release' as const, 'pay' as const, 'reject' as const),
        back: fc.nat({ max: 1 }),
        by: fc.constantFrom(
          'analyst:ann',
          'analyst:bob',
          'analyst:dora',
          'insurer:3311',
          'insurer:7095',
          'insurer:7095/eve',
          'insurer:1111',
        ),
        insurer: fc.option(fc.constantFrom('3311', '7095', '1111'), { nil: undefined }),
      }),
    },
  ),
  { minLength: 8, maxLength: 30, size: 'max' },
)

test('whatever two insurers and their analysts try, in any order, the accounts say what was decided, and none moves another’s money', async () => {
  let round = 0
  const done: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(tries, async (all) => {
      const contract = `tried ${++round}`
      const made: { id: string; asOf: Day; cents: number; place: number }[] = []
      for (const each of all) {
        const before = await book(contract)
        if (each.act === 'prepare') {
          const asOf = `2026-0${each.month}-01` as Day
          if (made.some((other) => other.asOf === asOf && other.cents === each.cents)) continue
          made.push({
            id: await prepared(noord, contract, asOf, each.cents),
            asOf,
            cents: each.cents,
            place: made.length,
          })
        } else if (each.act === 'go on') {
          const last = made.at(-1)
          for (const act of (['review', 'release', 'pay'] as const).slice(0, last ? each.acts : 0))
            await through(store, last!.id, '2026-10-01', [act]).then(
              () => (done[act] = (done[act] ?? 0) + 1),
              (error: unknown) => expect(error).toBeInstanceOf(Refusal),
            )
        } else {
          const settlement = made.at(-1 - each.back)
          if (!settlement) continue
          const { act, by, insurer } = each
          const tried = await actOn(store, { settlementId: settlement.id, act, by, insurer }).catch(
            (error: unknown) => {
              if (error instanceof Refusal) return null
              throw error
            },
          )
          if (tried) done[act] = (done[act] ?? 0) + 1
          const after = await book(contract)
          const mover = insurer ?? by.slice('insurer:'.length, 'insurer:7095'.length)
          for (const other of ['3311', '7095'].filter((name) => by.startsWith('insurer:') && name !== mover))
            expect(after[`insurer ${other}`]?.[2] ?? 0).toBe(before[`insurer ${other}`]?.[2] ?? 0)
          if (tried === null) expect(after).toEqual(before)
        }
        await expectDecided(contract, made)
      }
    }),
    { numRuns: 8, seed: 20_260_101, endOnFailure: true },
  )
  for (const act of ['review', 'release', 'pay', 'reject']) expect(done[act]).toBeGreaterThan(0)
}, 120_000)

/** The accounts against the states alone: owed is what the last released settlement says, and expected brings it to the one in force. */
async function expectDecided(
  contract: string,
  made: readonly { id: string; asOf: Day; cents: number; place: number }[],
): Promise<void> {
  const states = new Map<string, { state: string; released: boolean }>()
  for (const { id } of made) {
    const { state, releasedOn } = await readSettlement(store, id)
    states.set(id, { state, released: releasedOn !== null })
  }
  const latest = [...made].sort((a, b) => (a.asOf === b.asOf ? a.place - b.place : a.asOf < b.asOf ? -1 : 1))
  const inForce = latest.findLast(({ id }) => states.get(id)!.state !== 'rejected')?.cents ?? 0
  const owed = latest.findLast(({ id }) => states.get(id)!.released)?.cents ?? 0
  const [expected, says] = (await book(contract))['partner p01'] ?? [0, 0]
  expect([contract, says, expected]).toEqual([contract, owed, inForce - owed])
}

describe('whoever was let in', () => {
  const signer = (role: Role, subject: string, { regionId }: Run) => ({ regionId, role, subject })

  test('acts in its own region alone', async () => {
    const settlementId = await prepared(noord, 'elsewhere', '2026-01-01', 90)
    const review = (run: Run) =>
      asSigner(store, signer('analyst', 'bob', run), (own) =>
        actOn(own, { settlementId, act: 'review', by: 'analyst:bob' }),
      )
    await expect(review(zuid)).rejects.toMatchObject({ constraint: 'of_the_region' })
    expect((await review(noord)).lifecycle).toHaveLength(2)
  })

  test('signs as the party that the database let in, and may name the person', async () => {
    const settlementId = await prepared(noord, 'people', '2026-01-01', 90)
    await through(store, settlementId, '2026-02-01', ['review'])
    const approve = (by: string) =>
      asSigner(store, signer('insurer', '7095', noord), (own) =>
        actOn(own, { settlementId, act: 'release', by, insurer: '7095' }),
      )
    await expect(approve('insurer:7095x')).rejects.toMatchObject({ code: 'not_concerned' })
    await expect(
      asSigner(store, signer('insurer', '3311', noord), (own) =>
        actOn(own, { settlementId, act: 'release', by: 'insurer:7095/eve' }),
      ),
    ).rejects.toMatchObject({ constraint: 'signed_by_the_identity' })
    const { approvals } = await approve('insurer:7095/anna')
    expect(approvals).toMatchObject([{ insurer: '7095', by: 'insurer:7095/anna' }])
  })
})
