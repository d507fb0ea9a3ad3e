import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { appendContract } from '../../../data/region/contracts.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { actOn } from '../../../data/settlements/lifecycle.ts'
import { readLifecycle } from '../../../data/settlements/standing.ts'
import { migrationTexts } from '../../../data/postgres/migrate.ts'
import { payAdvance, readPayout } from '../../../data/settlements/payments.ts'
import type { Run } from '../../../data/runs/runs.ts'
import { brokenEntry, ledgerHead, readLedger, readSettlement } from '../../../data/settlements/settlements.ts'
import type { Act, Finality } from '../../../engine/ledger/lifecycle.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import { withDatabase } from '../../support/services/database-url.ts'
import { liveStore } from '../../support/services/live.ts'
import { onDay } from '../../support/services/on-day.ts'
import { trialBalance, type TrialQuery } from '../../support/oracles/trial-balance.ts'
import { appendPlain, settlementOn } from '../../support/settlements/plain-settlement.ts'
import { contractOn, regionRun } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let store: Store
let run: Run
beforeAll(async () => {
  store = await liveStore()
  run = (await regionRun(store, 'life', { partners: [['p01', 'One', 'gp_practice']] }, ['hba1c'])).run
  const bundled = { components: [], advanceShare: 0.8 }
  const contract = { ...contractOn('with advances', 'hba1c'), bundled }
  await appendContract(store, run.regionId, { contractSha256: sha256('with advances'), contract, yaml: '' })
})
afterAll(() => store.close())

const withAdvances = (): Run => ({ ...run, contractSha256: sha256('with advances') })
const HANDS = { review: 'analyst:bert', release: 'insurer:7095', pay: 'analyst:dora', reject: 'analyst:anna' } as const
const act = (settlement: Settlement, act: Act, by: string = HANDS[act], on: Day = '2026-04-01', finality?: Finality) =>
  onDay(store, on, (day) => actOn(day, { settlementId: settlement.settlement_id, act, by, finality }))
const prepared = async (contract: string, asOf: Day, ...cents: number[]) => {
  const settlement = settlementOn(contract, asOf, ...cents)
  await appendPlain(store, contract.startsWith('adv') ? withAdvances() : run, settlement)
  return settlement
}
const through = async (settlement: Settlement, acts: readonly Act[], on: Day = '2026-04-01', finality?: Finality) => {
  for (const each of acts) await act(settlement, each, HANDS[each], on, each === 'release' ? finality : undefined)
}
const balances = (contract: string, of: TrialQuery = {}) => trialBalance(store, { contract, ...of })
const due = async (settlement: Settlement) =>
  (await readPayout(store, await readSettlement(store, settlement.settlement_id), settlement)).map(
    ({ owed_cents, before_cents, due_cents }) => [owed_cents, before_cents, due_cents],
  )

describe('a life', () => {
  test('goes from prepared to paid, every act with its hands, day and note', async () => {
    const settlement = await prepared('whole', '2026-01-01', 1000)
    const { settlement_id: settlementId } = settlement
    const note = 'sampled ten receipts'
    await onDay(store, '2026-02-01', (day) => actOn(day, { settlementId, act: 'review', by: 'analyst:bert', note }))
    await act(settlement, 'release', 'insurer:7095', '2026-02-03')
    const { lifecycle, approvals, payments } = await act(settlement, 'pay', 'analyst:dora', '2026-02-05')
    expect([approvals, payments]).toMatchObject([
      [{ insurer: '7095', by: 'insurer:7095', on: '2026-02-03', finality: 'final' }],
      [{ insurer: '7095', by: 'analyst:dora', on: '2026-02-05' }],
    ])
    expect(lifecycle.map(({ state, by, on, note, finality }) => [state, by, on, note, finality])).toEqual([
      ['prepared', 'analyst:anna', '2026-01-01', '', null],
      ['reviewed', 'analyst:bert', '2026-02-01', 'sampled ten receipts', null],
      ['released', 'insurer:7095', '2026-02-03', '', 'final'],
      ['paid', 'analyst:dora', '2026-02-05', '', null],
    ])
    expect(await readSettlement(store, settlementId)).toMatchObject({
      state: 'paid',
      status: 'final',
      releasedBy: 'insurer:7095',
      releasedOn: '2026-02-03',
    })
  })

  test.each([
    ['review', 'analyst:anna', 'own_review'],
    ['review', 'insurer:7095', 'not_concerned'],
    ['reject', 'insurer:3311', 'not_concerned'],
    ['reject', 'partner:p01', 'not_concerned'],
    ['release', 'insurer:7095', 'not_in_order'],
    ['pay', 'analyst:dora', 'not_in_order'],
  ] as const)('that is prepared refuses to %s by %s', async (what, by, code) => {
    const settlement = await prepared('refused 1', '2026-01-01', 10)
    await expect(act(settlement, what, by)).rejects.toMatchObject({ code })
  })

  test.each([
    ['release', 'analyst:cas', 'not_concerned'],
    ['release', 'insurer:3311', 'not_concerned'],
    ['review', 'analyst:cas', 'not_in_order'],
    ['pay', 'analyst:dora', 'not_in_order'],
  ] as const)('that is reviewed refuses to %s by %s', async (what, by, code) => {
    const settlement = await prepared('refused 2', '2026-01-01', 10)
    if ((await readSettlement(store, settlement.settlement_id)).state === 'prepared') await act(settlement, 'review')
    await expect(act(settlement, what, by)).rejects.toMatchObject({ code })
  })

  test('that is released is not rejected, nor released twice, nor paid by who reviewed or approved it', async () => {
    const settlement = await prepared('refused 3', '2026-01-01', 10)
    await through(settlement, ['review', 'release'], '2026-03-01')
    for (const each of ['reject', 'release', 'review'] as const)
      await expect(act(settlement, each, 'analyst:zeno')).rejects.toMatchObject({ code: 'not_in_order' })
    await expect(act(settlement, 'pay', 'analyst:bert')).rejects.toMatchObject({ code: 'own_payment' })
    await expect(act(settlement, 'pay', 'insurer:7095')).rejects.toMatchObject({ code: 'own_payment' })
    await expect(act(settlement, 'pay', 'insurer:3311')).rejects.toMatchObject({ code: 'not_concerned' })
    await expect(actOn(store, { settlementId: 'none', act: 'review', by: 'analyst:bert' })).rejects.toThrow(
      'There is no settlement "none"',
    )
  })

  test('is guarded by the database itself, whoever writes to it', async () => {
    const { settlement_id } = await prepared('guarded', '2026-01-01', 10)
    const write = (step: number, state: string, by: string, on = '2026-04-01') =>
      store.pool.query(
        'insert into settlement_event (settlement_id, step, state, acted_by, acted_on, finality) values ($1, $2, $3, $4, $5, $6)',
        [settlement_id, step, state, by, on, state === 'released' ? 'final' : null],
      )
    await expect(write(1, 'reviewed', 'analyst:anna')).rejects.toMatchObject({ constraint: 'four_eyes' })
    await expect(write(1, 'reviewed', 'insurer:7095')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(write(1, 'released', 'insurer:7095')).rejects.toMatchObject({ constraint: 'life_in_order' })
    await expect(write(1, 'rejected', 'analyst:anna')).rejects.toMatchObject({ constraint: 'rejected_is_reversed' })
    await expect(write(1, 'rejected', 'insurer:3311')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(write(1, 'reviewed', 'analyst:bert', '2025-12-31')).rejects.toMatchObject({
      constraint: 'days_in_order',
    })
    await expect(write(1, 'reviewed', 'analyst:bert', '2099-01-01')).rejects.toMatchObject({
      constraint: 'not_ahead_of_today',
    })
    const approve = (insurer: string, by: string, finality = 'final') =>
      store.pool.query(
        'insert into settlement_approval (settlement_id, insurer, finality, acted_by, acted_on) values ($1, $2, $3, $4, $5)',
        [settlement_id, insurer, finality, by, '2026-04-01'],
      )
    await expect(approve('7095', 'insurer:7095')).rejects.toMatchObject({ constraint: 'life_in_order' })
    await write(1, 'reviewed', 'analyst:bert')
    await expect(write(2, 'released', 'insurer:7095')).rejects.toMatchObject({ constraint: 'all_approved' })
    await expect(approve('7095', 'analyst:cas')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(approve('7095', 'insurer:3311')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(approve('3311', 'insurer:3311')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(approve('7095', 'insurer:7095')).rejects.toMatchObject({ constraint: 'all_approved' })
    await expect(write(3, 'released', 'insurer:7095')).rejects.toMatchObject({ constraint: 'life_in_order' })
    const pay = (by: string, insurer = '7095') =>
      store.pool.query(
        `insert into payment (payment_id, contract_id, region_id, settlement_id, insurer, paid_by, paid_on) values ($1, 'guarded', $2, $3, $4, $5, '2026-04-01')`,
        [sha256('forged'), run.regionId, settlement_id, insurer, by],
      )
    await expect(pay('analyst:dora')).rejects.toMatchObject({ constraint: 'life_in_order' })
    await act({ settlement_id } as Settlement, 'release')
    await expect(write(3, 'paid', 'analyst:dora')).rejects.toMatchObject({ constraint: 'paid_by_payment' })
    await expect(write(3, 'rejected', 'analyst:dora')).rejects.toMatchObject({ constraint: 'life_in_order' })
    await expect(pay('analyst:dora')).rejects.toMatchObject({ constraint: 'paid_by_payment' })
    await expect(pay('analyst:bert')).rejects.toMatchObject({ constraint: 'four_eyes' })
    await expect(pay('insurer:7095')).rejects.toMatchObject({ constraint: 'four_eyes' })
    await expect(pay('analyst:dora', '3311')).rejects.toMatchObject({ constraint: 'own_share' })
    await expect(pay('analyst:dora', '')).rejects.toMatchObject({ constraint: 'own_share' })
  })

  test('stamped by a clock ten years ahead holds up nobody', async () => {
    const settlement = await prepared('ahead', '2026-01-01', 10)
    await store.pool.query(
      `begin;
       set local session_replication_role = replica;
       insert into settlement_event (settlement_id, step, state, acted_by, acted_on)
         values ('${settlement.settlement_id}', 1, 'reviewed', 'analyst:bert', '2036-04-01');
       commit`,
    )
    const { settlement_id: settlementId } = settlement
    const { lifecycle } = await actOn(store, { settlementId, act: 'release', by: 'insurer:7095' })
    expect(lifecycle.map(({ state }) => state)).toEqual(['prepared', 'reviewed', 'released'])
    expect(lifecycle.at(-1)!.on < '2036').toBe(true)
  })

  test('of two who act at once one is refused', async () => {
    const settlement = await prepared('at once', '2026-01-01', 10)
    const done = await Promise.allSettled(
      ['bert', 'carl', 'dora'].map((name) => act(settlement, 'review', `analyst:${name}`)),
    )
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  })
})

describe('a rejected settlement', () => {
  test('stands in the ledger no more; the one that it corrected does again, and can be corrected anew', async () => {
    const first = await prepared('reject', '2026-01-01', 1000, -50)
    const second = await prepared('reject', '2026-03-01', 900)
    await act(second, 'reject')
    expect(await balances('reject')).toEqual({ 'insurer 7095': -950, 'partner p01': 1000, 'partner p02': -50 })
    await prepared('reject', '2026-05-01', 700)
    expect(await balances('reject')).toEqual({ 'insurer 7095': -700, 'partner p01': 700 })
    expect((await act(first, 'review')).lifecycle).toHaveLength(2)
    await expect(act(first, 'release')).rejects.toMatchObject({ code: 'corrected_since' })
    expect(await brokenEntry(store)).toBeNull()
  })

  test('is one that nothing is left of where it was the only one', async () => {
    const only = await prepared('only', '2026-01-01', 1000)
    await act(only, 'reject')
    expect(await balances('only')).toEqual({})
    expect((await readLedger(store, only.settlement_id)).length).toBe(8)
    expect((await readSettlement(store, only.settlement_id)).state).toBe('rejected')
  })

  test('that was posted beside a newer one, and stood when that was rejected, goes too', async () => {
    const newer = await prepared('both', '2026-03-01', 500)
    const older = await prepared('both', '2026-01-01', 300)
    await act(newer, 'reject')
    expect(await balances('both')).toEqual({ 'insurer 7095': -300, 'partner p01': 300 })
    await act(older, 'reject')
    expect(await balances('both')).toEqual({})
    expect(await brokenEntry(store)).toBeNull()
  })
})

describe('payments', () => {
  const advance = (contractId: string, quarterDay: Day, cents: number) =>
    onDay(store, quarterDay, (day) =>
      payAdvance(day, {
        contractId,
        regionId: run.regionId,
        contract: { attribution: [] },
        quarterDay,
        partners: [{ partner_id: 'p01', cents }],
        by: 'analyst:dora',
      }),
    )

  test('of a quarter day are paid once, whoever tries again; other amounts are refused', async () => {
    expect([await advance('adv once', '2025-01-01', 100), await advance('adv once', '2025-01-01', 100)]).toEqual([
      true,
      false,
    ])
    await expect(advance('adv once', '2025-01-01', 101)).rejects.toMatchObject({ code: 'advance_differs' })
    expect(await balances('adv once')).toEqual({ 'partner p01': -100, coalition: 100 })
  })

  test('advances, a provisional and a final settlement, a correction: each pays the difference', async () => {
    await advance('adv', '2025-01-01', 300)
    await advance('adv', '2025-04-01', 300)
    const first = await prepared('adv', '2026-01-01', 1000)
    await through(first, ['review', 'release'], '2026-02-01', 'provisional')
    // the tariff's advances are not set off against a gain
    expect(await due(first)).toEqual([[800, 0, 800]])
    await through(first, ['pay'], '2026-02-02')
    expect(await balances('adv')).toEqual({ 'insurer 7095': -200, 'partner p01': -400, coalition: 600 })
    const second = await prepared('adv', '2026-03-01', 1100)
    await through(second, ['review', 'release', 'pay'], '2026-04-01')
    expect(await due(second)).toEqual([[1100, 800, 300]])
    expect(await balances('adv')).toEqual({ 'partner p01': -600, coalition: 600 })
    const third = await prepared('adv', '2026-06-01', 1040)
    await through(third, ['review'], '2026-07-01')
    await expect(act(third, 'release', 'insurer:7095', '2026-07-01', 'provisional')).rejects.toMatchObject({
      code: 'final_stands',
    })
    await through(third, ['release', 'pay'], '2026-07-01')
    expect(await due(third)).toEqual([[1040, 1100, -60]])
    // what the earlier ones paid is reported unchanged
    expect([await due(first), await due(second)]).toEqual([[[800, 0, 800]], [[1100, 800, 300]]])
    expect(await balances('adv')).toEqual({ 'partner p01': -600, coalition: 600 })
    expect(await brokenEntry(store)).toBeNull()
  })

  test('a provisional release is refused where no advance is agreed', async () => {
    const settlement = await prepared('plain', '2026-01-01', 10)
    await through(settlement, ['review'])
    await expect(act(settlement, 'release', 'insurer:7095', '2026-04-01', 'provisional')).rejects.toMatchObject({
      code: 'no_advance_share',
    })
  })

  test('killed after the payment and before the event: nothing is paid, and trying again pays once', async () => {
    const settlement = await prepared('killed', '2026-01-01', 70)
    await through(settlement, ['review', 'release'])
    const head = await ledgerHead(store)
    await store.pool
      .query(`create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
      create trigger die before insert on settlement_event for each row when (new.state = 'paid') execute function die()`)
    await expect(act(settlement, 'pay')).rejects.toThrow('killed')
    await store.pool.query('drop trigger die on settlement_event')
    expect(await ledgerHead(store)).toEqual(head)
    await act(settlement, 'pay')
    await expect(act(settlement, 'pay')).rejects.toMatchObject({ code: 'not_in_order' })
    expect((await ledgerHead(store))?.seq).toBe(head!.seq + 2)
  })
})

test('balances by posting day and by entry, and an earlier state is reproduced', async () => {
  const states: { seq: number; on: Day; balance: unknown }[] = []
  for (const [asOf, cents] of [
    ['2026-01-01', 100],
    ['2026-03-01', 80],
    ['2026-05-01', 120],
  ] as const) {
    await prepared('clocks', asOf, cents)
    states.push({ seq: (await ledgerHead(store))!.seq, on: asOf, balance: await balances('clocks') })
  }
  for (const { seq, on, balance } of states) {
    expect(await balances('clocks', { recorded: seq })).toEqual(balance)
    expect(await balances('clocks', { postedOn: on })).toEqual(balance)
  }
  expect(states.map(({ balance }) => (balance as Record<string, number>)['partner p01'])).toEqual([100, 80, 120])
  // posted late, for an earlier day: it shows on the clock of the ledger, not before
  const seq = (await ledgerHead(store))!.seq
  await prepared('clocks', '2026-02-01', 999)
  expect(await balances('clocks', { postedOn: '2026-02-01', recorded: seq })).toEqual(states[0]!.balance)
})

test('releases of before this schema are read as what they were', async () => {
  const url = inject('serverUrl')
  const name = `${inject('template')}_old`
  const admin = new Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const old = new Client({ connectionString: withDatabase(url, name) })
  await old.connect()
  try {
    const texts = Object.entries(await migrationTexts())
    for (const [file, text] of texts) if (file < '0008') await old.query(text)
    const id = sha256('old')
    await old.query(`insert into region (name) values ('old');
      insert into contract (contract_sha256, contract_id, programme, yaml, document) values ('${id}', 'old', 'dm2', '', '{}');
      insert into run (run_id, region_id, contract_sha256, as_of, dataset_sha256, engine_version) values ('${id}', 1, '${id}', '2025-06-01', '${id}', '1');
      insert into settlement (settlement_id, run_id, contract_id, region_id, as_of, document, prepared_by) values ('${id}', '${id}', 'old', 1, '2025-06-01', '{}', 'anna');
      insert into settlement_release (settlement_id, released_by) values ('${id}', 'bert')`)
    for (const [file, text] of texts) if (file >= '0008') await old.query(text)
    const { rows } = await old.query('select state, finality, released_by, released_on::text from settlement_state')
    expect(rows).toEqual([{ state: 'released', finality: 'final', released_by: 'bert', released_on: '2025-06-01' }])
  } finally {
    await old.end()
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
})

test('the life of a settlement can be read by who asks for it', async () => {
  const settlement = await prepared('read', '2026-01-01', 10)
  const stored = await readSettlement(store, settlement.settlement_id)
  expect(await readLifecycle(store, stored)).toEqual([
    { state: 'prepared', by: 'analyst:anna', on: '2026-01-01', note: '', finality: null },
  ])
})
