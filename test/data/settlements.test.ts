import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../data/database.ts'
import { writeLedger } from '../../data/outputs.ts'
import { openRun, type Run } from '../../data/runs.ts'
import {
  appendSettlement,
  brokenEntry,
  listSettlements,
  readLedger,
  readSettlement,
  releaseSettlement,
  settlementAsOf,
  statementsOf,
} from '../../data/settlements.ts'
import { inTransaction } from '../../data/transaction.ts'
import { balancesOf, differenceOf } from '../../engine/ledger.ts'
import { type PartnerStatement, type Settlement, settlementText } from '../../engine/statement.ts'
import { liveStore } from '../support/live.ts'
import { runWorld, sha256 } from '../support/run-world.ts'
import { textOf } from '../support/written.ts'

let store: Store
let run: Run
beforeAll(async () => {
  store = await liveStore()
  run = (await runWorld(store, 'ledger', { partners: [['p01', 'One', 'gp_practice']] }, ['hba1c'])).run
})
afterAll(() => store.close())

const partner = (partner_id: string, payment_cents: number): PartnerStatement => ({
  partner_id,
  patients: 40,
  eligible: 40,
  measured: 40,
  patient_years: 40,
  outcomes: [],
  value_eur_per_patient_year: 1,
  value_sd: 1,
  dead_band_eur: 0,
  shared_eur_per_patient_year: 1,
  reason: null,
  gates: [],
  gate_multiplier: 1,
  payment_cents,
  interval90_cents: [0, 0],
  per_procedure_cents: 0,
  bundled_cents: 0,
  insurers: [{ insurer: '7095', cents: payment_cents }],
  attribution: [],
})

const settlementOn = (contract: string, as_of: string, ...cents: readonly number[]): Settlement => ({
  settlement_id: sha256(`${contract} ${as_of} ${cents.join()}`),
  contract,
  as_of,
  engine_version: '1',
  dataset_sha256: sha256('data'),
  contract_sha256: sha256(contract),
  model_ids: {},
  totals: { payment_cents: cents.reduce((sum, each) => sum + each, 0), per_procedure_cents: 0, bundled_cents: 0 },
  outcomes: [],
  partners: cents.map((each, at) => partner(`p0${at + 1}`, each)),
  excluded: [],
})

const runOn = (settlement: Settlement) =>
  openRun(store, { ...run, runId: settlement.settlement_id, asOf: settlement.as_of }, { partners: [], insurers: [] })

const append = async (settlement: Settlement) => {
  const own = await runOn(settlement)
  return await inTransaction(store, (transaction) =>
    appendSettlement(transaction, own, settlement, settlementText(settlement), 'anna'),
  )
}

const standing = async (contract: string) => {
  const entries = []
  for (const { settlementId } of await listSettlements(store, { contractId: contract }))
    entries.push(...(await readLedger(store, settlementId)))
  return Object.fromEntries(balancesOf(entries))
}

describe('a settlement', () => {
  test('is kept byte for byte, with balanced entries, and posts once', async () => {
    const settlement = settlementOn('posted', '2026-01-01', 1234, -55)
    expect([await append(settlement), await append(settlement)]).toEqual([true, false])
    const stored = await readSettlement(store, settlement.settlement_id)
    expect(stored).toMatchObject({ contractId: 'posted', document: settlementText(settlement), status: 'provisional' })
    const entries = await readLedger(store, settlement.settlement_id)
    expect([entries.length, differenceOf(entries)]).toEqual([8, 0])
    expect(await standing('posted')).toEqual({ 'insurer 7095': -1179, 'partner p01': 1234, 'partner p02': -55 })
    expect((await statementsOf(store, 'p02')).map(({ statement }) => statement.payment_cents)).toContain(-55)
  })

  test('known later corrects: the book then says what the latest says', async () => {
    await append(settlementOn('corrected', '2026-01-01', 1000, 500))
    await append(settlementOn('corrected', '2026-03-01', 900, 700))
    expect(await standing('corrected')).toEqual({ 'insurer 7095': -1600, 'partner p01': 900, 'partner p02': 700 })
    const of = { contractId: 'corrected', regionId: run.regionId }
    const at = async (asOf: string) => (await settlementAsOf(store, { ...of, asOf }))?.asOf ?? null
    expect([await at('2025-12-31'), await at('2026-02-01'), await at('2026-03-01')]).toEqual([
      null,
      '2026-01-01',
      '2026-03-01',
    ])
  })

  test('of an older state displaces no newer', async () => {
    await append(settlementOn('late', '2026-03-01', 900))
    const older = settlementOn('late', '2026-01-01', 1000)
    await append(older)
    expect(await standing('late')).toEqual({ 'insurer 7095': -900, 'partner p01': 900 })
    const entries = await readLedger(store, older.settlement_id)
    expect(entries.filter(({ reverses }) => reverses === null)).toHaveLength(4)
    expect(differenceOf(entries)).toBe(0)
  })

  test('is released by someone else than who prepared it, once', async () => {
    const { settlement_id } = settlementOn('released', '2026-01-01', 10)
    await append(settlementOn('released', '2026-01-01', 10))
    await expect(releaseSettlement(store, settlement_id, 'anna')).rejects.toThrow('someone else must release it')
    await expect(
      store.pool.query('insert into settlement_release (settlement_id, released_by) values ($1, $2)', [
        settlement_id,
        'anna',
      ]),
    ).rejects.toThrow('someone else must release it')
    await releaseSettlement(store, settlement_id, 'bert')
    expect(await readSettlement(store, settlement_id)).toMatchObject({ status: 'final', releasedBy: 'bert' })
    await expect(releaseSettlement(store, settlement_id, 'carl')).rejects.toThrow('final already')
    await expect(readSettlement(store, 'none')).rejects.toThrow('There is no settlement "none"')
  })

  test('is refused with a transaction that fails after it', async () => {
    const settlement = settlementOn('undone', '2026-01-01', 10)
    const own = await runOn(settlement)
    const failing = inTransaction(store, async (transaction) => {
      await appendSettlement(transaction, own, settlement, '', 'anna')
      throw new Error('killed')
    })
    await expect(failing).rejects.toThrow('killed')
    expect(await listSettlements(store, { contractId: 'undone' })).toEqual([])
    expect(await brokenEntry(store)).toBeNull()
  })

  test('many at once form one chain', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((each) => append(settlementOn(`at once ${each}`, '2026-01-01', each))))
    const book = await readLedger(store)
    expect(book.map(({ seq }) => seq)).toEqual(book.map((_, at) => at + 1))
    expect(await brokenEntry(store)).toBeNull()
  })
})

describe('ledger.csv', () => {
  test('has the columns of the interface', async () => {
    const settlement = settlementOn('written', '2026-01-01', 7)
    await append(settlement)
    const id = settlement.settlement_id
    expect(await textOf((out) => writeLedger(store, id, out))).toBe(
      `entry_id,settlement_id,account,partner_id,insurer,debit_cents,credit_cents,posted_on,reverses
${id}.1.debit,${id},coalition,p01,7095,7,0,2026-01-01,
${id}.1.credit,${id},insurer,p01,7095,0,7,2026-01-01,
${id}.2.debit,${id},partner,p01,,7,0,2026-01-01,
${id}.2.credit,${id},coalition,p01,,0,7,2026-01-01,
`,
    )
  })
})

describe('the book refuses', () => {
  const entry = (values: string) =>
    `insert into ledger_entry (entry_id, settlement_id, account, debit_cents, credit_cents, posted_on, seq, previous_hash, hash)
     select ${values}, l.seq + 1, l.hash, l.hash from ledger_entry l order by seq desc limit 1`

  test.each(['settlement', 'settlement_release', 'ledger_entry'])('any change of %s', async (table) => {
    for (const change of [
      `update ${table} set settlement_id = settlement_id`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await expect(store.pool.query(change), change).rejects.toThrow('append-only')
  })

  test('amounts below zero, on both sides, or on none', async () => {
    const { settlementId } = (await listSettlements(store))[0]!
    for (const amounts of ['-1, 0', '0, 0', '1, 1', '0, -1'])
      await expect(
        store.pool.query(entry(`'x', '${settlementId}', 'insurer', ${amounts}, '2026-01-01'`)),
        amounts,
      ).rejects.toThrow(/one_side|chain/)
  })

  test('an entry that does not continue the chain', async () => {
    const { settlementId } = (await listSettlements(store))[0]!
    const forged = store.pool.query(entry(`'x', '${settlementId}', 'insurer', 1, 0, '2026-01-01'`))
    await expect(forged).rejects.toThrow('does not continue the chain')
  })

  test('a settlement whose entries do not balance, when the transaction ends', async () => {
    const { settlementId } = (await listSettlements(store))[0]!
    const client = await store.pool.connect()
    try {
      await client.query('begin')
      await client.query(
        `insert into ledger_entry select (x).* from (
           select jsonb_populate_record(draft, jsonb_build_object('hash', ledger_hash(draft))) as x from (
             select jsonb_populate_record(null::ledger_entry, jsonb_build_object('entry_id', 'x', 'settlement_id', $1::text, 'account', 'insurer',
               'partner_id', '', 'insurer', '', 'debit_cents', 1, 'credit_cents', 0, 'posted_on', '2026-01-01', 'seq', l.seq + 1, 'previous_hash', l.hash)) as draft
             from ledger_entry l order by seq desc limit 1) drafts) entries`,
        [settlementId],
      )
      await expect(client.query('commit')).rejects.toThrow('do not balance: debits exceed credits by 1 cents')
    } finally {
      client.release()
    }
    expect(await brokenEntry(store)).toBeNull()
  })
})
