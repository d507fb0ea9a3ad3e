/** Circles in a graph of names: its strongly connected components of more than one node, after Tarjan (1972). */

/** @param from what each node points to; what is no key points nowhere
 *  @returns each circle as the names in it, in order; a node that points to itself is one */
export function circlesIn(from: ReadonlyMap<string, Iterable<string>>): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []

  const visit = (node: string): void => {
    index.set(node, index.size)
    low.set(node, index.get(node)!)
    open.push(node)
    for (const next of from.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      // what is no longer open belongs to a component that was closed before
      if (open.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!))
    }
    if (low.get(node) !== index.get(node)) return
    const component = open.splice(open.indexOf(node)).sort()
    if (component.length > 1 || [...(from.get(node) ?? [])].includes(node)) circles.push(component)
  }
  for (const node of from.keys()) if (!index.has(node)) visit(node)
  return circles
}
