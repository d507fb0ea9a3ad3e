/** Training samples: extracted per shard, thinned to what training can hold, and merged in a fixed order. */
import { hashOf, mixed } from '../../engine/kernel/fold.ts'
import type { LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Targets } from '../../engine/panel/target.ts'
import { windowOf, type FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, pack, unpack } from './bytes.ts'
import type { Sample } from '../estimator.ts'
import { patientsByPractice, practicesOf, sizesOf } from './practice-size.ts'
import { rowsWhere, tableRows, thinned } from './rows.ts'

/** The training rows of a shard, with counts before thinning. */
export interface SampleShard {
  readonly sample: Omit<Sample, 'folds'>
  /** landmarks with a realised target, before thinning; patients behind them */
  readonly rowsSeen: number
  readonly patientsSeen: number
  /** the practice of each row, and how many patients of the shard each practice has */
  readonly practice: Uint32Array
  readonly practices: Readonly<Record<string, number>>
}

/** The landmarks with a realised target as bytes for training; of more than `mostRows` a fold those with the smallest hash of (patient,
 *  day): the choice does not depend on values, and each fold has its own limit.  @param foldOfPatient the fold of each patient of the panel */
export function sampleShard(
  panel: Panel,
  measure: string,
  rows: LandmarkRows,
  targets: Targets,
  { foldOfPatient, mostRows }: { foldOfPatient: (patient: number) => number; mostRows: number },
): Uint8Array {
  const realised = rowsWhere(rows.day.length, (row) => !Number.isNaN(targets.value[row]!))
  const words = (row: number): [number, number] => {
    const id = panel.patientIds[rows.patient[row]!]!
    return [hashOf(id, 1), hashOf(id, 2)]
  }
  const rankOf = (row: number): number => mixed(words(row)[0] ^ Math.imul(rows.day[row]!, 0x9e3779b1))
  const foldOfRow = (row: number): number => foldOfPatient(rows.patient[row]!)
  const folds = [...new Set(Array.from(realised, foldOfRow))]
  const kept = Int32Array.from(
    folds.flatMap((fold) => [
      ...thinned(
        realised.filter((row) => foldOfRow(row) === fold),
        mostRows,
        rankOf,
      ),
    ]),
  ).sort()
  const patient = Int32Array.from(kept, (row) => rows.patient[row]!)
  const day = Int32Array.from(kept, (row) => rows.day[row]!)
  const { names, columns } = windowOf(panel, measure, { patient, day })
  return pack({
    meta: {
      names,
      rowsSeen: realised.length,
      practices: patientsByPractice(panel, rows, realised),
      patientsSeen: new Set(Array.from(realised, (row) => rows.patient[row]!)).size,
    },
    arrays: {
      day,
      patient: Uint32Array.from([...kept].flatMap(words)),
      fold: Uint8Array.from(patient, foldOfPatient),
      practice: practicesOf(panel, { patient, day }),
      target: Float64Array.from(kept, (row) => targets.value[row]!),
      ...Object.fromEntries(columns.map((column, k) => [`x${k}`, column])),
    },
  })
}

function shardOf(bytes: Uint8Array): SampleShard {
  const packed = unpack(bytes)
  const names = packed.meta.names as string[]
  const target = columnOf(packed, 'target', 'f64')
  return {
    sample: {
      table: { names, rows: target.length, columns: names.map((_, k) => columnOf(packed, `x${k}`, 'f32')) },
      target,
      fold: columnOf(packed, 'fold', 'u8'),
      patient: columnOf(packed, 'patient', 'u32'),
      day: columnOf(packed, 'day', 'i32'),
    },
    rowsSeen: packed.meta.rowsSeen as number,
    patientsSeen: packed.meta.patientsSeen as number,
    practice: columnOf(packed, 'practice', 'u32'),
    practices: packed.meta.practices as Record<string, number>,
  }
}

export interface WholeSample extends Sample {
  readonly rowsSeen: number
  readonly patientsSeen: number
  /** patients that each row's practice has in the reference, for the card only; it is no feature */
  readonly practiceSize: Int32Array
}

/** All shards as one sample, ascending by patient (its two words) and day: independent of the order of shards.
 *  Refuses fewer than three folds with rows, or hardly any rows: held-out predictions would be impossible. */
export function sampleOf(shards: readonly Uint8Array[], folds: number, measure: string): WholeSample {
  const parts = shards.map(shardOf)
  const names = parts[0]?.sample.table.names ?? []
  const day = Int32Array.from(parts.flatMap((part) => [...part.sample.day]))
  const patient = Uint32Array.from(parts.flatMap((part) => [...part.sample.patient]))
  const order = Int32Array.from(day.keys()).sort(
    (a, b) => patient[2 * a]! - patient[2 * b]! || patient[2 * a + 1]! - patient[2 * b + 1]! || day[a]! - day[b]!,
  )
  const fold = Uint8Array.from(parts.flatMap((part) => [...part.sample.fold]))
  const target = Float64Array.from(parts.flatMap((part) => [...part.sample.target]))
  refuseTooFew(fold, folds, measure)
  return {
    table: tableRows({ names, rows: day.length, columns: joinedColumns(parts, names) }, order),
    target: Float64Array.from(order, (row) => target[row]!),
    fold: Uint8Array.from(order, (row) => fold[row]!),
    folds,
    patient: Uint32Array.from([...order].flatMap((row) => [patient[2 * row]!, patient[2 * row + 1]!])),
    day: Int32Array.from(order, (row) => day[row]!),
    practiceSize: sizesOf(parts, order),
    rowsSeen: parts.reduce((sum, part) => sum + part.rowsSeen, 0),
    patientsSeen: parts.reduce((sum, part) => sum + part.patientsSeen, 0),
  }
}

function joinedColumns(parts: readonly SampleShard[], names: readonly string[]): FeatureTable['columns'] {
  const rows = parts.reduce((sum, part) => sum + part.sample.day.length, 0)
  return names.map((name) => {
    const column = new Float32Array(rows).fill(NaN)
    let at = 0
    for (const { sample } of parts) {
      const from = sample.table.columns[sample.table.names.indexOf(name)]
      if (from) column.set(from, at)
      at += sample.day.length
    }
    return column
  })
}

const leastRows = 10
const leastFolds = 3

function refuseTooFew(fold: Uint8Array, folds: number, measure: string): void {
  const filled = new Set(fold).size
  if (fold.length >= leastRows && filled >= leastFolds) return
  throw new Refusal(
    'too_few_to_learn',
    `The reference holds ${fold.length} landmarks with a realised ${measure}, in ${filled} of ${folds} folds of patients; an expectation needs at least ${leastRows}, in ${leastFolds} folds. Lengthen the reference period or shorten the horizon.`,
    { measure, rows: fold.length, folds: filled },
  )
}
