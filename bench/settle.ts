/** `npm run bench:settle`: how long sections 3 to 5 of method.md take for one outcome of very many patients, and how much memory.
 *
 *  Each size runs in a process of its own: the columns as a run stores them (a contract year and three placebo years, every
 *  patient in each), then the computation of the last stage, `jobs/settle-task.ts`, as a thread of a worker does it.
 *  `--sizes 125000,250000`; the columns are the same on every run. */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { contractWith } from '../acceptance/contract.ts'
import { MEASURED, MISSING, NO_BASELINE } from '../engine/assessment.ts'
import { quantised } from '../engine/quantise.ts'
import { randomOf } from '../engine/random.ts'
import { INTERIM_FACTS, KNOWN_FACTS } from '../engine/patient-facts.ts'
import { type AssessedYear, settle, type SettleTask } from '../jobs/settle-task.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '125000,250000,500000,1000000' },
    /** how often each size is settled; the least is told, for what else a machine does only adds */
    repeats: { type: 'string', default: '2' },
    one: { type: 'boolean', default: false },
  },
})
const sizes = values.sizes.split(',').map(Number)
const PARTNERS = 80
const CONTROLS = 20
const PATIENTS_A_PRACTICE = 1000
const WIDTH = KNOWN_FACTS.length + INTERIM_FACTS.length

if (values.one) process.stdout.write(JSON.stringify(measured(sizes[0]!)))
else {
  const lines = sizes.map((size) => {
    const args = [
      '--import',
      'tsx',
      import.meta.filename,
      '--one',
      '--sizes',
      String(size),
      '--repeats',
      values.repeats,
    ]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as ReturnType<typeof measured>
  })
  const out = (line: string) => process.stdout.write(`${line}\n`)
  out('| patients | seconds | of them CPU | microseconds a patient (CPU) | peak memory, MB | of which the columns |')
  out('| --- | --- | --- | --- | --- | --- |')
  for (const { patients, seconds, cpu, peak, columns } of lines)
    out(
      `| ${patients} | ${seconds.toFixed(2)} | ${cpu.toFixed(2)} | ${((cpu / patients) * 1e6).toFixed(2)} | ${peak} | ${columns} |`,
    )
}

function measured(patients: number) {
  const task = taskOf(patients)
  const columns = Math.round(process.resourceUsage().maxRSS / 1024)
  let [seconds, cpu, paid] = [Infinity, Infinity, 0]
  for (let turn = 0; turn < Number(values.repeats); turn++) {
    const [started, before] = [performance.now(), process.cpuUsage()]
    paid = settle(task).settlement.totals.payment_cents
    const { user, system } = process.cpuUsage(before)
    seconds = Math.min(seconds, (performance.now() - started) / 1000)
    cpu = Math.min(cpu, (user + system) / 1e6)
  }
  return { patients, seconds, cpu, columns, paid, peak: Math.round(process.resourceUsage().maxRSS / 1024) }
}

/** What the store holds of a region: 80 partners of a contract and 20 controls, their practices after them. */
function taskOf(patients: number): SettleTask {
  const practices = Math.ceil(patients / PATIENTS_A_PRACTICE)
  const partnerIds = Array.from({ length: PARTNERS + CONTROLS + practices }, (_, p) => `p${String(p).padStart(6, '0')}`)
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)
  const { contract, outcomes } = { contract: contractWith(), outcomes: contractWith().outcomes }
  return {
    input: {
      settlementId: 's',
      asOf: '2026-06-01',
      engineVersion: '0',
      datasetSha256: 'd',
      contractSha256: 'c',
      modelIds: {},
      contract,
      better: Object.fromEntries(outcomes.map(({ measure }) => [measure, 'lower' as const])),
      partnerIds,
      contractPartners: range(0, PARTNERS),
      controlPartners: range(PARTNERS, PARTNERS + CONTROLS),
      insurers: ['3311', '7029', '7095'],
      barred: { notMainPractitioner: 0, otherInsurer: 0 },
      quality: [],
      beside: { perProcedureCents: partnerIds.map(() => 0), includedOnQuarterDays: partnerIds.map(() => 0) },
    },
    years: [0, 1, 2, 3].map((yearsBefore) => yearOf(patients, practices, yearsBefore, outcomes[0]!.measure)),
  }
}

function yearOf(patients: number, practices: number, yearsBefore: number, measure: string): AssessedYear {
  const dice = randomOf(4, yearsBefore)
  const ints = () => new Int32Array(patients)
  const [partner, practice, insurer, exposureDays] = [ints(), ints(), ints(), ints()]
  const status = new Uint8Array(patients)
  const gain = new Float64Array(patients).fill(NaN)
  const facts = new Float64Array(patients * WIDTH)
  for (let row = 0; row < patients; row++) {
    const own = dice.below(practices)
    practice[row] = PARTNERS + CONTROLS + own
    partner[row] = own % (PARTNERS + CONTROLS)
    insurer[row] = dice.below(3)
    exposureDays[row] = 365
    let merit = 0
    for (let at = 0; at < WIDTH; at++) {
      const known = at < KNOWN_FACTS.length - 2 || dice.uniform() < 0.8
      const fact = known ? dice.uniform() + dice.uniform() - 1 : NaN
      facts[row * WIDTH + at] = fact
      if (known) merit += fact / 4
    }
    const seen = 1 / (1 + Math.exp(-1.5 - merit))
    status[row] = dice.uniform() < 0.08 ? NO_BASELINE : dice.uniform() < seen ? MEASURED : MISSING
    if (status[row] === MEASURED) gain[row] = quantised(merit + 9 * (dice.uniform() + dice.uniform() - 1))
  }
  return { yearsBefore, partner, practice, insurer, exposureDays, outcomes: [{ measure, status, gain, facts }] }
}
