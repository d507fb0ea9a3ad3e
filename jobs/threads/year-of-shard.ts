/** One assessed year of a shard as bytes, the building block of every settlement. */
import { rowColumns, type RowColumns } from '../../data/columns/row-columns.ts'
import type { AssessedYear } from '../../data/runs/assessed-years.ts'
import type { RealisedBlock } from '../../data/runs/assessments.ts'
import { narrowed, type NarrowColumn } from '../../data/columns/narrow.ts'
import { packed, unpacked } from '../../data/columns/packed.ts'
import { textColumn, textsOf, type TextColumn } from '../../data/columns/text-column.ts'
import { factColumnsOf } from '../../engine/assessment/patient-facts.ts'

/** A row per index date, ascending by patient_id, then by day. */
export interface YearOfShard extends RowColumns {
  readonly patientIds: TextColumn
  /** those of the contract's outcomes for which the year counts, in their order */
  readonly outcomes: readonly {
    readonly measure: string
    readonly status: Uint8Array
    readonly gain: NarrowColumn
    /** in the order of engine/assessment/patient-facts.ts */
    readonly facts: readonly NarrowColumn[]
  }[]
}

/** The blocks of one year of a shard as the stage that realises it hands them over; every block of a year has the same admissions. */
export function yearOfShard(
  blocks: readonly RealisedBlock[],
  panel: { readonly patientIds: readonly string[]; readonly insurer: Int32Array },
  patientKey: Int32Array,
): Uint8Array {
  const { patient, partner, practice, indexOn, exposureDays } = blocks[0]!.admissions
  return packedYear({
    patientIds: Array.from(patient, (at) => panel.patientIds[at]!),
    patientKey: patient.map((at) => patientKey[at]!),
    partner,
    practice,
    insurer: patient.map((at) => panel.insurer[at]!),
    indexOn,
    exposureDays,
    outcomes: blocks,
  })
}

/** The same of a year that the store kept. */
export function packedYear(year: Omit<AssessedYear, 'yearsBefore'>): Uint8Array {
  return packed({
    patientIds: textColumn(year.patientIds),
    ...rowColumns((column) => year[column]),
    outcomes: year.outcomes.map(({ measure, status, gain, facts }) => {
      const columns = factColumnsOf(status.length, facts)
      return { measure, status, gain: narrowed(gain), facts: columns.map(narrowed) }
    }),
  } satisfies YearOfShard)
}

/** The rows of those patients only. */
export function rowsWhere(bytes: Uint8Array, isKept: (patientId: string) => boolean): Uint8Array {
  const year = unpacked(bytes) as YearOfShard
  const idAt = textsOf(year.patientIds)
  const rows = Int32Array.from(year.patientIds.ends.keys()).filter((row) => isKept(idAt(row)))
  const narrow = ({ values, ...column }: NarrowColumn): NarrowColumn => ({ ...column, values: picked(values, rows) })
  return packed({
    patientIds: textColumn(Array.from(rows, idAt)),
    ...rowColumns((column) => picked(year[column], rows)),
    outcomes: year.outcomes.map(({ measure, status, gain, facts }) => ({
      measure,
      status: picked(status, rows),
      gain: narrow(gain),
      facts: facts.map(narrow),
    })),
  } satisfies YearOfShard)
}

function picked<A extends NarrowColumn['values']>(values: A, rows: Int32Array): A {
  const kept = values.slice(0, rows.length) as A
  rows.forEach((row, at) => (kept[at] = values[row]!))
  return kept
}
