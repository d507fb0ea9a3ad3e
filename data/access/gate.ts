/** So many at once, the others in line: what keeps requests that each need two connections from waiting for each other for ever. */
import type { Pool } from 'pg'

interface Gate {
  places: number
  readonly line: (() => void)[]
}

/** Connections that no request holds while it works, for the acts and looks that requests have done beside their own transaction. */
const KEPT_FREE = 2

const gates = new WeakMap<Pool, Gate>()

function gateOf(pool: Pool): Gate {
  const gate = gates.get(pool) ?? { places: Math.max(1, pool.options.max - KEPT_FREE), line: [] }
  gates.set(pool, gate)
  return gate
}

/** Runs `work` as soon as one of the places is free, in the order of asking. */
export async function throughGate<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const gate = gateOf(pool)
  if (gate.places > 0) gate.places--
  else await new Promise<void>((free) => gate.line.push(free))
  try {
    return await work()
  } finally {
    const next = gate.line.shift()
    if (next) next()
    else gate.places++
  }
}
