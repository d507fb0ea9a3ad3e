/** Settlements of one region that differ in one input after the other, on a real store with real models: what changed, to the cent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../../data/postgres/database.ts'
import { appendContract } from '../../../data/region/contracts.ts'
import { appendDifference, readDifference, settlementBefore } from '../../../data/settlements/differences.ts'
import { appendModel, linkModel } from '../../../data/runs/models.ts'
import { dropTrainingShards, readTrainingShards } from '../../../data/runs/runs.ts'
import { documentOf, readSettlement, wholeSettlement } from '../../../data/settlements/settlements.ts'
import { regionAsked } from '../../../data/region/regions.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { CAUSES, reversedOf, type Cause, type Difference } from '../../../engine/explain/difference.ts'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { settlementText } from '../../../engine/settlement/statement.ts'
import { ENGINE_VERSION } from '../../../engine/contract/version.ts'
import { differenceBetween } from '../../../jobs/assessment/difference.ts'
import { partsOf } from '../../../jobs/flow.ts'
import { handlersOf } from '../../../jobs/handlers.ts'
import type { PartJob, Result } from '../../../jobs/queue/run-job.ts'
import { counterfactualSettlement } from '../../../jobs/assessment/counterfactual-settlement.ts'
import { contextOf, type Tools } from '../../../jobs/assessment/run-context.ts'
import { ownSources } from '../../../jobs/assessment/settlement-input.ts'
import type * as tasks from '../../../jobs/threads/tasks.ts'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { contractWith } from '../../support/settlements/contract.ts'
import { lastValue } from '../../../models/families/baseline.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { deliver, type Delivered } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'
import { oneFamilyModel, type OneFamilyModel } from '../../support/regions/one-family-model.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

const PARTNERS = ['p01', 'p02', 'p03', 'p90'] as const
const PATIENTS = 240
const spec = {
  measure: 'hba1c',
  horizonDays: 365,
  windowDays: 120,
  plausible: [20, 200] as [number, number],
}

/** Quarterly readings of five years; in the last, p01 does 6 better and p02 2. */
function firstDelivery(): Delivered {
  const dice = randomOf(7)
  const patients = Array.from({ length: PATIENTS }, (_, at) => ({ id: `i${1000 + at}`, at }))
  const first = epochDayOf('2021-01-15')
  const partnerOf = (at: number) => PARTNERS[at % PARTNERS.length]!
  return {
    partners: PARTNERS.map((id) => [id, id, 'gp_practice']),
    patients: patients.map(({ id, at }) => [
      id,
      1940 + (at % 40),
      at % 2 === 0 ? 'm' : 'f',
      at % 3 === 0 ? '7095' : '3311',
    ]),
    enrolments: patients.map(({ id, at }) => [id, 'dm2', partnerOf(at), '2020-01-01']),
    observations: patients.flatMap(({ id, at }) => {
      const level = 60 + 8 * dice.normal()
      return Array.from({ length: 20 }, (_, quarter) => {
        const better = quarter < 16 ? 0 : ({ p01: 6, p02: 2, p03: 0, p90: 0 } as const)[partnerOf(at)]
        const day = dayOf(first + quarter * 91 + (at % 20))
        return [id, 'hba1c', day, Math.round(level - better + 4 * dice.normal())] as const
      })
    }),
  }
}

const contract: Contract = contractWith({
  contract: 'zz-difference',
  partners: ['p01', 'p02', 'p03'],
  control: ['p90'],
  trend: 'control',
  share: { gain: 0.5, loss: 0.25 },
  pessimisticShiftSd: 0.3,
})
const amended: Contract = { ...contract, outcomes: contract.outcomes.map((outcome) => ({ ...outcome, priceEur: 8 })) }

let store: Store
let tools: Tools
beforeAll(async () => {
  store = await liveStore()
  const threads = openThreads<typeof tasks>({
    tasks: new URL('../../../jobs/threads/tasks.ts', import.meta.url),
    threads: 1,
  })
  tools = { store, threads }
})
afterAll(async () => {
  await tools.threads.close()
  await store.close()
})

/** Settles through the stages themselves, but for training: a model of one family, made once. */
const families = { ridge, last: lastValue } as const
type Family = keyof typeof families
const frozen = new Map<Family, OneFamilyModel>()

async function settled(of: Contract, asOf: Day, family: Family = 'ridge'): Promise<string> {
  const contractSha256 = sha256(canonicalJson(of))
  await appendContract(store, (await regionAsked(store, 'verschil')).regionId, {
    contractSha256,
    contract: of,
    yaml: '',
  })
  const handlers = handlersOf(tools)
  const run = { runId: 'r', flow: 'settle', region: 'verschil', contractSha256, asOf, models: ['hba1c'] } as const
  let results: PartJob['results'] = {}
  for (const stage of ['snapshot', 'window', 'train', 'expect', 'realise', 'settle'] as const) {
    if (stage === 'window' && frozen.size === Object.keys(families).length) continue
    const done: Result[] = []
    for (const part of partsOf(stage, run.models)) {
      const job = { run, stage, part, results }
      done.push(stage === 'train' ? await linkModelOf(job, family) : await handlers[stage](job, undefined))
    }
    results = { ...results, [stage]: done }
  }
  return results.settle![0] as string
}

async function linkModelOf(job: PartJob, family: Family): Promise<Result> {
  const { run } = await contextOf(tools, job)
  for (const name of Object.keys(families) as Family[]) {
    if (frozen.has(name)) continue
    const shards = await readTrainingShards(store, run.runId, 'hba1c')
    const model = await oneFamilyModel(shards, spec, families[name])
    frozen.set(name, model)
    await appendModel(store, { ...model, measure: 'hba1c', programme: 'dm2' })
  }
  await linkModel(store, run.runId, 'hba1c', frozen.get(family)!.modelId)
  await dropTrainingShards(store, run.runId)
  return run.runId
}

const paid = async (id: string) => {
  const { partners } = await wholeSettlement(store, id)
  return Object.fromEntries(partners.map(({ partner_id, payment_cents }) => [partner_id, payment_cents]))
}

/** Every partner's causes add up to what it is paid more, and causes that did not happen are 0. */
async function expectExact(difference: Difference, from: string, to: string, happened: readonly Cause[]) {
  const [before, after] = [await paid(from), await paid(to)]
  for (const row of [...difference.partners, difference.totals]) {
    const sum = CAUSES.reduce((total, cause) => total + row.causes[cause], 0)
    expect(row.before_cents + sum).toBe(row.after_cents)
    for (const cause of CAUSES) if (!happened.includes(cause)) expect(row.causes[cause], cause).toBe(0)
  }
  for (const { partner_id, before_cents, after_cents } of difference.partners)
    expect([before_cents, after_cents]).toEqual([before[partner_id] ?? 0, after[partner_id] ?? 0])
  for (const cause of happened)
    expect(
      difference.partners.some(({ causes }) => causes[cause] !== 0),
      cause,
    ).toBe(true)
}

describe('the difference between two settlements of a contract', () => {
  const ids: string[] = []
  const between = (from: number, to: number) => differenceBetween(tools, { from: ids[from]!, to: ids[to]! })

  beforeAll(async () => {
    await deliver(store, 'verschil', '2026-01-15', firstDelivery())
    ids.push(await settled(contract, '2026-01-15'))
    // late readings of the last quarter: p01's patients were better still
    const late = Array.from({ length: 40 }, (_, at) => [`i${1000 + 4 * at}`, 'hba1c', '2026-01-02', 44] as const)
    await deliver(store, 'verschil', '2026-02-01', { observations: late })
    ids.push(await settled(contract, '2026-02-01'))
    // a ruling: fifteen patients were with p02 all along
    const moved = Array.from({ length: 15 }, (_, at) => [`i${1000 + 4 * at}`, 'dm2', 'p02', '2020-01-01'] as const)
    await deliver(store, 'verschil', '2026-03-01', { enrolments: moved })
    ids.push(await settled(contract, '2026-03-01'))
    ids.push(await settled(amended, '2026-03-01'))
    ids.push(await settled(amended, '2026-03-02', 'last'))
  })

  test('late data alone', async () => expectExact(await between(0, 1), ids[0]!, ids[1]!, ['late_data']))
  test('an attribution change alone', async () => expectExact(await between(1, 2), ids[1]!, ids[2]!, ['attribution']))
  test('an amendment of the contract alone', async () =>
    expectExact(await between(2, 3), ids[2]!, ids[3]!, ['contract']))
  test('another model alone', async () => expectExact(await between(3, 4), ids[3]!, ids[4]!, ['model']))

  test('all of them together, each step settled by the engine; the other way round every sign turns', async () => {
    const all = await between(0, 4)
    await expectExact(all, ids[0]!, ids[4]!, ['late_data', 'attribution', 'model', 'contract'])
    // the first step is what the settlement with the late data alone paid
    const late = await between(0, 1)
    expect(all.partners.map(({ causes }) => causes.late_data)).toEqual(
      late.partners.map(({ causes }) => causes.late_data),
    )
    const attribution = await between(1, 2)
    expect(all.partners.map(({ causes }) => causes.attribution)).toEqual(
      attribution.partners.map(({ causes }) => causes.attribution),
    )
    expect(await between(4, 0)).toEqual(reversedOf(all))
  })

  test('what a run paid is what the same inputs pay when settled anew, so the ends of a path are its own', async () => {
    for (const id of [ids[0]!, ids[4]!]) {
      const document = await documentOf(store, id)
      const context = await contextOf(tools, {
        run: {} as PartJob['run'],
        stage: 'settle',
        part: 'all',
        results: { snapshot: [{ runId: id }] },
      })
      const anew = await counterfactualSettlement(tools, await ownSources(store, context))
      expect(settlementText(anew)).toBe(document)
    }
  })

  test('where another engine settled one of them, what no input explains is the engine’s', async () => {
    const stored = await readSettlement(store, ids[0]!)
    const document = await wholeSettlement(store, stored.settlementId)
    // as an older engine might have had it: 7 cents more for p01
    const partners = document.partners.map((each) =>
      each.partner_id === 'p01' ? { ...each, payment_cents: each.payment_cents + 7 } : each,
    )
    const older = { ...document, settlement_id: sha256('older'), engine_version: '0.0.9', partners }
    await store.pool.query(
      `insert into run (run_id, region_id, contract_sha256, as_of, dataset_sha256, engine_version)
       select $1, region_id, contract_sha256, as_of, dataset_sha256, '0.0.9' from run where run_id = $2`,
      [older.settlement_id, ids[0]],
    )
    for (const table of ['run_partner', 'run_insurer', 'run_model'])
      await store.pool.query(
        `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('run_id', $1::text))).* from ${table} t where run_id = $2`,
        [older.settlement_id, ids[0]],
      )
    await store.pool.query(
      `insert into settlement (settlement_id, run_id, contract_id, region_id, as_of, document, prepared_by) values ($1, $1, $2, $3, $4, $5, 'ann')`,
      [older.settlement_id, stored.contractId, stored.regionId, '2026-01-10', JSON.stringify(older)],
    )
    expect(ENGINE_VERSION).not.toBe('0.0.9')
    const difference = await differenceBetween(tools, { from: older.settlement_id, to: ids[0]! })
    await expectExact(difference, older.settlement_id, ids[0]!, ['engine_version'])
    expect(difference.totals.causes.engine_version).toBe(-7)
  })

  test('is kept once, and read whichever way it is asked', async () => {
    const found = await between(0, 4)
    expect(await readDifference(store, ids[0]!, ids[4]!)).toBeNull()
    await appendDifference(store, reversedOf(found))
    await appendDifference(store, found)
    expect(await readDifference(store, ids[0]!, ids[4]!)).toEqual(found)
    expect(await readDifference(store, ids[4]!, ids[0]!)).toEqual(reversedOf(found))
    expect((await settlementBefore(store, await readSettlement(store, ids[4]!)))?.settlementId).toBe(ids[3])
    await expect(store.pool.query('delete from settlement_difference')).rejects.toThrow()
  })

  test('of a settlement with itself, or with one of another contract, is refused', async () => {
    await expect(between(1, 1)).rejects.toThrow(/does not differ from itself/)
    const other = await settled({ ...contract, contract: 'zz-another' }, '2026-01-15')
    await expect(differenceBetween(tools, { from: ids[0]!, to: other })).rejects.toThrow(/of two contracts or regions/)
  })
})
