/** The registry of models, and what keeps a settlement from being released. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { appendModel, linkModel } from '../../../data/runs/models.ts'
import { decideOnModel, decisionsOn, listModels, registerModel } from '../../../data/settlements/model-registry.ts'
import { releaseObstacles } from '../../../data/settlements/release-obstacles.ts'
import { liveStore } from '../../support/services/live.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const machine = { by: 'winst', on: '2026-01-01' } as const
const payable = { state: 'payable', by: 'analyst:Ann', reason: 'looked at the card' } as const

async function trained(name: string, holds: boolean): Promise<string> {
  const modelId = sha256(name)
  await appendModel(store, { modelId, measure: 'hba1c', programme: 'dm2', bytes: new Uint8Array(1), card: {} })
  await registerModel(store, { modelId, learnedUntil: '2024-12-31', holds, finding: 'as found' }, machine)
  return modelId
}
const statesOf = async (modelId: string) => (await decisionsOn(store, modelId)).map(({ state }) => state)
const insert = (modelId: string, state: string, by: string, on: string) =>
  store.pool.query(
    `insert into model_decision (model_id, state, decided_by, decided_on, reason) values ($1, $2, $3, $4, 'because')`,
    [modelId, state, by, on],
  )

describe('the states of a model', () => {
  test('training enters a draft, and validates it only if its checks hold; once, however often it is trained', async () => {
    const good = await trained('good', true)
    const poor = await trained('poor', false)
    await registerModel(store, { modelId: good, learnedUntil: '2020-12-31', holds: true, finding: '' }, machine)
    expect([await statesOf(good), await statesOf(poor)]).toEqual([['validated', 'draft'], ['draft']])
    expect((await decisionsOn(store, good))[0]).toEqual({ state: 'validated', ...machine, reason: 'as found' })
  })

  test('a person makes it payable, looks again, retires it; then nothing more', async () => {
    const modelId = await trained('through', true)
    await decideOnModel(store, modelId, payable)
    await decideOnModel(store, modelId, { ...payable, by: 'analyst:Bea' })
    await decideOnModel(store, modelId, { ...payable, state: 'retired' })
    expect(await statesOf(modelId)).toEqual(['retired', 'payable', 'payable', 'validated', 'draft'])
    await expect(decideOnModel(store, modelId, payable)).rejects.toThrow('is retired since')
    expect((await listModels(store)).find((each) => each.modelId === modelId)?.state).toBe('retired')
  })

  test('what is out of order is refused in a sentence', async () => {
    const draft = await trained('draft', false)
    const own = await trained('own', true)
    await expect(decideOnModel(store, draft, payable)).rejects.toThrow('its checks do not hold')
    await expect(decideOnModel(store, own, { ...payable, by: 'operator:Winst' })).rejects.toThrow('prepared model')
    await expect(decideOnModel(store, sha256('nobody'), payable)).rejects.toThrow('There is no model')
  })

  test('and the database refuses it whoever writes', async () => {
    const draft = await trained('written draft', false)
    const good = await trained('written good', true)
    await expect(insert(draft, 'validated', 'analyst:Ann', '2026-02-01')).rejects.toThrow('has not passed its checks')
    await expect(insert(draft, 'payable', 'analyst:Ann', '2026-02-01')).rejects.toThrow(
      'is draft: it cannot become payable',
    )
    await expect(insert(good, 'draft', 'analyst:Ann', '2026-02-01')).rejects.toThrow('cannot become draft')
    await expect(insert(good, 'payable', 'insurer:7095', '2026-02-01')).rejects.toThrow(
      'is not for insurer:7095 to decide on',
    )
    await expect(insert(good, 'payable', 'analyst:Ann', '2099-02-01')).rejects.toThrow('still to come')
    await expect(insert(good, 'payable', 'analyst:Ann', '2025-02-01')).rejects.toThrow('cannot be dated 2025-02-01')
    await expect(store.pool.query(`update model_decision set state = 'payable'`)).rejects.toThrow('append-only')
    await expect(store.pool.query(`delete from model_validation`)).rejects.toThrow('append-only')
  })
})

describe('a settlement', () => {
  let world: SettledRegion
  beforeAll(async () => void (world = await settledRegion(store, 'held')))
  const obstacles = () => releaseObstacles(store, world.settlement.settlement_id)
  const codes = async () => (await obstacles()).map(({ code }) => code)
  const approve = async (by: string) => {
    for (const measure of ['hba1c', 'sbp']) await decideOnModel(store, sha256(`held ${measure}`), { ...payable, by })
  }

  test('is held until each of its models is payable, by somebody else than who prepared it', async () => {
    expect(await codes()).toEqual(['model_not_payable', 'model_not_payable'])
    await approve('operator:Ann') // analyst:ann prepared the settlement
    expect(await codes()).toEqual(['payable_by_preparer', 'payable_by_preparer'])
    await approve('analyst:Bea')
    expect(await codes()).toEqual([])
  })

  test('is held by a drift alarm until somebody has looked at it', async () => {
    await store.pool.query(
      `insert into drift_alarm (run_id, measure, month, kind, evidence) values ($1, 'sbp', '2025-12-01', 'slope', 300)`,
      [world.world.run.runId],
    )
    const [obstacle, ...others] = await obstacles()
    expect([obstacle?.code, obstacle?.measure, others]).toEqual(['drift_alarm', 'sbp', []])
    expect(obstacle?.sentence).toContain('the expectations of sbp have drifted (slope, 2025-12)')
    await approve('analyst:Bea')
    expect(await codes()).toEqual([])
  })

  test('is held for good by a model that is a draft, retired, or learned in the contract period', async () => {
    for (const [measure, learnedUntil, holds] of [
      ['acr', '2025-01-01', true],
      ['bmi', '2024-12-31', false],
      ['dbp', '2024-12-31', true],
    ] as const) {
      const modelId = sha256(`held ${measure}`)
      await appendModel(store, { modelId, measure, programme: 'dm2', bytes: new Uint8Array(1), card: {} })
      await registerModel(store, { modelId, learnedUntil, holds, finding: 'found' }, machine)
      if (measure !== 'bmi') await decideOnModel(store, modelId, { ...payable, by: 'analyst:Bea' })
      if (measure === 'dbp') await decideOnModel(store, modelId, { ...payable, state: 'retired' })
      await linkModel(store, world.world.run.runId, measure, modelId)
    }
    expect(await codes()).toEqual(['learned_too_late', 'model_not_validated', 'model_retired'])
  })

  test('is held while a price in QALY rests on a rate that is remembered weakly, and not where one is agreed', async () => {
    const { settlement } = await settledRegion(store, 'held-price')
    const priced = async (certainty: string) => {
      const client = await store.pool.connect()
      try {
        // A stored contract never changes; here it is made what it would be if it had been signed so.
        await client.query(`set session_replication_role = replica`)
        await client.query(
          `update contract set document = jsonb_set(document, '{outcomes,0,exchange}', $2) where contract_sha256 = $1`,
          [settlement.contract_sha256, JSON.stringify({ via: 'eq5d', certainty })],
        )
      } finally {
        await client.query(`reset session_replication_role`)
        client.release()
      }
      return (await releaseObstacles(store, settlement.settlement_id)).filter(
        ({ code }) => code === 'exchange_not_known',
      )
    }
    expect(await priced('S')).toEqual([])
    const [held, ...others] = await priced('GK-low')
    expect([held?.measure, others]).toEqual(['hba1c', []])
    expect(held?.sentence).toContain('What a unit of hba1c is worth by way of eq5d is GK-low')
  })
})
