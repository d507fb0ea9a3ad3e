/** One fault on one stack: a run is disturbed at a moment, and given again until nothing disturbs it. */
import type { Random } from '../../engine/kernel/random.ts'
import { bookFaults } from './book.ts'
import { heal, type Fault } from './faults.ts'
import { pause, type WinstProcess } from './process.ts'
import type { Stack } from './stack.ts'

export interface Trial {
  readonly fault: string
  /** the last thing the run had said, or `done` */
  readonly moment: string
  /** how the disturbed run ended */
  readonly ended: string
  /** seconds from the fault to the sentence of a run that gave up; null for one that did not */
  readonly seconds: number | null
  readonly said: string
  /** what did not hold; empty: all of it */
  readonly wrong: readonly string[]
}

/** Milliseconds of an undisturbed run from its first sign of work to its end, and the bytes that it wrote. */
export interface Undisturbed {
  readonly workMs: number
  readonly settlement: string
}

const soonMs = 10_000
// Work whose worker was killed is taken over when its lock runs out; a machine with other work needs longer for everything.
const patienceMs = 10 * 60_000
const begun = /import: \d/

export async function undisturbed(stack: Stack): Promise<Undisturbed> {
  await stack.renew()
  const run = stack.command()
  await run.says(begun, patienceMs)
  const since = performance.now()
  const { status } = await run.ended
  if (status !== 0) throw new Error(`an undisturbed run ended with ${status}: ${run.stderr}`)
  return { workMs: performance.now() - since, settlement: await stack.settlement() }
}

export async function tried(
  stack: Stack,
  fault: Fault,
  dice: Random,
  { workMs, settlement }: Undisturbed,
): Promise<Trial> {
  await stack.renew()
  const run = stack.command(fault.environment)
  await run.says(begun, patienceMs)
  await Promise.race([pause(dice.uniform() * workMs), run.ended])
  const moment = run.isRunning ? (run.stderr.trim().split('\n').at(-1) ?? '') : 'done'
  const since = performance.now()
  await fault.inject(stack, run)
  const end = await Promise.race([run.ended, pause(patienceMs).then(() => null)])
  const seconds = ((run.saidAt ?? performance.now()) - since) / 1000
  if (end === null) await run.kill()
  const wrong = wrongOf(fault, run, end?.status ?? null, end === null, moment === 'done' ? 0 : seconds)
  await heal(stack)
  wrong.push(...(await bookFaults(stack.url)))
  wrong.push(...(await again(stack, settlement)))
  if (!(await stack.apiAnswers())) wrong.push('the API does not answer afterwards')
  for (const [name, process] of Object.entries({ API: stack.api, worker: stack.worker }))
    if (process && process.stackLines.length > 0)
      wrong.push(`the ${name} printed a stack: ${process.stackLines[0]?.trim()}`)
  const gaveUp = end !== null && end.status === 1
  return {
    fault: fault.name,
    moment,
    ended: end === null ? 'hung' : end.signal ? `killed (${end.signal})` : `exit ${end.status}`,
    seconds: gaveUp ? seconds : null,
    said: run.sentences.join(' / '),
    wrong,
  }
}

function wrongOf(fault: Fault, run: WinstProcess, status: number | null, hung: boolean, seconds: number): string[] {
  const { sentences, stackLines } = run
  const wrong: string[] = []
  if (hung) wrong.push('the run hung')
  if (stackLines.length > 0) wrong.push(`a stack: ${stackLines[0]?.trim()}`)
  if (status === 1 && sentences.length !== 1) wrong.push(`${sentences.length} sentences where one is wanted`)
  if (status === 0 && sentences.length !== 0) wrong.push('a sentence of failure from a run that succeeded')
  if (status === 1 && /fault of the program/i.test(sentences.join()))
    wrong.push('an outage told as a fault of the program')
  if (status === 1 && fault.outcome === 'unharmed') wrong.push('the run gave up where it should go on')
  if (status === 1 && fault.outcome === 'refused' && seconds * 1000 > soonMs)
    wrong.push(`said after ${seconds.toFixed(1)} s`)
  if (status !== 0 && status !== 1 && fault.outcome !== 'killed' && !hung) wrong.push(`the run ended with ${status}`)
  return wrong
}

/** The same command, undisturbed: it succeeds, writes the same bytes, and the book is whole. */
async function again(stack: Stack, settlement: string): Promise<string[]> {
  const run = stack.command()
  const end = await Promise.race([run.ended, pause(patienceMs).then(() => null)])
  if (end === null) {
    await run.kill()
    return ['the same command again hung']
  }
  if (end.status !== 0) return [`the same command again ended with ${end.status}: ${run.sentences.join(' / ')}`]
  const wrong = (await stack.settlement()) === settlement ? [] : ['settlement.json has other bytes']
  return [...wrong, ...(await bookFaults(stack.url))]
}
