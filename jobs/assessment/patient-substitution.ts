/** The assessed years of a run with the rows of one patient replaced by others. */
import type { AssessedOutcome, AssessedYear } from '../../data/runs/assessed-years.ts'
import type { RealisedBlock } from '../../data/runs/assessments.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'

/** Every year without the patient's row, and with the one that the blocks have for it, in its place by patient_id.
 *  @param panel of the patient's shard, that the blocks were computed from   @param idOf every patient of the region, by key */
export function yearsWith(
  years: readonly AssessedYear[],
  panel: Panel,
  blocks: readonly RealisedBlock[],
  patientId: string,
  idOf: ReadonlyMap<number, string>,
): AssessedYear[] {
  const place = panel.patientIds.indexOf(patientId)
  const key = [...idOf].find(([, id]) => id === patientId)?.[0]
  invariant(place >= 0 && key !== undefined, 'the patient is in the panel and in the region')
  return years.map((year) => {
    const own = blocks.filter(({ yearsBefore }) => yearsBefore === year.yearsBefore)
    const row = own[0]?.admissions.patient.indexOf(place) ?? -1
    const at = year.patientKey.findIndex((each) => idOf.get(each)! >= patientId)
    const since = at < 0 ? year.patientKey.length : at
    const splice = { at: since, gone: year.patientKey[since] === key ? 1 : 0 }
    const ints = (values: Int32Array, value: () => number) => spliced(values, splice, row < 0 ? [] : [value()])
    const admitted = own[0]?.admissions
    return {
      ...year,
      patientKey: ints(year.patientKey, () => key),
      partner: ints(year.partner, () => admitted!.partner[row]!),
      practice: ints(year.practice, () => admitted!.practice[row]!),
      insurer: ints(year.insurer, () => panel.insurer[place]!),
      exposureDays: ints(year.exposureDays, () => admitted!.exposureDays[row]!),
      outcomes: year.outcomes.map((outcome) => outcomeWith(outcome, own, row, splice)),
    }
  })
}

interface Splice {
  readonly at: number
  readonly gone: number
}

function outcomeWith(
  outcome: AssessedOutcome,
  blocks: readonly RealisedBlock[],
  row: number,
  splice: Splice,
): AssessedOutcome {
  const rows = outcome.status.length
  const width = rows === 0 ? 0 : outcome.facts.length / rows
  const block = blocks.find(({ measure }) => measure === outcome.measure)
  const facts = { at: splice.at * width, gone: splice.gone * width }
  if (row < 0 || !block)
    return {
      ...outcome,
      status: spliced(outcome.status, splice, []),
      gain: spliced(outcome.gain, splice, []),
      facts: spliced(outcome.facts, facts, []),
    }
  const own = block.facts.subarray(row * width, (row + 1) * width)
  return {
    ...outcome,
    status: spliced(outcome.status, splice, [block.status[row]!]),
    gain: spliced(outcome.gain, splice, [block.gain[row]!]),
    facts: spliced(outcome.facts, facts, own),
  }
}

function spliced<A extends Int32Array | Float64Array | Uint8Array>(
  values: A,
  { at, gone }: Splice,
  put: ArrayLike<number>,
): A {
  const result = new (values.constructor as new (length: number) => A)(values.length - gone + put.length)
  result.set(values.subarray(0, at))
  result.set(put, at)
  result.set(values.subarray(at + gone), at + put.length)
  return result
}
