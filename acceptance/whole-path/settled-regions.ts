/** A region of files through import, training, expectation and settlement on a real PostgreSQL, and its results with the truth. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { runOrderOf } from '../../api/views/run-order.ts'
import { startLocalWorker, type LocalWorker } from '../../api/cli/verbs/local-services.ts'
import { writeResults } from '../../api/cli/verbs/write-results.ts'
import { readContractFile } from '../../data/region/contract-file.ts'
import { appendContract } from '../../data/region/contracts.ts'
import { regionOf } from '../../data/region/regions.ts'
import { openStore, type Store } from '../../data/postgres/database.ts'
import { importDataset } from '../../data/import/import.ts'
import { migrate } from '../../data/postgres/migrate.ts'
import { loadProgrammes } from '../../data/region/programme-files.ts'
import { wholeSettlement } from '../../data/settlements/settlements.ts'
import { generateRegion } from '../../data/synthetic/generate.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { awaitRun, enqueueRun } from '../../jobs/queue/queues.ts'
import { contractFileOf, PATIENTS, type WholeRegion } from './regions.ts'

/** One measured outcome of the contract year. */
export interface Followed {
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly realised: number
  /** in 2025 */
  readonly age: number
  readonly sex: string
}

export interface WholePathSettlement {
  readonly region: WholeRegion
  readonly settlement: Settlement
  /** what was planted with each partner for what is paid for: a gain in the measure's unit */
  readonly truth: ReadonlyMap<string, number>
  readonly followed: readonly Followed[]
}

/** Every region settled in one embedded store that is thrown away afterwards.
 *  @param workers parts of a run at a time */
export async function settledRegions(
  regions: readonly WholeRegion[],
  workers: number,
  done: (settled: WholePathSettlement) => void,
): Promise<WholePathSettlement[]> {
  const place = await mkdtemp(join(tmpdir(), 'winst-acceptance-'))
  const store = await openStore({ home: join(place, 'home'), durable: false })
  try {
    await migrate(store)
    const localWorker = await startLocalWorker(store, { redisUrl: null }, workers)
    try {
      const settled: WholePathSettlement[] = []
      for (const region of regions) {
        settled.push(await settledRegion(store, localWorker, region, join(place, region.name)))
        done(settled.at(-1)!)
      }
      return settled
    } finally {
      await localWorker.stop()
    }
  } finally {
    await store.close()
    await rm(place, { recursive: true, force: true })
  }
}

async function settledRegion(store: Store, { backend }: LocalWorker, region: WholeRegion, place: string) {
  const { name, seed, planted } = region
  await generateRegion({ out: place, patients: PATIENTS, seed, effects: planted })
  const path = join(place, 'signed.yaml')
  await writeFile(path, contractFileOf(region))
  await importDataset(store, { dir: place, region: name, rejectsPath: join(place, 'rejects.csv') })
  const contract = await readContractFile(path, await loadProgrammes())
  await appendContract(store, (await regionOf(store, name)).regionId, contract)
  const order = await runOrderOf(store, { contract, flow: 'settle', region: name })
  await enqueueRun(backend, order)
  const id = (await awaitRun(backend, order.runId)) as string
  const out = join(place, 'out')
  await writeResults(store, id, out)
  const settlement = await wholeSettlement(store, id)
  const [truth, followed] = [await truthOf(place, region), await followedOf(place, out)]
  await rm(place, { recursive: true, force: true })
  return { region, settlement, truth, followed }
}

/** The mean planted gain over a partner's patients with an index date. */
async function truthOf(place: string, { partners, measure: paid }: WholeRegion): Promise<Map<string, number>> {
  const sums = new Map<string, { sum: number; count: number }>()
  for await (const { partner_id, practice_id, measure, effect_gain } of recordsOf(join(place, 'truth.csv'))) {
    const partner = partners.find((id) => id === partner_id || id === practice_id)
    if (partner === undefined || measure !== paid) continue
    const { sum, count } = sums.get(partner) ?? { sum: 0, count: 0 }
    sums.set(partner, { sum: sum + Number(effect_gain), count: count + 1 })
  }
  return new Map([...sums].map(([partner, { sum, count }]) => [partner, sum / count]))
}

async function followedOf(place: string, out: string): Promise<Followed[]> {
  const people = new Map<string, { age: number; sex: string }>()
  for await (const { patient_id, birth_year, sex } of recordsOf(join(place, 'patients.csv')))
    people.set(patient_id!, { age: 2025 - Number(birth_year), sex: sex! })
  const followed: Followed[] = []
  for await (const row of recordsOf(join(out, 'expectations.csv')))
    if (row.status === 'measured')
      followed.push({
        mean: Number(row.mean),
        low: Number(row.q05),
        high: Number(row.q95),
        realised: Number(row.realised),
        ...people.get(row.patient_id!)!,
      })
  return followed
}

const recordsOf = (path: string) =>
  createReadStream(path).pipe(parse({ columns: true, bom: true })) as AsyncIterable<Readonly<Record<string, string>>>
