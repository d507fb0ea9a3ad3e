/** Restricts a family to summaries of the readings; only some families use the raw readings. */
import { isReading } from '../../engine/panel/readings.ts'
import type { Estimator } from '../estimator.ts'

/** The family, fitted without the columns of raw readings. */
export const onSummaries = (family: Estimator): Estimator => ({
  ...family,
  crossFit(sample, seed) {
    const { names, rows, columns } = sample.table
    const kept = [...names.keys()].filter((k) => !isReading(names[k]!))
    const table = { names: kept.map((k) => names[k]!), rows, columns: kept.map((k) => columns[k]!) }
    return family.crossFit({ ...sample, table }, seed)
  },
})
