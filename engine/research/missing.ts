/** Where the number of the missing may be told: along one dimension, never crossed. */
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'

const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_GROUP

/** The values of one dimension whose number of missing persons is held back: those of one to nine, and with each as many others as could
 *  between them make it ten. All of them where fewer than ten are missing in all. */
export function heldMissing(counts: ReadonlyMap<string, number>): ReadonlySet<string> {
  const all = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
  if (isSmall(all.reduce((sum, [, count]) => sum + count, 0))) return new Set(counts.keys())
  const held = new Set(all.filter(([, count]) => isSmall(count)).map(([value]) => value))
  if (held.size === 0) return held
  const room = (but: string): number =>
    all.reduce((sum, [value, count]) => sum + (held.has(value) && value !== but ? count : 0), 0)
  for (const [value, count] of all.filter(([, each]) => isSmall(each)))
    for (const [other, size] of all) {
      if (room(value) >= SMALLEST_GROUP - count) break
      if (size > 0) held.add(other)
    }
  return held
}
