/** `npm run bench:settle`: how long sections 3 to 5 of method.md take for one outcome of very many patients, and how much memory.
 *
 *  Each size runs in a process of its own: a contract year and three placebo years with every patient in each, a year a
 *  thread, two threads, as the last stage of a run has it; then the settlement. Columns are made before the clock starts.
 *  `--sizes 125000,250000` `--threads 2`; the columns are the same on every run. */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { contractWith } from '../acceptance/contract.ts'
import type { SettlementInput } from '../engine/assessment.ts'
import { settlementOf } from '../engine/settlement.ts'
import { openThreads } from '../jobs/threads.ts'
import type * as tasks from './settle-year.ts'
import type { YearDone } from './settle-year.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '125000,250000,500000,1000000' },
    threads: { type: 'string', default: '2' },
    one: { type: 'boolean', default: false },
  },
})
const [partners, controls, patientsAPractice] = [80, 20, 1000]
const sizes = values.sizes.split(',').map(Number)

if (values.one) process.stdout.write(JSON.stringify(await measured(sizes[0]!, Number(values.threads))))
else {
  const out = (line: string) => process.stdout.write(`${line}\n`)
  out('| patients | seconds | CPU seconds, both threads | CPU microseconds a patient | peak memory, MB |')
  out('| --- | --- | --- | --- | --- |')
  for (const size of sizes) {
    const args = [
      '--import',
      'tsx',
      import.meta.filename,
      '--one',
      '--sizes',
      String(size),
      '--threads',
      values.threads,
    ]
    const said = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured
    const { seconds, cpu, peak } = said
    out(`| ${size} | ${seconds.toFixed(2)} | ${cpu.toFixed(2)} | ${((cpu / size) * 1e6).toFixed(2)} | ${peak} |`)
  }
}

interface Measured {
  /** on the clock: the thread that was busy longest, then the settlement */
  readonly seconds: number
  /** on processors, all threads together; on a busy machine it says more than the clock */
  readonly cpu: number
  readonly peak: number
}

async function measured(patients: number, number: number): Promise<Measured> {
  const practices = Math.ceil(patients / patientsAPractice)
  const threads = openThreads<typeof tasks>({ tasks: new URL('./settle-year.ts', import.meta.url), threads: number })
  const busy = Array.from({ length: number }, () => 0)
  const years: YearDone[] = []
  const waiting = [0, 1, 2, 3]
  await Promise.all(
    busy.map(async (_, thread) => {
      for (let yearsBefore = waiting.shift(); yearsBefore !== undefined; yearsBefore = waiting.shift()) {
        const done = await threads.run('contributedYear', { patients, partners, controls, practices, yearsBefore })
        years[yearsBefore] = done
        busy[thread]! += done.seconds
      }
    }),
  )
  await threads.close()
  const [started, before] = [performance.now(), process.cpuUsage()]
  settlementOf(inputOf(practices, years))
  const last = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    seconds: Math.max(...busy) + last,
    cpu: years.reduce((sum, year) => sum + year.cpu, 0) + (user + system) / 1e6,
    peak: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** A region of 80 partners with a contract and 20 controls, their practices after them. */
function inputOf(practices: number, years: readonly YearDone[]): SettlementInput {
  const partnerIds = Array.from({ length: partners + controls + practices }, (_, p) => `p${String(p).padStart(6, '0')}`)
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)
  const contract = contractWith()
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
    contractPartners: range(0, partners),
    controlPartners: range(partners, partners + controls),
    insurers: ['3311', '7029', '7095'],
    contractYear: years[0]!.contractYear,
    placeboYears: years.slice(1).map(({ placeboYear }) => placeboYear),
    barred: { notMainPractitioner: 0, otherInsurer: 0 },
    quality: [],
    beside: { perProcedureCents: partnerIds.map(() => 0), includedOnQuarterDays: partnerIds.map(() => 0) },
  }
}
