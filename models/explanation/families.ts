/** The prediction of one unit of any family as a sum over features. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { columnOf, type Packed } from '../sample/bytes.ts'
import { columnNamed } from '../families/design.ts'
import { sequenceAttribution } from './sequence.ts'
import { treeAttribution } from './trees.ts'
import type { Attribute, Attribution } from './attribution.ts'
import { logOf } from '../families/log-ridge.ts'
import { mixedOf } from '../families/mixed.ts'
import { treeInputs } from '../families/residual.ts'
import { linearContributions, linearOf, linearPredictions, type Linear } from '../families/ridge.ts'

const linear = (of: Linear, table: FeatureTable): Attribution => ({
  base: of.constant,
  by: linearContributions(of, table),
})

/** By the name of the family. */
const attributions: Readonly<Record<string, (unit: Packed) => Attribute>> = {
  mean(unit) {
    const base = columnOf(unit, 'offset', 'f64')[0]!
    return () => ({ base, by: new Map() })
  },
  last(unit) {
    const offset = columnOf(unit, 'offset', 'f64')
    const [change, mean] = [offset[0]!, offset[1]!]
    const added = (x: number): number => (Number.isNaN(x) ? 0 : x + change - mean)
    return (table) => ({
      base: mean,
      by: new Map([['own.last', Float64Array.from(columnNamed(table, 'own.last'), added)]]),
    })
  },
  ridge(unit) {
    const of = linearOf(unit)
    return (table) => linear(of, table)
  },
  trees: treeAttribution,
  sequence: sequenceAttribution,
  mixed(unit) {
    const { linear: of, tableOf } = mixedOf(unit)
    return (table) => linear(of, tableOf(table))
  },
  log(unit) {
    const { linear: of, tableOf, inUnit } = logOf(unit)
    return (table) => {
      const logs = tableOf(table)
      const base = inUnit(of.constant)
      // A difference of exponentials is divided in proportion to the differences of logarithms: the integrated gradients of exp(x'b), in closed form.
      const perLog = linearPredictions(of, logs).map((v) =>
        v === of.constant ? 0 : (inUnit(v) - base) / (v - of.constant),
      )
      const by = linearContributions(of, logs)
      const inUnits = (column: Float64Array): Float64Array => column.map((x, row) => x * perLog[row]!)
      return { base, by: new Map(Array.from(by, ([feature, column]) => [feature, inUnits(column)])) }
    }
  },
  residual(unit) {
    const { linear: of, tableOf } = mixedOf(unit)
    const trees = treeAttribution(unit)
    return (table) => {
      const derived = tableOf(table)
      return sumOf(linear(of, derived), trees(treeInputs(table, linearPredictions(of, derived))))
    }
  },
}

function sumOf(a: Attribution, b: Attribution): Attribution {
  const by = new Map(a.by)
  for (const [feature, column] of b.by) {
    const other = by.get(feature)
    by.set(feature, other ? column.map((x, row) => x + other[row]!) : column)
  }
  return { base: a.base + b.base, by }
}

/** The contribution of each feature to the prediction of a unit of the family. */
export function attributionOf(family: string, unit: Packed): Attribute {
  const attribute = attributions[family]
  invariant(attribute, `the family ${family} can be explained`)
  return attribute(unit)
}
