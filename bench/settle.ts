/** `npm run bench:settle`: how long it takes to settle one outcome of very many patients from the store, and how much memory.
 *
 *  A contract year and three placebo years with every patient in each lie in the store as a run leaves them before its last
 *  stage. A process of its own reads them and computes sections 3 to 5 of method.md as that stage does, on as many threads;
 *  the clock runs from the first query to the settlement. What the stage writes afterwards is not in it.
 *  DATABASE_URL or an embedded store; `--sizes 125000,250000` `--threads 2`. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contractWith } from '../acceptance/simulation/contract.ts'
import { openStore, type Store } from '../data/postgres/database.ts'
import { dropHandover } from '../data/runs/handover.ts'
import { migrate } from '../data/postgres/migrate.ts'
import { inTransaction } from '../data/postgres/transaction.ts'
import type { SettlementInput } from '../engine/assessment/assessment.ts'
import { assessedIn, settledBuffers } from '../jobs/threads/assessed-year.ts'
import { contributedYears, realisedShards } from '../jobs/assessment/contributed-years.ts'
import type * as tasks from '../jobs/threads/tasks.ts'
import { openThreads } from '../jobs/threads/threads.ts'
import { CONTROLS, INSURERS, layDown, PARTNERS, practicesOf } from './settle-region.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '125000,250000,500000,1000000' },
    threads: { type: 'string', default: '2' },
    /** the store that the process of one size reads from */
    from: { type: 'string' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const contract = contractWith()
const runId = 'bench-settle'

interface Measured {
  readonly seconds: number
  /** of this process, all threads together; on a busy machine it says more than the clock */
  readonly cpu: number
  readonly peak: number
}

if (values.from !== undefined) process.stdout.write(JSON.stringify(await measured(values.from, sizes[0]!)))
else await everySize()

async function everySize(): Promise<void> {
  const out = (line: string) => process.stdout.write(`${line}\n`)
  const place = await mkdtemp(join(tmpdir(), 'winst-bench-settle-'))
  const store = await openStore({ databaseUrl: process.env.DATABASE_URL, home: join(place, 'home') })
  try {
    await migrate(store)
    out('| patients | MB read | seconds | CPU seconds, all threads | CPU microseconds a patient | peak memory, MB |')
    out('| --- | --- | --- | --- | --- | --- |')
    for (const size of sizes) {
      await cleared(store)
      const bytes = await layDown(store, runId, contract, size)
      const args = ['--import', 'tsx', import.meta.filename, '--from', store.url]
      const more = ['--sizes', String(size), '--threads', values.threads]
      const said = JSON.parse(execFileSync(process.execPath, [...args, ...more], { encoding: 'utf8' })) as Measured
      const { seconds, cpu, peak } = said
      const cells = [size, Math.round(bytes / 1e6), seconds.toFixed(2), cpu.toFixed(2), ((cpu / size) * 1e6).toFixed(2)]
      out(`| ${[...cells, peak].join(' | ')} |`)
    }
  } finally {
    await cleared(store)
    await store.close()
    await rm(place, { recursive: true, force: true })
  }
}

async function cleared(store: Store): Promise<void> {
  await inTransaction(store, (transaction) => dropHandover(transaction, { runId, stage: 'realise' }))
}

async function measured(databaseUrl: string, patients: number): Promise<Measured> {
  const store = await openStore({ databaseUrl, home: '' })
  const number = Number(values.threads)
  const threads = openThreads<typeof tasks>({
    tasks: new URL('../jobs/threads/tasks.ts', import.meta.url),
    threads: number,
  })
  const controlPartners = range(PARTNERS, PARTNERS + CONTROLS)
  // in a run every thread has worked before
  const nobody = { contract, controlPartners: null, shards: [] }
  await Promise.all(range(0, number).map(() => threads.run('contribute', nobody)))
  const [started, before] = [performance.now(), process.cpuUsage()]
  const years = await contributedYears(threads, contract, controlPartners, realisedShards(store, runId))
  const input = { ...inputOf(patients), ...assessedIn(years, [contract.outcomes[0]!.measure]), mortality: [] }
  await threads.run('settle', input, { transfer: settledBuffers(years) })
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - started) / 1000
  await threads.close()
  await store.close()
  return { seconds, cpu: (user + system) / 1e6, peak: peakMb() }
}

/** Resident at its highest, in millions of bytes. */
function peakMb(): number {
  return Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

/** Partners with a contract and controls, their practices after them. */
function inputOf(patients: number): Omit<SettlementInput, 'contractYear' | 'placeboYears'> {
  const partnerIds = range(0, PARTNERS + CONTROLS + practicesOf(patients)).map((p) => `p${String(p).padStart(6, '0')}`)
  return {
    settlementId: 's',
    asOf: '2026-06-01',
    engineVersion: '0',
    datasetSha256: 'd',
    contractSha256: 'c',
    modelIds: {},
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, 'lower' as const])),
    partnerIds,
    contractPartners: range(0, PARTNERS),
    controlPartners: range(PARTNERS, PARTNERS + CONTROLS),
    insurers: INSURERS,
    ineligible: { notMainPractitioner: 0, otherInsurer: 0 },
    quality: [],
    comparisons: { perProcedureCents: partnerIds.map(() => 0), includedOnQuarterDays: partnerIds.map(() => 0) },
  }
}
