/** The groups in which an expectation has to hold: tenths of the prediction, sexes, ages, sizes of practice. */
import type { WholeSample } from '../sample/sample.ts'

/** Each group's rows, ascending, so that those of a patient are adjacent; empty groups left out.
 *  @param mean the predictions: [rows] */
export function groupsOf(
  sample: Pick<WholeSample, 'table' | 'target' | 'practiceSize'>,
  mean: Float64Array,
): [string, Int32Array][] {
  const rows = Array.from(sample.target.keys())
  const ordered = [...rows].sort((a, b) => mean[a]! - mean[b]! || a - b)
  const tenths = Array.from({ length: 10 }, (_, t): [string, number[]] => [
    `prediction ${t + 1}/10`,
    ordered.slice(Math.floor((t * rows.length) / 10), Math.floor(((t + 1) * rows.length) / 10)).sort((a, b) => a - b),
  ])
  const size = sample.practiceSize
  const column = (name: string): Float32Array => sample.table.columns[sample.table.names.indexOf(name)]!
  const [female, unknown, age] = [column('female'), column('sex_unknown'), column('age')]
  const by = (name: string, belongs: (row: number) => boolean): [string, number[]] => [name, rows.filter(belongs)]
  return [
    ...tenths,
    by('female', (row) => female[row] === 1),
    by('male', (row) => female[row] === 0 && unknown[row] === 0),
    by('age below 50', (row) => age[row]! < 50),
    by('age 50 to 64', (row) => age[row]! >= 50 && age[row]! < 65),
    by('age 65 to 79', (row) => age[row]! >= 65 && age[row]! < 80),
    by('age 80 and over', (row) => age[row]! >= 80),
    by('practice below 50', (row) => size[row]! > 0 && size[row]! < 50),
    by('practice 50 to 199', (row) => size[row]! >= 50 && size[row]! < 200),
    by('practice 200 and over', (row) => size[row]! >= 200),
  ]
    .filter(([, of]) => of.length > 0)
    .map(([name, of]) => [name, Int32Array.from(of)])
}
