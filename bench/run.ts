/** `npm run bench`: rows per second of the import beside a raw \copy of the same files, and where a run's seconds go. One process, one run. */
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { from as copyFrom } from 'pg-copy-streams'
import { openTerminal } from '../api/terminal.ts'
import { runFlow } from '../api/verbs/settle.ts'
import { writeResults } from '../api/verbs/write-results.ts'
import { openStore, type Store } from '../data/database.ts'
import { importDataset } from '../data/import.ts'
import { migrate } from '../data/migrate.ts'
import { generateRegion } from '../data/synthetic/generate.ts'
import { configOf } from '../jobs/config.ts'

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '4000' },
    /** how often import and \copy are timed, one after the other; medians are told */
    repeats: { type: 'string', default: '3' },
  },
})
const place = await mkdtemp(join(tmpdir(), 'winst-bench-'))
const region = join(place, 'region')
const files = ['partners', 'patients', 'enrolments', 'observations', 'conditions', 'medications', 'claims', 'quality']
const out = (line: string) => process.stdout.write(`${line}\n`)
const since = (start: number) => (performance.now() - start) / 1000
const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number

/** The same files into unlogged tables without a single check: what COPY alone costs. @returns rows */
async function rawCopy(store: Store): Promise<number> {
  const client = await store.pool.connect()
  let rows = 0
  try {
    for (const name of files) {
      const path = join(region, `${name}.csv`)
      const header = (await readFile(path, 'utf8')).split('\n', 1)[0] as string
      const columns = header.split(',').map((column) => `${column} text`)
      await client.query(`create unlogged table raw_${name} (${columns.join(', ')})`)
      const copy = client.query(copyFrom(`copy raw_${name} from stdin with (format csv, header true)`))
      await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), copy)
      rows += copy.rowCount ?? 0
      await client.query(`drop table raw_${name}`)
    }
  } finally {
    client.release()
  }
  return rows
}

try {
  const config = { ...configOf(process.env), home: join(place, 'home') }
  const { patients, observations, contractFile } = await generateRegion({
    out: region,
    patients: Number(values.patients),
    seed: 1,
  })
  out(
    `${patients} patients, ${observations} observations, ${availableParallelism()} cores, Node ${process.versions.node}`,
  )
  let start = performance.now()
  const store = await openStore({ databaseUrl: config.databaseUrl, home: config.home })
  try {
    await migrate(store)
    out(`store: ${config.databaseUrl ? 'DATABASE_URL' : 'embedded'}, ready in ${since(start).toFixed(1)} s`)
    const times: { raw: number[]; import: number[] } = { raw: [], import: [] }
    let rows = 0
    for (let turn = 0; turn < Number(values.repeats); turn++) {
      start = performance.now()
      rows = await rawCopy(store)
      times.raw.push(since(start))
      start = performance.now()
      await importDataset(store, { dir: region, region: `bench${turn}`, rejectsPath: join(place, 'rejects.csv') })
      times.import.push(since(start))
    }
    const perSecond = (seconds: number) => Math.round(rows / seconds)
    const [raw, validated] = [perSecond(median(times.raw)), perSecond(median(times.import))]
    out('')
    out('| path | rows | rows/s | of \\copy |')
    out('| --- | --- | --- | --- |')
    out(`| raw \\copy, no checks | ${rows} | ${raw} | 1.00 |`)
    out(`| import, every check | ${rows} | ${validated} | ${(validated / raw).toFixed(2)} |`)
    out('')
    start = performance.now()
    const terminal = openTerminal({ json: true })
    const { runId, seconds } = await runFlow(
      store,
      config,
      'settle',
      { contract: contractFile, region: 'bench0' },
      terminal,
    )
    const flow = since(start)
    start = performance.now()
    await writeResults(store, runId, join(place, 'out'))
    out('| stage of `run` | seconds of work, parts summed |')
    out('| --- | --- |')
    out(`| import | ${median(times.import).toFixed(1)} |`)
    for (const [stage, spent] of Object.entries(seconds)) out(`| ${stage} | ${spent.toFixed(1)} |`)
    out(`| files written | ${since(start).toFixed(1)} |`)
    out(`| the flow from asking to settled, on the clock | ${flow.toFixed(1)} |`)
    out('')
    out(`largest memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
  } finally {
    await store.close()
  }
} finally {
  await rm(place, { recursive: true, force: true })
}
