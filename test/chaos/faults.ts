/** The faults: what is done to which part of a stack in the middle of a run, and what the run may say of it. */
import { existsSync } from 'node:fs'
import type { WinstProcess } from './process.ts'
import { pause } from './process.ts'
import type { Stack } from './stack.ts'

/** `refused`: the run ends with one sentence within ten seconds, unless it was done before. `unharmed`: it does its work as if nothing had
 *  happened. `either`: whichever came first. `killed`: it is the run itself that is gone. */
export type Outcome = 'refused' | 'unharmed' | 'either' | 'killed'

export interface Fault {
  readonly name: string
  readonly outcome: Outcome
  /** how the run is started, where the fault is there from the beginning */
  readonly environment?: Readonly<Record<string, string>>
  readonly inject: (stack: Stack, run: WinstProcess) => Promise<void>
}

// A stop that is shorter than a lock, so that its work is its own when it goes on.
const stopMs = 4_000
const nothing = async (): Promise<void> => undefined

async function stopped(process: WinstProcess | undefined): Promise<void> {
  process?.signal('SIGSTOP')
  await pause(stopMs)
  process?.signal('SIGCONT')
}

const ALWAYS: readonly Fault[] = [
  { name: 'run killed', outcome: 'killed', inject: (_, run) => run.kill() },
  { name: 'run stopped', outcome: 'unharmed', inject: (_, run) => stopped(run) },
  { name: 'worker killed', outcome: 'unharmed', inject: async ({ worker }) => worker?.kill() },
  { name: 'worker stopped', outcome: 'unharmed', inject: ({ worker }) => stopped(worker) },
  { name: 'API killed', outcome: 'unharmed', inject: async ({ api }) => api?.kill() },
  { name: 'API stopped', outcome: 'unharmed', inject: ({ api }) => stopped(api) },
  { name: 'Redis killed', outcome: 'refused', inject: ({ redis }) => redis.kill() },
  { name: 'Redis stopped', outcome: 'refused', inject: async ({ redis }) => redis.signal('SIGSTOP') },
  { name: 'PostgreSQL killed', outcome: 'refused', inject: ({ postgres }) => postgres.kill() },
  { name: 'PostgreSQL stopped', outcome: 'refused', inject: async ({ postgres }) => postgres.signal('SIGSTOP') },
]

const DISKS: readonly Fault[] = [
  { name: 'disk of the results full', outcome: 'either', inject: async ({ disks }) => disks?.out.fill() },
  { name: 'disk of PostgreSQL full', outcome: 'either', inject: async ({ disks }) => disks?.postgres.fill() },
]

const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path))

/** The clock that a process reads, moved by so many days; how long things take stays what it is. */
const clockMoved = (days: string): Readonly<Record<string, string>> => ({
  LD_PRELOAD: FAKETIME ?? '',
  FAKETIME: `${days}d`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  FAKETIME_NO_CACHE: '1',
})

const CLOCKS: readonly Fault[] = [
  { name: 'clock of the run ten years ahead', outcome: 'unharmed', environment: clockMoved('+3650'), inject: nothing },
  { name: 'clock of the run ten years back', outcome: 'unharmed', environment: clockMoved('-3650'), inject: nothing },
  {
    name: 'worker replaced by one a year ahead',
    outcome: 'unharmed',
    inject: async (stack) => {
      await stack.worker?.kill()
      stack.startWorker(clockMoved('+365'))
    },
  },
]

/** Those that this machine allows, and the names of those left out.
 *  @param mayMount whether the stacks have disks of their own */
export function faultsHere(mayMount: boolean): {
  readonly faults: readonly Fault[]
  readonly leftOut: readonly string[]
} {
  const groups: readonly (readonly [readonly Fault[], boolean])[] = [
    [ALWAYS, true],
    [DISKS, mayMount],
    [CLOCKS, FAKETIME !== undefined],
  ]
  return {
    faults: groups.flatMap(([faults, here]) => (here ? faults : [])),
    leftOut: groups.flatMap(([faults, here]) => (here ? [] : faults.map(({ name }) => name))),
  }
}

/** Mends everything that a fault may have broken: services answer, disks have room, processes go on or are started again. */
export async function heal(stack: Stack): Promise<void> {
  const { postgres, redis, disks } = stack
  for (const service of [postgres, redis]) service.signal('SIGCONT')
  await Promise.all([disks?.postgres.empty(), disks?.out.empty()])
  await Promise.all([postgres.start(), redis.start()])
  if (!stack.worker?.isRunning) stack.startWorker()
}
