/** Linear programming over what was published: between which numbers a count must lie, since none is negative. */
import loadHighs, { type Model } from 'highs'
import type { Knowledge } from './knowledge.ts'

// its types are of a CommonJS module; as an ES module the default is the function itself
const highs = await (loadHighs as unknown as typeof loadHighs.default)()

/** Bounds on sums of unknowns. */
export interface Bounds {
  /** the least and the greatest number of persons in a set that agree with everything published, as whole numbers */
  of(set: Iterable<number>): { readonly least: number; readonly most: number }
  close(): void
}

export function boundsOf({ unknowns, equations }: Knowledge): Bounds {
  const model: Model = highs.createModel()
  model.options.set({ output_flag: false })
  const inSome = new Set(equations.flatMap((equation) => equation.unknowns))
  const column = new Map([...inSome].sort((a, b) => a - b).map((at, number) => [at, number]))
  for (const at of column.keys()) model.addVar(0, unknowns[at]!.changed ? 1 : highs.infinity)
  for (const { unknowns: of, sum } of equations)
    model.addRow(sum, sum, { indices: of.map((at) => column.get(at)!), values: of.map(() => 1) })
  const optimum = (set: readonly number[], cost: 1 | -1): number => {
    for (const at of set) model.changeColCost(at, cost)
    model.run()
    const value = model.getObjectiveValue()
    for (const at of set) model.changeColCost(at, 0)
    return value * cost
  }
  return {
    of(set) {
      const all = [...set]
      const known = all.flatMap((at) => column.get(at) ?? [])
      // Unknowns in no equation may be as many as there are people.
      const most = known.length < all.length ? Number.POSITIVE_INFINITY : Math.floor(optimum(known, -1) + TOLERANCE)
      return { least: most < 10 ? Math.ceil(optimum(known, 1) - TOLERANCE) : 0, most }
    },
    close: () => model.dispose(),
  }
}

const TOLERANCE = 1e-6
