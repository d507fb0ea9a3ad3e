/** No page asks the database a question for every row that it shows. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../api/app.ts'
import { appendContract } from '../../data/region/contracts.ts'
import { appendDrift } from '../../data/runs/drift.ts'
import { appendModel, linkModel } from '../../data/runs/models.ts'
import { listModels, registerModel } from '../../data/settlements/model-registry.ts'
import { appendSettlement } from '../../data/settlements/settlements.ts'
import { openRun } from '../../data/runs/runs.ts'
import { inTransaction } from '../../data/postgres/transaction.ts'
import { settlementText } from '../../engine/settlement/statement.ts'
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { contractOn } from '../support/regions/region-run.ts'
import { json, runningApp, type ReaderName, type RunningApp } from '../support/services/running-app.ts'
import { recordedStatements } from '../support/services/recorded-statements.ts'
import { filedByHand } from '../support/settlements/filed.ts'
import { releasedByHand } from '../support/settlements/released.ts'
import { cards } from '../support/settlements/report-example.ts'
import { sha256 } from '../support/settlements/sha256.ts'

let asked: RunningApp
let queue: QueueBackend
/** with no memory for pages */
let app: FastifyInstance
let sent: () => string[]
beforeAll(async () => {
  asked = await runningApp()
  queue = await openQueueBackend({ store: asked.store, redisUrl: null })
  app = await buildApp({ store: asked.store, queue }, null, { keptBytes: 0 })
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
  sent = recordedStatements(asked.store)
})
afterAll(async () => {
  await app.close()
  await queue.close()
  await asked.close()
})

/** One more of everything that there is a list of. */
async function oneMore(n: number): Promise<void> {
  const { store, noord } = asked
  const { run } = noord.world
  const name = `noord ${n}`
  await appendContract(store, run.regionId, {
    contractSha256: sha256(name),
    contract: contractOn(name, 'hba1c'),
    yaml: '',
  })
  for (const card of cards) {
    const { measure } = card.spec
    const modelId = sha256(`${name} ${measure}`)
    await appendModel(store, { modelId, measure, programme: 'dm2', bytes: new Uint8Array(1), card })
    const judged = { modelId, learnedUntil: '2024-12-31', holds: true, finding: 'the checks hold' } as const
    await registerModel(store, judged, { by: 'winst', on: run.asOf })
    await linkModel(store, run.runId, `${measure} ${n}`, modelId)
  }
  const runId = sha256(`another run ${n}`)
  const later = await openRun(store, { ...run, runId }, noord.world.panels[0]!)
  for (const { modelId, measure } of (await listModels(store)).slice(-2)) {
    await linkModel(store, runId, measure, modelId)
    const month = {
      side: 'control',
      month: 2025 * 12,
      measured: 40,
      bias: 0,
      biasSd: 0,
      biasSdSe: 1,
      slope: 1,
      slopeSe: 1,
      evidence: 0,
    } as const
    await appendDrift(store, later, measure, { months: [month], alarm: null })
  }
  const settlement = { ...noord.settlement, settlement_id: sha256(`another settlement ${n}`) }
  await inTransaction(store, async (transaction) => {
    await appendSettlement(transaction, later, settlement, settlementText(settlement), 'analyst:ann')
  })
  await filedByHand(store, noord.settlement.settlement_id, `p01-00${n}`)
  const plan = {
    contract: 'noord',
    title: name,
    hypothesis: 'a',
    outcome: 'b',
    groups: 'c',
    analysis: 'd',
    by: ['sex'],
  }
  expect((await asked.ask('researcher rob', '/v1/questions', json(JSON.stringify(plan)))).statusCode).toBe(201)
}

// First pages are made out of several answers, of a few settlements at most (MOST_YEARS): each of those answers is here.
const pages = (): readonly (readonly [ReaderName, string])[] => {
  const [of, partner] = [asked.settlementUrl(), asked.settlementUrl('/partners/p01')]
  const lists = [
    '/settlements',
    '/v1/settlements',
    '/v1/contracts',
    '/v1/models',
    '/v1/questions',
    '/v1/ledger',
    `${of}/disputes`,
  ]
  return [
    ...[...lists, of, `${of}/life`, `${of}/outcomes?by=partner`].map((url) => ['analyst ann', url] as const),
    ...['/settlements', '/v1/settlements', partner, `${of}/disputes`].map((url) => ['insurer 3311', url] as const),
    ...['/settlements', '/v1/settlements', partner, `${of}/disputes`].map((url) => ['partner p01', url] as const),
    ...['/v1/settlements', '/v1/questions'].map((url) => ['researcher rob', url] as const),
  ]
}

/** What a page sends to the database, and how long it is. */
async function costOf(asker: ReaderName, url: string): Promise<{ statements: number; length: number }> {
  sent()
  const headers = { authorization: `Bearer ${asked.tokenOf(asker)}` }
  const answer = await app.inject({ method: 'GET', url, headers })
  expect([asker, url, answer.statusCode]).toEqual([asker, url, 200])
  // whose token it is, is asked once a second; a page may leave before its transaction ends
  const texts = sent().filter((text) => !text.includes('key_owner') && text !== 'commit')
  return { statements: texts.length, length: answer.body.length }
}

test('a page of many rows asks as many questions as a page of few', async () => {
  await oneMore(1)
  const [modelId] = (await listModels(asked.store)).slice(-2).map((model) => model.modelId)
  const all = [...pages(), ['analyst ann', `/v1/models/${modelId}`] as const]
  const before = []
  for (const [asker, url] of all) {
    // what never changes is counted when it is first asked for: the results of a settlement that are still to come
    await costOf(asker, url)
    before.push(await costOf(asker, url))
  }
  for (const n of [2, 3, 4, 5]) await oneMore(n)
  let grown = 0
  for (const [at, [asker, url]] of all.entries()) {
    const after = await costOf(asker, url)
    expect([asker, url, after.statements]).toEqual([asker, url, before[at]?.statements])
    expect(after.statements).toBeLessThan(25)
    if (after.length > (before[at]?.length ?? 0)) grown++
  }
  expect(grown).toBeGreaterThanOrEqual(14)
})

test('a receipt of many patients asks as many as one of two', async () => {
  const receipt = (limit: number) => costOf('analyst ann', asked.settlementUrl(`/partners/p01/receipt?limit=${limit}`))
  const [few, many] = [await receipt(2), await receipt(50)]
  expect(many.statements).toBe(few.statements)
  expect(many.length).toBeGreaterThan(5 * few.length)
})
