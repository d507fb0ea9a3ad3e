/** A very large region of one outcome in the store in the state before settlement: the results of realising its shards only. */
import { handOver } from '../data/runs/handover.ts'
import type { Store } from '../data/postgres/database.ts'
import { inTransaction } from '../data/postgres/transaction.ts'
import { MEASURED, MISSING, NO_BASELINE } from '../engine/assessment/assessment.ts'
import type { Contract } from '../engine/contract/contract.ts'
import { assessedYearsOf } from '../engine/assessment/assessed-years.ts'
import { SHARDS } from '../engine/panel/panel.ts'
import { INTERIM_FACTS, KNOWN_FACTS, LATER_FACTS } from '../engine/assessment/patient-facts.ts'
import { quantised } from '../engine/kernel/quantise.ts'
import { randomOf } from '../engine/kernel/random.ts'
import { shardOf } from '../engine/panel/shard.ts'
import { yearOfShard } from '../jobs/threads/year-of-shard.ts'

export const [PARTNERS, CONTROLS] = [80, 20]
const PATIENTS_A_PRACTICE = 1000
export const INSURERS = ['3311', '7029', '7095']
export const practicesOf = (patients: number): number => Math.ceil(patients / PATIENTS_A_PRACTICE)

/** Writes every assessed year of a run, every patient in each of them; the same on every run. @returns bytes written */
export async function layDown(store: Store, runId: string, contract: Contract, patients: number): Promise<number> {
  const shards = Array.from({ length: SHARDS }, (): string[] => [])
  // ascending, as the rows of a shard are
  for (let p = 0; p < patients; p++) {
    const id = `p${String(p).padStart(8, '0')}`
    shards[shardOf(id)]!.push(id)
  }
  let written = 0
  for (const yearsBefore of assessedYearsOf(contract))
    for (const [shard, patientIds] of shards.entries()) {
      const { admissions, insurer, ...columns } = columnsOf(patientIds.length, practicesOf(patients), [
        yearsBefore,
        shard,
      ])
      const { patient } = admissions
      const block = { measure: contract.outcomes[0]!.measure, yearsBefore, admissions, ...columns }
      const bytes = yearOfShard([block], { patientIds, insurer }, patient)
      const piece = `${yearsBefore}.${String(shard).padStart(2, '0')}`
      await inTransaction(store, (transaction) => handOver(transaction, { runId, stage: 'realise', piece }, bytes))
      written += bytes.length
    }
  return written
}

/** One shard in one year: facts of the kinds that engine/patient-facts.ts tells, which say a little about who comes and who does well. */
function columnsOf(rows: number, practices: number, place: readonly [year: number, shard: number]) {
  const dice = randomOf(4, ...place)
  const ints = () => new Int32Array(rows)
  const [partner, practice, insurer, exposureDays] = [ints(), ints(), ints(), ints().fill(365)]
  const status = new Uint8Array(rows)
  const gain = new Float64Array(rows).fill(NaN)
  const width = KNOWN_FACTS.length + INTERIM_FACTS.length + LATER_FACTS.length
  const facts = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const own = dice.below(practices)
    practice[row] = PARTNERS + CONTROLS + own
    partner[row] = own % (PARTNERS + CONTROLS)
    insurer[row] = dice.below(INSURERS.length)
    const [mean, age, isRead] = [quantised(53 + 9 * dice.normal()), 40 + dice.below(50), dice.uniform() < 0.8]
    const last = 45 + dice.below(300) / 10
    const comes = 1 / (1 + Math.exp(-1.5 - (age - 60) / 100 - (isRead ? 0.5 : 0)))
    facts.set(
      [
        mean,
        quantised(6 + dice.uniform()),
        age,
        age * age,
        dice.below(2),
        0,
        dice.below(7000) / 365.25,
        last - mean,
        dice.below(400),
        dice.below(12),
        dice.below(200),
        dice.below(5),
        dice.below(6),
        isRead ? 1 : 0,
        isRead ? last - mean + dice.below(60) / 10 - 3 : NaN,
        isRead ? dice.below(240) : NaN,
        NaN,
      ],
      row * width,
    )
    status[row] = dice.uniform() < 0.08 ? NO_BASELINE : dice.uniform() < comes ? MEASURED : MISSING
    if (status[row] === MEASURED) gain[row] = quantised(6 * dice.normal() + (mean - 53) / 20)
  }
  const none = new Float64Array(rows)
  const patient = Int32Array.from({ length: rows }, (_, at) => at)
  const admissions = { patient, partner, practice, exposureDays, indexOn: ints(), yearsElapsed: new Uint8Array(rows) }
  const read = { baseline: none, realised: none, realisedOn: ints(), realisedValue: none }
  return { admissions, insurer, status, gain, facts, ...read }
}
