/** ENTRY of `npm run demo`: a synthetic region goes in, a statement comes out, and the dashboard shows it to each role until stopped. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readdir } from 'node:fs/promises'
import type { Store } from '../../data/postgres/database.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Config } from '../../jobs/config.ts'
import { regionAsked } from '../../data/region/regions.ts'
import { generate } from './verbs/generate.ts'
import { importAsAsked, sayImport } from './verbs/import.ts'
import { printSettlement } from './verbs/print-settlement.ts'
import { runFlow, type SettleOptions } from './verbs/settle.ts'
import { untilAsked } from './verbs/until-signal.ts'
import { startLocalWorker, withStore } from './verbs/local-services.ts'
import { writeResults } from './verbs/write-results.ts'
import { startServer } from '../server.ts'
import { linksFor, releasedAndDisputed, trialContract } from './demo-region.ts'
import { debugging, openTerminal } from './terminal.ts'

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    patients: { type: 'string', default: '2000' },
    port: { type: 'string', default: '8080' },
  },
})
const region = 'demo'
const terminal = openTerminal({ json: false, debug: debugging(process.env) })

/** Settles, or finds what was released when the demo ran before. */
async function settled(store: Store, config: Config, order: SettleOptions): Promise<string> {
  try {
    return (await runFlow(store, config, 'settle', order, terminal)).runId
  } catch (error) {
    if (error instanceof Refusal && error.code === 'released_before') return String(error.facts.released)
    throw error
  }
}

try {
  await withStore(async (store, config) => {
    const data = join(config.home, 'demo', `${region}-${values.patients}`)
    const out = join(config.home, 'demo', 'out')
    const contract = join(data, 'contract.yaml')
    if (!(await readdir(data).catch(() => [] as string[])).includes('contract.yaml'))
      await generate({ out: data, patients: Number(values.patients), seed: 1 }, { terminal, json: false })
    sayImport({ terminal }, await importAsAsked(store, { data, region }, out, terminal))
    const runId = await settled(store, config, { contract, region })
    await writeResults(store, runId, out)
    await printSettlement(store, runId, out, terminal)
    if (values.once) return
    const { regionId } = await regionAsked(store, region)
    const trial = await trialContract(contract, join(config.home, 'demo', 'contract-2024.yaml'))
    await settled(store, config, { contract: trial, region })
    // In production a worker is a process of its own; here one command is to do.
    const localWorker = await startLocalWorker(store, config)
    const parties = await releasedAndDisputed(store, localWorker.backend, runId)
    const server = await startServer({
      store,
      queue: localWorker.backend,
      uploads: config.uploads,
      port: Number(values.port),
      host: '127.0.0.1',
    })
    terminal.line('What each of them sees; a link signs in once, for a day:')
    for (const [role, path] of await linksFor(store, regionId, parties))
      terminal.line(`  ${role.padEnd(10)} ${server.address}${path}`)
    terminal.line(`The API: ${server.address}/docs`)
    terminal.line('Ctrl-C stops it.')
    await untilAsked()
    await server.close()
    await localWorker.stop()
  })
} catch (error) {
  terminal.failure(error)
  process.exitCode = 1
}
