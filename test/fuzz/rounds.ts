/** Rounds of cases, each on a fresh store, and their results. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { asyncProperty, check, interruptAfterTimeLimit } from 'fast-check'
import type { Plugin } from 'fast-check'
import type { Store } from '../../data/postgres/database.ts'
import { caseOf, drawnCases, seedOf } from './cases.ts'
import type { Drawn } from './cases.ts'
import { importSource } from './import-source.ts'
import type { Outcome } from './import-source.ts'
import type { Seed } from './seeds.ts'

/** The event loop may be held so long by one case, in seconds of our own processor time: other programs may hold the clock. */
const longestHold = 3

export interface Failure {
  readonly seed: string
  readonly drawn: Drawn | null
  readonly why: string
}

export class Account {
  /** cases by format and outcome */
  readonly outcomes = new Map<Seed['format'], Map<Outcome, number>>()
  readonly failures: Failure[] = []
  /** seconds */
  longestHeld = 0
  cases = 0

  add(format: Seed['format'], outcome: Outcome): void {
    const of = this.outcomes.get(format) ?? new Map<Outcome, number>()
    this.outcomes.set(format, of.set(outcome, (of.get(outcome) ?? 0) + 1))
    this.cases++
  }
}

export interface Round {
  readonly seed: number
  readonly cases: number
  readonly millisecondsLeft: number
}

/** Draws cases from a seed and puts each through its format; the first that breaks something is shrunk and kept. */
export async function round(store: Store, seeds: readonly Seed[], account: Account, of: Round): Promise<void> {
  const property = asyncProperty(drawnCases, async (drawn) => {
    const { outcome, held } = await timed(() => importSource(store, caseOf(seeds, drawn)))
    account.longestHeld = Math.max(account.longestHeld, held)
    if (held > longestHold) throw new Error(`the event loop was held for ${held.toFixed(1)} s`)
    account.add(seedOf(seeds, drawn).format, outcome)
  })
  const details = await check(property, {
    seed: of.seed,
    numRuns: of.cases,
    plugins: [interruptAfterTimeLimit(of.millisecondsLeft) as Plugin<[Drawn]>],
  })
  if (!details.failed || details.counterexample === null) return
  const { errorInstance } = details
  const cause =
    errorInstance instanceof Error && errorInstance.cause instanceof Error ? errorInstance.cause : errorInstance
  account.failures.push({
    seed: seedOf(seeds, details.counterexample[0]).name,
    drawn: details.counterexample[0],
    why: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  })
}

/** How long the event loop was held at a time, at most: by the clock, and not longer than the processor was ours. */
export async function timed<T>(work: () => Promise<T>): Promise<{ outcome: T; held: number }> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const before = process.cpuUsage()
  delay.enable()
  try {
    const outcome = await work()
    await setTimeout(20) // or the last hold is not seen
    const { user, system } = process.cpuUsage(before)
    return { outcome, held: Math.min(delay.max / 1e9, (user + system) / 1e6) }
  } finally {
    delay.disable()
  }
}
