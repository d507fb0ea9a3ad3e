/** `npm run bench`: rows per second of the import compared with a raw \copy of the same files, and the seconds per stage of a run. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openTerminal } from '../api/cli/terminal.ts'
import { runFlow } from '../api/cli/verbs/settle.ts'
import { writeResults } from '../api/cli/verbs/write-results.ts'
import { openStore, type Store } from '../data/postgres/database.ts'
import { importDataset } from '../data/import/import.ts'
import { migrate } from '../data/postgres/migrate.ts'
import { generateRegion } from '../data/synthetic/generate.ts'
import { configOf } from '../jobs/config.ts'
import { benchImport, benchMemory, since } from './import.ts'
import { manyTimes } from './many-times.ts'

const { values } = parseArgs({
  options: {
    /** of the region that is generated */
    patients: { type: 'string', default: '4000' },
    /** a dataset in place of it; with a contract.yaml, if stages are to be timed */
    data: { type: 'string' },
    repeats: { type: 'string', default: '3' },
    /** the import alone, without the stages of a run */
    import: { type: 'boolean', default: false },
    /** also imports the observations so many times over, for the memory it takes */
    times: { type: 'string', default: '1' },
  },
})
const place = await mkdtemp(join(tmpdir(), 'winst-bench-'))
const out = (line: string) => process.stdout.write(`${line}\n`)

async function benchStages(store: Store, dir: string): Promise<void> {
  let start = performance.now()
  await importDataset(store, { dir, region: 'bench', rejectsPath: join(place, 'rejects.csv') })
  const imported = since(start)
  start = performance.now()
  const terminal = openTerminal({ json: true, debug: true })
  const config = { ...configOf(process.env), home: join(place, 'home') }
  const order = { contract: join(dir, 'contract.yaml'), region: 'bench' }
  const { runId, seconds } = await runFlow(store, config, 'settle', order, terminal)
  const flow = since(start)
  start = performance.now()
  await writeResults(store, runId, join(place, 'out'))
  out('| stage of `run` | seconds of work, parts summed |')
  out('| --- | --- |')
  out(`| import | ${imported.toFixed(1)} |`)
  for (const [stage, spent] of Object.entries(seconds)) out(`| ${stage} | ${spent.toFixed(1)} |`)
  out(`| files written | ${since(start).toFixed(1)} |`)
  out(`| the flow from asking to settled, on the clock | ${flow.toFixed(1)} |`)
  out('')
  out(`largest memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
}

try {
  const { databaseUrl } = configOf(process.env)
  const dir = values.data ?? join(place, 'region')
  if (values.data === undefined) await generateRegion({ out: dir, patients: Number(values.patients), seed: 1 })
  const load = loadavg()[0]!.toFixed(1)
  out(`${dir}, ${availableParallelism()} cores, one minute's load ${load}, Node ${process.versions.node}`)
  const start = performance.now()
  const store = await openStore({ databaseUrl, home: join(place, 'home') })
  try {
    await migrate(store)
    out(`store: ${databaseUrl ? 'DATABASE_URL' : 'embedded'}, ready in ${since(start).toFixed(1)} s\n`)
    const order = { store, dir, place, repeats: Number(values.repeats) }
    for (const line of await benchImport(order)) out(line)
    out('')
    if (Number(values.times) > 1) {
      const many = join(place, 'many')
      await manyTimes(dir, Number(values.times), many)
      for (const line of await benchMemory(order, many)) out(line)
      out('')
    }
    if (!values.import && existsSync(join(dir, 'contract.yaml'))) await benchStages(store, dir)
  } finally {
    await store.close()
  }
} finally {
  await rm(place, { recursive: true, force: true })
}
