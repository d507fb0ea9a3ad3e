/** Arrows between folders: which of them climb against the order, and which join siblings both ways. */
import { COMPOSES, MAY_IMPORT, ORDER } from './order.ts'
import type { Source } from './tree.ts'

const topOf = (path: string): string => path.split('/')[0]!

interface Place {
  readonly unit: string
  readonly level: number
}

/** Where a file stands in its top-level folder: by its own name if the order has it, else by its folder's; null for one that
 *  the order does not know. */
export function placeOf(path: string): Place | null {
  const [top, ...rest] = path.split('/')
  const levels = ORDER[top!]
  if (!levels) return null
  // what lies deeper than the order tells belongs to the deepest folder that it knows
  for (let depth = rest.length; depth > 0; depth--) {
    const unit = rest.slice(0, depth).join('/')
    const level = levels.findIndex((units) => units.includes(unit))
    if (level >= 0) return { unit, level }
  }
  // files at the top of a folder that `ORDER` does not name one by one
  return null
}

/** Imports of a file that go against the order: across top-level folders, or within one. */
export function climbs({ path, imports }: Source): string[] {
  const top = topOf(path)
  const allowed = MAY_IMPORT[top]
  return imports
    .filter((target) => {
      if (topOf(target) === top) return isAgainst(placeOf(path), placeOf(target))
      if (path.startsWith(COMPOSES)) return ['acceptance', 'bench', 'test'].includes(topOf(target))
      return allowed !== undefined && !allowed.some((each) => target === each || target.startsWith(`${each}/`))
    })
    .map((target) => `${path} imports ${target}`)
}

const isAgainst = (from: Place | null, to: Place | null): boolean =>
  from !== null && to !== null && from.unit !== to.unit && to.level >= from.level

/** Pairs of folders of one parent that import each other, each with an import of either way. */
export function mutual(sources: readonly Source[]): string[] {
  const arrows = new Map<string, string>()
  for (const { path, imports } of sources)
    for (const target of imports) {
      const pair = siblings(path, target)
      if (pair) arrows.set(pair.join(' > '), `${path} > ${target}`)
    }
  return [...arrows].flatMap(([pair, arrow]) => {
    const back = pair.split(' > ').toReversed().join(' > ')
    return pair < back && arrows.has(back) ? [`${pair}, both ways: ${arrow}, ${arrows.get(back)}`] : []
  })
}

/** The two folders in which the ways of two files part, if both are folders. */
function siblings(path: string, target: string): [string, string] | null {
  const [from, to] = [path.split('/'), target.split('/')]
  const fork = from.findIndex((part, at) => part !== to[at])
  if (fork < 0 || fork >= from.length - 1 || fork >= to.length - 1) return null
  return [from.slice(0, fork + 1).join('/'), to.slice(0, fork + 1).join('/')]
}
