/** A region of files through import, training, expectation and settlement on a real PostgreSQL, and its results with the truth. */
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
import { generateRegion, type GenerateOptions } from '../../data/synthetic/generate.ts'
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
export const settledRegions = (
  regions: readonly WholeRegion[],
  workers: number,
  done: (settled: WholePathSettlement) => void,
): Promise<WholePathSettlement[]> =>
  inThrowawayStore(workers, async (path) => {
    const settled: WholePathSettlement[] = []
    for (const region of regions) {
      settled.push(await settledRegion(path, region))
      done(settled.at(-1)!)
    }
    return settled
  })

/** A store, a worker on it, and a directory. */
export interface Path {
  readonly store: Store
  readonly worker: LocalWorker
  readonly place: string
}

/** What is done with a store that is thrown away afterwards. */
export async function inThrowawayStore<T>(workers: number, use: (path: Path) => Promise<T>): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), 'winst-acceptance-'))
  const store = await openStore({ home: join(place, 'home'), durable: false })
  try {
    await migrate(store)
    const worker = await startLocalWorker(store, { redisUrl: null }, workers)
    try {
      return await use({ store, worker, place })
    } finally {
      await worker.stop()
    }
  } finally {
    await store.close()
    await rm(place, { recursive: true, force: true })
  }
}

/** Files written and imported as a region of that name, and deleted once they are used. */
export async function importedFor<T>(
  { store, place }: Path,
  name: string,
  generated: Omit<GenerateOptions, 'out'>,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = join(place, name)
  await generateRegion({ out: dir, ...generated })
  await importDataset(store, { dir, region: name, rejectsPath: join(dir, 'rejects.csv') })
  const used = await use(dir)
  await rm(dir, { recursive: true, force: true })
  return used
}

/** An imported region settled by a contract.  @param text the contract as a file  @param dir where its results are written */
export async function settlementUnder(
  { store, worker: { backend } }: Path,
  region: string,
  text: string,
  dir: string,
): Promise<Settlement> {
  await mkdir(dir, { recursive: true })
  const path = join(dir, 'signed.yaml')
  await writeFile(path, text)
  const contract = await readContractFile(path, await loadProgrammes())
  await appendContract(store, (await regionOf(store, region)).regionId, contract)
  const order = await runOrderOf(store, { contract, flow: 'settle', region })
  await enqueueRun(backend, order)
  const id = (await awaitRun(backend, order.runId)) as string
  await writeResults(store, id, dir)
  return await wholeSettlement(store, id)
}

const settledRegion = (path: Path, region: WholeRegion): Promise<WholePathSettlement> => {
  const { name, seed, planted: effects } = region
  return importedFor(path, name, { patients: PATIENTS, seed, effects }, async (dir) => {
    const out = join(dir, 'out')
    const settlement = await settlementUnder(path, name, contractFileOf(region), out)
    return { region, settlement, truth: await truthOf(dir, region), followed: await followedOf(dir, out) }
  })
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

/** The rows of a file. */
export const recordsOf = (path: string) =>
  createReadStream(path).pipe(parse({ columns: true, bom: true })) as AsyncIterable<Readonly<Record<string, string>>>
