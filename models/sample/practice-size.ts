/** The practice size of each landmark, for the model card only; it is no feature. */
import { hashOf } from '../../engine/kernel/fold.ts'
import type { LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'

// Practices by a hash of their id: the same in every shard of a region, without names.
const salt = 3

/** The practice of each row: the partner of the enrolment on that day; 0 where there is none. */
export function practicesOf(panel: Panel, { patient, day }: LandmarkRows): Uint32Array {
  const codes = panel.partners.map(({ partnerId }) => hashOf(partnerId, salt))
  const { offsets, startedOn, endedOn, partner } = panel.enrolments
  return Uint32Array.from(patient, (of, row) => {
    for (let at = offsets[of]!; at < offsets[of + 1]!; at++)
      if (startedOn[at]! <= day[row]! && day[row]! < endedOn[at]!) return codes[partner[at]!]!
    return 0
  })
}

/** How many patients each practice has among the rows chosen. */
export function patientsByPractice(panel: Panel, rows: LandmarkRows, chosen: Int32Array): Record<string, number> {
  const patient = Int32Array.from(chosen, (row) => rows.patient[row]!)
  const day = Int32Array.from(chosen, (row) => rows.day[row]!)
  const patientsOf = new Map<number, Set<number>>()
  practicesOf(panel, { patient, day }).forEach((code, row) => {
    const patients = patientsOf.get(code) ?? new Set()
    patientsOf.set(code, patients.add(patient[row]!))
  })
  return Object.fromEntries([...patientsOf].map(([code, patients]) => [code, patients.size]))
}

/** Of each row, in the order given, the patients that its practice has over all shards; 0 where it has no practice. */
export function sizesOf(
  shards: readonly { readonly practice: Uint32Array; readonly practices: Readonly<Record<string, number>> }[],
  order: Int32Array,
): Int32Array {
  const total = new Map<number, number>()
  for (const { practices } of shards)
    for (const [code, patients] of Object.entries(practices))
      total.set(Number(code), (total.get(Number(code)) ?? 0) + patients)
  const sizes = Int32Array.from(
    shards.flatMap(({ practice }) => Array.from(practice, (code) => (code === 0 ? 0 : (total.get(code) ?? 0)))),
  )
  return Int32Array.from(order, (row) => sizes[row]!)
}
