/** One assessed year of a very large region in a thread: its columns as a run stores them, then what everybody contributes. */
import { readFileSync } from 'node:fs'
import { contractWith } from '../acceptance/contract.ts'
import { MEASURED, MISSING, NO_BASELINE, type ContractYear, type PlaceboYear } from '../engine/assessment.ts'
import { contributionsOf, measuredAmongControlsOf } from '../engine/contribution.ts'
import { factsOf, INTERIM_FACTS, KNOWN_FACTS } from '../engine/patient-facts.ts'
import { quantised } from '../engine/quantise.ts'
import { randomOf } from '../engine/random.ts'

const WIDTH = KNOWN_FACTS.length + INTERIM_FACTS.length

/** Practices come after the partners of the contract and its controls. */
export interface YearTask {
  readonly patients: number
  readonly partners: number
  readonly controls: number
  readonly practices: number
  readonly yearsBefore: number
}

/** What a settlement looks at of a year, and what it took to compute once its columns were there. */
export interface YearDone {
  readonly contractYear: ContractYear
  readonly placeboYear: PlaceboYear
  readonly seconds: number
  /** of them on a processor; NaN where the system does not tell it for a thread */
  readonly cpu: number
}

export function contributedYear(task: YearTask): YearDone {
  const { patients, partners, controls, yearsBefore } = task
  const { status, gain, facts, partner, practice, ...year } = columnsOf(task)
  const [started, cpuBefore] = [performance.now(), cpuSeconds()]
  const { known, interim } = factsOf(patients, facts)
  const { contribution } = contributionsOf(status, gain, known, interim, contractWith().missing)
  const isControl = Uint8Array.from({ length: partners + controls }, (_, p) => (p < partners ? 0 : 1))
  const measuredAmongControls = yearsBefore === 0 ? measuredAmongControlsOf(status, known, partner, isControl) : null
  const [seconds, cpu] = [(performance.now() - started) / 1000, cpuSeconds() - cpuBefore]
  return {
    contractYear: { ...year, partner, practice, outcomes: [{ status, gain, contribution, measuredAmongControls }] },
    placeboYear: { yearsBefore, partner, practice, contributions: [contribution] },
    seconds,
    cpu,
  }
}

/** What this thread has had of a processor until now, where Linux tells it. */
function cpuSeconds(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9
  } catch {
    return NaN
  }
}

/** The same columns on every run: facts between -1 and 1, some of them not known, that say a little about who comes and who does well. */
function columnsOf({ patients, partners, controls, practices, yearsBefore }: YearTask) {
  const dice = randomOf(4, yearsBefore)
  const ints = () => new Int32Array(patients)
  const [partner, practice, insurer, exposureDays] = [ints(), ints(), ints(), ints().fill(365)]
  const status = new Uint8Array(patients)
  const gain = new Float64Array(patients).fill(NaN)
  const facts = new Float64Array(patients * WIDTH)
  for (let row = 0; row < patients; row++) {
    const own = dice.below(practices)
    practice[row] = partners + controls + own
    partner[row] = own % (partners + controls)
    insurer[row] = dice.below(3)
    let merit = 0
    for (let at = 0; at < WIDTH; at++) {
      const known = at < KNOWN_FACTS.length - 2 || dice.uniform() < 0.8
      const fact = known ? dice.uniform() + dice.uniform() - 1 : NaN
      facts[row * WIDTH + at] = fact
      if (known) merit += fact / 4
    }
    const comes = 1 / (1 + Math.exp(-1.5 - merit))
    status[row] = dice.uniform() < 0.08 ? NO_BASELINE : dice.uniform() < comes ? MEASURED : MISSING
    if (status[row] === MEASURED) gain[row] = quantised(merit + 9 * (dice.uniform() + dice.uniform() - 1))
  }
  return { partner, practice, insurer, exposureDays, status, gain, facts }
}
