/** `npm run chaos`: processes, services, disks and clocks fail at random moments of a run; ends with 1 if anything did not hold.
 *
 *  --faults N   how many (60)    --seed N   which, and when (1)    --stacks N   so many at once, each of its own (3)
 *  --only TEXT  those whose name has it    --minutes N   begin none after so long (no limit) */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { randomOf } from '../../engine/kernel/random.ts'
import { faultsHere, type Fault } from './faults.ts'
import { smallRegion } from '../support/regions/small-region.ts'
import { Stack } from './stack.ts'
import { tried, undisturbed, type Trial } from './trial.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    stacks: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: '' },
  },
})
const [faultsAsked, seed, stacksAsked] = [Number(values.faults), Number(values.seed), Number(values.stacks)]
const since = performance.now()
const say = (line: string) => process.stdout.write(`${line}\n`)
const minutes = () => (performance.now() - since) / 60_000

const place = await mkdtemp(join(tmpdir(), 'chaos-'))
await chmod(place, 0o711) // as root, PostgreSQL runs under another account
const stacks: Stack[] = []
// On a second signal too: what is mounted and running is not left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void cleared().then(() => process.exit(1)))
let failed = true
try {
  const dataset = await smallRegion(join(place, 'region'))
  for (let n = 0; n < stacksAsked; n++) stacks.push(await Stack.start(join(place, `stack-${n}`), dataset))
  const { faults, leftOut } = faultsHere(stacks.every(({ disks }) => disks !== null))
  if (leftOut.length > 0) say(`left out, for want of a right or of libfaketime: ${leftOut.join(', ')}`)
  const left = drawn(faults.filter(({ name }) => name.includes(values.only)))
  const reference = await undisturbed(stacks[0]!)
  say(
    `undisturbed: ${(reference.workMs / 1000).toFixed(1)} s of work; ${left.length} faults, seed ${seed}, ${stacks.length} stacks`,
  )
  const trials = (await Promise.all(stacks.map((stack) => work(stack, left, reference)))).flat()
  tell(trials)
  failed = trials.some(({ wrong }) => wrong.length > 0) || trials.length === 0
} finally {
  await cleared()
}
process.exit(failed ? 1 : 0)

async function cleared(): Promise<void> {
  for (const stack of stacks.splice(0)) await stack.end()
  await rm(place, { recursive: true, force: true })
}

interface Drawn {
  readonly fault: Fault
  readonly seed: number
}

/** Every kind as often as every other, in an order by the seed; each with dice of its own, whichever stack it falls to. */
function drawn(faults: readonly Fault[]): Drawn[] {
  const dice = randomOf(seed, 0xc4a05)
  const all = Array.from({ length: faultsAsked }, (_, n) => ({ fault: faults[n % faults.length]!, seed: n }))
  for (let at = all.length - 1; at > 0; at--) {
    const other = dice.below(at + 1)
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}

async function work(stack: Stack, left: Drawn[], reference: Parameters<typeof tried>[3]): Promise<Trial[]> {
  const trials: Trial[] = []
  for (let next = left.shift(); next; next = left.shift()) {
    if (values.minutes !== '' && minutes() > Number(values.minutes)) break
    const trial = await tried(stack, next.fault, randomOf(seed, next.seed), reference)
    trials.push(trial)
    say(line(trial))
  }
  return trials
}

function line({ fault, moment, ended, seconds, said, wrong }: Trial): string {
  const when = seconds === null ? '' : ` after ${seconds.toFixed(1)} s`
  const verdict = wrong.length === 0 ? 'held' : `BROKEN: ${wrong.join('; ')}`
  return `${minutes().toFixed(1).padStart(5)} min  ${fault.padEnd(36)} at "${moment}": ${ended}${when}  ${said.slice(0, 110)}  ${verdict}`
}

function tell(trials: readonly Trial[]): void {
  const names = [...new Set(trials.map(({ fault }) => fault))].sort()
  say(
    `\n${'fault'.padEnd(38)}${'times'.padStart(6)}${'done'.padStart(6)}${'refused'.padStart(9)}${'slowest'.padStart(9)}${'broken'.padStart(8)}`,
  )
  for (const name of names) {
    const of = trials.filter(({ fault }) => fault === name)
    const refused = of.flatMap(({ seconds }) => seconds ?? [])
    const slowest = refused.length === 0 ? '' : `${Math.max(...refused).toFixed(1)} s`
    const done = of.filter(({ ended }) => ended === 'exit 0').length
    const broken = of.filter(({ wrong }) => wrong.length > 0).length
    say(
      `${name.padEnd(38)}${String(of.length).padStart(6)}${String(done).padStart(6)}${String(refused.length).padStart(9)}${slowest.padStart(9)}${String(broken).padStart(8)}`,
    )
  }
  const broken = trials.filter(({ wrong }) => wrong.length > 0).length
  say(`${trials.length} faults in ${minutes().toFixed(1)} minutes, ${broken} of them broke something`)
}
