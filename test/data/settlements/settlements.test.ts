import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { writeLedger } from '../../../data/settlements/outputs.ts'
import type { Run } from '../../../data/runs/runs.ts'
import {
  appendSettlement,
  brokenEntry,
  listSettlements,
  readLedger,
  readSettlement,
  settlementAsOf,
  documentOf,
} from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { balancesOf, differenceOf } from '../../../engine/ledger/ledger.ts'
import { type Settlement, settlementText } from '../../../engine/settlement/statement.ts'
import { readExcerpt } from '../../../data/settlements/excerpts.ts'
import { liveStore } from '../../support/services/live.ts'
import { appendPlain, runOn, settlementOn } from '../../support/settlements/plain-settlement.ts'
import { regionRun } from '../../support/regions/region-run.ts'
import { textOf } from '../../support/services/stream-text.ts'

let store: Store
let run: Run
beforeAll(async () => {
  store = await liveStore()
  run = (await regionRun(store, 'ledger', { partners: [['p01', 'One', 'gp_practice']] }, ['hba1c'])).run
})
afterAll(() => store.close())

const append = (settlement: Settlement) => appendPlain(store, run, settlement)

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
    expect(stored).toMatchObject({ contractId: 'posted', status: 'provisional' })
    expect(await documentOf(store, settlement.settlement_id)).toBe(settlementText(settlement))
    const entries = await readLedger(store, settlement.settlement_id)
    expect([entries.length, differenceOf(entries)]).toEqual([8, 0])
    expect(await standing('posted')).toEqual({ 'insurer 7095': -1179, 'partner p01': 1234, 'partner p02': -55 })
    const { settlement: own } = (await readExcerpt(store, settlement.settlement_id, {
      role: 'partner',
      subject: 'p02',
    }))!
    expect(own.partners.map(({ partner_id, payment_cents }) => [partner_id, payment_cents])).toEqual([['p02', -55]])
  })

  test('known later corrects: the ledger then says what the latest says', async () => {
    await append(settlementOn('corrected', '2026-01-01', 1000, 500))
    await append(settlementOn('corrected', '2026-03-01', 900, 700))
    expect(await standing('corrected')).toEqual({ 'insurer 7095': -1600, 'partner p01': 900, 'partner p02': 700 })
    const of = { contractId: 'corrected', regionId: run.regionId }
    const at = async (asOf: Day) => (await settlementAsOf(store, { ...of, asOf }))?.asOf ?? null
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

  test('is refused with a transaction that fails after it', async () => {
    const settlement = settlementOn('undone', '2026-01-01', 10)
    const own = await runOn(store, run, settlement)
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

describe('the ledger refuses', () => {
  const entry = (values: string) =>
    `insert into ledger_entry (entry_id, settlement_id, account, debit_cents, credit_cents, posted_on, seq, previous_hash, hash)
     select ${values}, l.seq + 1, l.hash, l.hash from ledger_entry l order by seq desc limit 1`

  test.each(['settlement', 'settlement_event', 'payment', 'ledger_entry'])('any change of %s', async (table) => {
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
