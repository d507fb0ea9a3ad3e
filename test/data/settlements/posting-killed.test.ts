/** A posting that is killed at any of its statements leaves nothing or all of it, and the next try completes it once. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { openRun, type Run } from '../../../data/runs/runs.ts'
import { actOn } from '../../../data/settlements/lifecycle.ts'
import {
  appendSettlement,
  ledgerHead,
  brokenEntry,
  listSettlements,
  lockLedger,
  readLedger,
  readSettlement,
} from '../../../data/settlements/settlements.ts'
import { type Act, STATE_AFTER } from '../../../engine/ledger/lifecycle.ts'
import { inTransaction, type Transaction } from '../../../data/postgres/transaction.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'
import { faultsOf, settled } from '../../support/oracles/auditor.ts'
import { breakAt, breakingStore } from '../../support/oracles/breaking.ts'
import { liveStore } from '../../support/services/live.ts'
import { settlementPaying, settlementSpec, type SettlementSpec } from '../../support/settlements/paying.ts'
import { regionRun } from '../../support/regions/region-run.ts'

const program = fileURLToPath(new URL('../../support/processes/post-in-child.ts', import.meta.url))

let store: Store
let run: Run
beforeAll(async () => {
  store = await liveStore()
  run = (await regionRun(store, 'killed', { partners: [['p01', 'One', 'gp_practice']] }, ['hba1c'])).run
})
afterAll(() => store.close())

const payment = (partnerId: string, cents: number) => ({
  partnerId,
  cents,
  insurers: [
    { insurer: '3311', cents: cents - 1 },
    { insurer: '7095', cents: 1 },
  ],
  attribution: [{ kind: 'hospital', cents }],
})

/** A settlement of January that stands, and the correction of March that is to be posted. */
async function standingAndCorrection(contract: string): Promise<readonly [SettlementSpec, SettlementSpec]> {
  const standing = settlementSpec(contract, '2026-01-01', [payment('p01', 1000), payment('p02', -50)], 1)
  const correction = settlementSpec(contract, '2026-03-01', [payment('p01', 900), payment('p02', 70)], 2)
  for (const settlement of [standing, correction]) known.set(settlement.id, settlement)
  await post(standing)
  return [standing, correction]
}

const runFor = ({ id, asOf }: SettlementSpec) =>
  openRun(store, { ...run, runId: id, asOf }, { partners: [], insurers: [] })

async function post(settlement: SettlementSpec, on: (transaction: Transaction) => void = () => {}): Promise<boolean> {
  const own = await runFor(settlement)
  const asked = settlementPaying(settlement)
  return await inTransaction(store, (transaction) => {
    on(transaction)
    return appendSettlement(transaction, own, asked, settlementText(asked), 'analyst:anna')
  })
}

interface Ended {
  readonly signal: NodeJS.Signals | null
  readonly said: { readonly posted: boolean; readonly statements: number } | null
}

async function postInChild(settlement: SettlementSpec, statement: number, when: 'before' | 'after'): Promise<Ended> {
  const content = [JSON.stringify(await runFor(settlement)), JSON.stringify(settlementPaying(settlement))]
  const args = ['--import', 'tsx', program, store.url, String(statement), when, ...content]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  const signal = await new Promise<Ended['signal']>((ended) => child.once('close', (_, by) => ended(by)))
  return { signal, said: said === '' ? null : (JSON.parse(said) as NonNullable<Ended['said']>) }
}

const known = new Map<string, SettlementSpec>()

/** What an auditor finds: every settlement that the store holds is in the ledger whole, and nothing else is. */
async function faults(): Promise<string[]> {
  // a commit that was sent by whoever died may still be on its way: whoever posts holds this lock to its end
  await inTransaction(store, lockLedger)
  const book = await readLedger(store)
  const inLedger = [...new Set(book.map(({ settlement_id }) => settlement_id!))]
  const stored = (await listSettlements(store)).map(({ settlementId }) => settlementId)
  expect(inLedger.toSorted()).toEqual(stored.toSorted())
  const posted = inLedger.map((id) => known.get(id)!)
  return faultsOf(posted.map(settled), book)
}

const isPosted = async ({ id, contract }: SettlementSpec) =>
  (await listSettlements(store, { contractId: contract })).some(({ settlementId }) => settlementId === id)

/** After whatever happened: nothing or all is there, and one more try makes it all, once. */
async function expectNothingOrAll(correction: SettlementSpec, wanted: boolean | null): Promise<void> {
  expect(await faults()).toEqual([])
  const there = await isPosted(correction)
  if (wanted !== null) expect(there).toBe(wanted)
  expect(await post(correction)).toBe(!there)
  expect(await faults()).toEqual([])
  expect(await isPosted(correction)).toBe(true)
}

test('a process killed at any statement', async () => {
  const [, whole] = await standingAndCorrection('whole')
  const { said } = await postInChild(whole, 0, 'before')
  expect(said).toMatchObject({ posted: true })
  expect(await faults()).toEqual([])
  const statements = said!.statements
  expect(statements).toBeGreaterThanOrEqual(8) // begin, the lock, the settlement, what stands, what is newer, the head, entries, commit
  const every = Array.from({ length: statements }, (_, at) => at + 1)
  const inShort = [3, statements] // the settlement stands without its entries; all is written but the commit
  for (const statement of process.env.LEDGER_OPERATIONS ? every : inShort) {
    const [, correction] = await standingAndCorrection(`process ${statement}`)
    expect((await postInChild(correction, statement, 'before')).signal).toBe('SIGKILL')
    await expectNothingOrAll(correction, false)
  }
  // the commit went out, and nobody has heard yet whether it holds
  const [, unheard] = await standingAndCorrection('process, after the last')
  expect((await postInChild(unheard, statements, 'after')).signal).toBe('SIGKILL')
  await expectNothingOrAll(unheard, null)
})

test('a connection that breaks after any statement', async () => {
  let statements = Infinity
  for (let statement = 1; statement <= statements; statement++) {
    const [, correction] = await standingAndCorrection(`connection ${statement}`)
    let sent = 0
    const tried = post(correction, (transaction) => {
      sent = 1 // begin went out before
      breakAt(store, transaction, statement, () => sent++)
    })
    const failed = await tried.then(
      () => false,
      () => true,
    )
    if (!failed) statements = sent
    else await expectNothingOrAll(correction, false)
  }
  expect(statements).toBeGreaterThanOrEqual(8)
})

test('two processes that post the same settlement at once post it once', async () => {
  const [, correction] = await standingAndCorrection('twice')
  const gate = await store.pool.connect()
  await gate.query(`select pg_advisory_lock(hashtext('ledger'), 0)`)
  const children = [postInChild(correction, 0, 'before'), postInChild(correction, 0, 'before')]
  const waiting = `select count(*)::int as number from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`
  while ((await store.pool.query<{ number: number }>(waiting)).rows[0]!.number < 2)
    await new Promise((resolve) => setTimeout(resolve, 10))
  await gate.query(`select pg_advisory_unlock(hashtext('ledger'), 0)`)
  gate.release()
  const said = (await Promise.all(children)).map((child) => child.said?.posted)
  expect(said.toSorted((a, b) => Number(a) - Number(b))).toEqual([false, true])
  expect(await faults()).toEqual([])
})

test.each([
  ['pay', ['review', 'release']],
  ['reject', ['review']],
] as const)('a connection that breaks at any statement of an act that posts: %s', async (last, before) => {
  let statement = 0
  for (let broke = true; broke; statement++) {
    const [, settlement] = await standingAndCorrection(`${last} ${statement}`)
    await post(settlement)
    const perform = (act: Act, on: Pick<Store, 'pool'> = store) =>
      actOn(on, { settlementId: settlement.id, act, by: `analyst:${act}er` })
    for (const act of before) {
      if (act === 'review') await perform(act)
      else
        for (const each of ['3311', '7095'])
          await actOn(store, { settlementId: settlement.id, act, by: `insurer:${each}` })
    }
    const head = await ledgerHead(store)
    broke = await perform(last, breakingStore(store, statement + 1)).then(
      () => false,
      () => true,
    )
    if (!broke) break
    expect(await ledgerHead(store), `statement ${statement + 1}`).toEqual(head)
    expect((await readSettlement(store, settlement.id)).state).toBe(STATE_AFTER[before.at(-1)!])
    await perform(last)
    expect((await readSettlement(store, settlement.id)).state).toBe(STATE_AFTER[last])
    expect((await ledgerHead(store))!.seq).toBeGreaterThan(head!.seq)
  }
  // begin, the lock, the settlement, its life, what stands, the head, entries, the event, its life, commit
  expect(statement).toBeGreaterThanOrEqual(10)
  expect(await brokenEntry(store)).toBeNull()
})
