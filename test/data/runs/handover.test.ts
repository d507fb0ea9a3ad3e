import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { dropHandover, handedOver, handOver } from '../../../data/runs/handover.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const of = (stage: string, runId = `it's a run`) => ({ runId, stage })
const put = (stage: string, piece: string, bytes: Uint8Array, runId?: string) =>
  inTransaction(store, (transaction) => handOver(transaction, { ...of(stage, runId), piece }, bytes))
const got = async (stage: string, prefix: string) =>
  (await handedOver(store, { ...of(stage), prefix })).map((bytes) => [...bytes])

test('what is handed over is read as it was, by name, until it is dropped', async () => {
  const large = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251)
  await put('expect', '0.10', large)
  await put('expect', '0.02', Uint8Array.of(0, 255, 92))
  await put('expect', '1.00', new Uint8Array(0))
  await put('realise', '0.00', Uint8Array.of(1))
  await put('expect', '0.00', Uint8Array.of(2), 'another')
  const [small, whole, ...others] = await handedOver(store, { ...of('expect'), prefix: '0.' })
  expect(others).toEqual([])
  expect([...small!]).toEqual([0, 255, 92])
  expect(Buffer.compare(whole!, large)).toBe(0)
  // a buffer of its own, which can move to a thread
  expect(small!.buffer.byteLength).toBe(3)
  expect(await got('expect', '1.')).toEqual([[]])
  await inTransaction(store, (transaction) => dropHandover(transaction, { ...of('expect'), piece: '0.02' }))
  expect((await got('expect', '')).map(({ length }) => length)).toEqual([3_000_000, 0])
  await inTransaction(store, (transaction) => dropHandover(transaction, of('expect')))
  expect(await got('expect', '')).toEqual([])
  expect(await got('realise', '')).toEqual([[1]])
})

test('a piece is handed over once', async () => {
  await put('window', '00', Uint8Array.of(1))
  await expect(put('window', '00', Uint8Array.of(2))).rejects.toThrow('handover_pkey')
})
