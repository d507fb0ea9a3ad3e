import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import {
  dropTrainingShards,
  isDone,
  once,
  openRun,
  readParties,
  readRun,
  readTrainingShards,
  saveTrainingShards,
} from '../../../data/runs/runs.ts'
import { appendModel, linkModel, readModel, readRunModels } from '../../../data/runs/models.ts'
import { appendContract, contractOfRegion, listContracts, readContract } from '../../../data/region/contracts.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { liveStore } from '../../support/services/live.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { contractOn, regionRun } from '../../support/regions/region-run.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const partners = [
  ['g01', 'Group', 'care_group'],
  ['p01', 'Practice', 'gp_practice', 'g01'],
] as const
const patients = [['pt1', 1950, 'f', '7095']] as const

describe('a part of a stage', () => {
  const notes = async () => (await store.pool.query('select text from note order by text')).rows.map((row) => row.text)
  beforeAll(() => store.pool.query('create table note (text text)'))

  test('is done once, and tells the same each time', async () => {
    const part = { runId: 'r', stage: 'window', part: '00' }
    const work = (text: string) =>
      once(store, part, async ({ db, client }) => {
        await client.query('insert into note values ($1)', [text])
        await db.insertInto('region').values({ name: text }).execute()
        return { rows: text.length, text }
      })
    expect(await isDone(store, part)).toBe(false)
    expect(await work('first')).toEqual({ rows: 5, text: 'first' })
    expect(await work('second')).toEqual({ rows: 5, text: 'first' })
    expect(await isDone(store, part)).toBe(true)
    expect(await notes()).toEqual(['first'])
    expect((await store.pool.query('select name from region')).rows).toEqual([{ name: 'first' }])
  })

  test('leaves nothing when it throws, and can be done again', async () => {
    const part = { runId: 'r', stage: 'window', part: '01' }
    const failing = once(store, part, async ({ client }) => {
      await client.query(`insert into note values ('half')`)
      throw new Error('out of memory')
    })
    await expect(failing).rejects.toThrow('out of memory')
    expect(await isDone(store, part)).toBe(false)
    expect(await notes()).not.toContain('half')
    expect(await once(store, part, async () => 'again')).toBe('again')
  })

  test('leaves nothing when its connection is killed halfway', async () => {
    const part = { runId: 'r', stage: 'window', part: '02' }
    const killed = once(store, part, async ({ client }) => {
      await client.query(`insert into note values ('killed')`)
      const { rows } = await client.query('select pg_backend_pid() as pid')
      await store.pool.query('select pg_terminate_backend($1)', [rows[0].pid])
      await client.query('select 1')
      return null
    })
    await expect(killed).rejects.toThrow()
    expect(await isDone(store, part)).toBe(false)
    expect(await notes()).not.toContain('killed')
    expect(await once(store, part, async () => 1)).toBe(1)
  })

  test('is done by one of many who try at once', async () => {
    const part = { runId: 'r', stage: 'settle', part: 'all' }
    let tries = 0
    const results = await Promise.all(
      Array.from({ length: 5 }, (_, worker) =>
        once(store, part, async ({ client }) => {
          tries++
          await client.query('select pg_sleep(0.05)')
          return worker
        }),
      ),
    )
    expect(tries).toBe(1)
    expect(new Set(results).size).toBe(1)
  })
})

describe('a run', () => {
  test('is opened once, with the partners and insurers of its panels', async () => {
    const { run, panels } = await regionRun(store, 'opened', { partners, patients }, ['hba1c'])
    expect(await openRun(store, { ...run, engineVersion: 'other' }, panels[0]!)).toEqual(run)
    expect(await readRun(store, run.runId)).toEqual(run)
    expect(await readParties(store, run.runId)).toEqual({
      partners: [
        { partnerId: 'g01', kind: 'care_group', memberOf: null },
        { partnerId: 'p01', kind: 'gp_practice', memberOf: 'g01' },
      ],
      insurers: ['7095'],
    })
    await expect(readRun(store, 'nothing')).rejects.toThrow('There is no run "nothing"')
    await expect(store.pool.query(`update run set as_of = '2020-01-01'`)).rejects.toThrow('append-only')
  })

  test('keeps training rows in the order of shards until they are dropped', async () => {
    const bytes = (value: number) => Uint8Array.of(value, 255 - value)
    await inTransaction(store, async (transaction) => {
      for (const shard of [9, 2, 11])
        await saveTrainingShards(transaction, 't', shard, [
          { name: 'hba1c', bytes: bytes(shard) },
          { name: 'sbp', bytes: bytes(0) },
        ])
      await saveTrainingShards(transaction, 't', 9, [{ name: 'hba1c', bytes: bytes(99) }])
    })
    const read = async (measure: string) => (await readTrainingShards(store, 't', measure)).map((each) => [...each])
    expect(await read('hba1c')).toEqual([
      [2, 253],
      [99, 156],
      [11, 244],
    ])
    await dropTrainingShards(store, 't', 'hba1c')
    expect([await read('hba1c'), (await read('sbp')).length]).toEqual([[], 3])
    await dropTrainingShards(store, 't')
    expect(await read('sbp')).toEqual([])
  })
})

describe('models and contracts', () => {
  test('a model is kept by its hash and found by the runs that use it', async () => {
    const { run } = await regionRun(store, 'with a model', { partners, patients }, ['hba1c'])
    const model = {
      modelId: sha256('m'),
      measure: 'hba1c',
      programme: 'dm2',
      bytes: Uint8Array.of(1, 2),
      card: { rows: 3 },
    }
    await appendModel(store, model)
    await appendModel(store, { ...model, card: { rows: 4 } })
    const found = await readModel(store, model.modelId)
    expect({ ...found, bytes: [...found.bytes] }).toEqual({ ...model, bytes: [1, 2] })
    await linkModel(store, run.runId, 'hba1c', model.modelId)
    expect((await readRunModels(store, run.runId)).map(({ measure, modelId }) => [measure, modelId])).toEqual([
      ['hba1c', model.modelId],
    ])
    await expect(readModel(store, 'none')).rejects.toThrow('There is no model "none"')
    await expect(store.pool.query('update model_artefact set card = null')).rejects.toThrow('append-only')
  })

  test('a contract is kept by its hash; its name means the latest of the region', async () => {
    const regionId = await deliver(store, 'contracts', '2026-01-01', {})
    const first = { contractSha256: sha256('one'), contract: contractOn('c1', 'hba1c'), yaml: 'contract: c1' }
    const second = { ...first, contractSha256: sha256('two'), contract: { ...first.contract, minPatients: 5 } }
    for (const each of [first, second, second]) await appendContract(store, regionId, each)
    expect(await readContract(store, first.contractSha256)).toEqual(first)
    expect(await contractOfRegion(store, regionId, 'c1')).toEqual(second)
    expect(await contractOfRegion(store, regionId, first.contractSha256)).toEqual(first)
    expect((await listContracts(store, regionId)).filter(({ contract }) => contract.contract === 'c1')).toEqual([
      second,
    ])
    await expect(contractOfRegion(store, regionId, 'c2')).rejects.toThrow('There is no contract "c2"')
  })
})
