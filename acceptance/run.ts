/** `npm run acceptance`: every row of method.md 8 on simulated regions with a known truth; ends with 1 where a limit is broken.
 *
 *  `--partner-years 2000` per regime, `--workers 2` processes, `--only text` for tasks whose name has it,
 *  `--short` for one row where many regimes are judged by one limit. The last tasks, `whole path` and `whole path, a term`, have twenty
 *  regions of files imported, learned from and settled, twenty more with a trend alone, forty more without any effect, and four with their twins
 *  over a term of three years; the others simulate what was to be expected. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Row } from './simulation/figure.ts'
import { FULL, type Scale } from './simulation/scale.ts'
import { regimeTotalsOf } from './regime-totals.ts'
import { brokenOf, inFamilies, tableOf } from './table.ts'
import { TASKS, type TaskResult } from './tasks.ts'
import { regionsWithoutEffect, trendRegions, wholeRegions } from './whole-path/regions.ts'
import { wholePathRows } from './whole-path/rows.ts'
import { inThrowawayStore, settledRegions } from './whole-path/settled-regions.ts'
import { termRows, termTwins } from './whole-path/term-rows.ts'

const { values } = parseArgs({
  options: {
    'partner-years': { type: 'string', default: String(FULL.partnerYears) },
    seed: { type: 'string', default: String(FULL.seed) },
    workers: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
  },
})

const scale: Scale = { partnerYears: Number(values['partner-years']), seed: Number(values.seed) }
const tasks = [...TASKS.keys()].filter((task) => TASKS[task]!.name.includes(values.only))
const results = await everyResult(tasks, Number(values.workers))
const figures = results.flatMap(({ figures }) => figures ?? [])
const rows = [
  ...results.flatMap(({ rows }) => rows),
  ...(figures.length === 0 ? [] : regimeTotalsOf(figures)),
  ...('whole path'.includes(values.only) ? await wholePath(Number(values.workers)) : []),
  ...('whole path, a term'.includes(values.only) ? await wholeTerm(Number(values.workers)) : []),
]
const broken = brokenOf(rows)
process.stdout.write(`${tableOf(values.short ? inFamilies(rows) : rows)}\n\n`)
process.stdout.write(`${rows.length} rows, ${broken.length} broken; ${scale.partnerYears} partner-years per regime\n`)
process.exitCode = broken.length === 0 ? 0 : 1

/** The results of tasks in the order given, whoever did them. */
async function everyResult(tasks: readonly number[], workers: number): Promise<TaskResult[]> {
  const results = new Map<number, TaskResult>()
  const waiting = [...tasks]
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(join(import.meta.dirname, 'worker.ts'))
      const next = () => {
        const task = waiting.shift()
        if (task === undefined) worker.disconnect()
        else worker.send({ task, scale })
      }
      worker.on('message', (message) => {
        const { task, result } = message as { task: number; result: TaskResult }
        results.set(task, result)
        process.stderr.write(`${results.size}/${tasks.length} ${TASKS[task]!.name}\n`)
        next()
      })
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
      next()
    })
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work))
  return tasks.map((task) => results.get(task)!)
}

async function wholePath(workers: number): Promise<Row[]> {
  const [mixed, trended, idle] = [wholeRegions, trendRegions, regionsWithoutEffect].map((of) => of(scale.seed))
  const regions = [...mixed!, ...trended!, ...idle!]
  let done = 0
  const settled = await settledRegions(regions, workers, ({ region }) =>
    process.stderr.write(`${++done}/${regions.length} whole path, ${region.name}\n`),
  )
  const trendedFrom = mixed!.length
  const idleFrom = trendedFrom + trended!.length
  return wholePathRows(settled.slice(0, trendedFrom), settled.slice(trendedFrom, idleFrom), settled.slice(idleFrom))
}

async function wholeTerm(workers: number): Promise<Row[]> {
  const twins = await inThrowawayStore(workers, (path) =>
    termTwins(path, scale.seed, ({ seed }) => process.stderr.write(`whole path, a term: seed ${seed}\n`)),
  )
  return termRows(twins)
}
