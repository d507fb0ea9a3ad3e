/** ENTRY of `npm run demo`: a synthetic region goes in, a statement comes out, and the API serves it until stopped. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readdir } from 'node:fs/promises'
import { regionAsked } from '../../data/region/regions.ts'
import { generate } from './verbs/generate.ts'
import { importAsAsked, sayImport } from './verbs/import.ts'
import { printSettlement } from './verbs/print-settlement.ts'
import { runFlow } from './verbs/settle.ts'
import { untilAsked } from './verbs/until-signal.ts'
import { startLocalWorker, withStore } from './verbs/local-services.ts'
import { writeResults } from './verbs/write-results.ts'
import { issueToken } from '../views/issue-token.ts'
import { startServer } from '../server.ts'
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

try {
  await withStore(async (store, config) => {
    const data = join(config.home, 'demo', `${region}-${values.patients}`)
    const out = join(config.home, 'demo', 'out')
    const contract = join(data, 'contract.yaml')
    if (!(await readdir(data).catch(() => [] as string[])).includes('contract.yaml'))
      await generate({ out: data, patients: Number(values.patients), seed: 1 }, { terminal, json: false })
    sayImport({ terminal }, await importAsAsked(store, { data, region }, out, terminal))
    const { runId } = await runFlow(store, config, 'settle', { contract, region }, terminal)
    await writeResults(store, runId, out)
    await printSettlement(store, runId, out, terminal)
    if (values.once) return
    const { regionId } = await regionAsked(store, region)
    const { token } = await issueToken(store, { role: 'analyst', subject: 'demo', regionId, issuedBy: 'operator' })
    // In production a worker is a process of its own; here one command is to do.
    const localWorker = await startLocalWorker(store, config)
    const server = await startServer({
      store,
      queue: localWorker.backend,
      port: Number(values.port),
      host: '127.0.0.1',
    })
    terminal.line(`The first page: ${server.address}   the API: ${server.address}/docs`)
    terminal.line(`Its token, an analyst's: ${token}`)
    terminal.line('Ctrl-C stops it.')
    await untilAsked()
    await server.close()
    await localWorker.stop()
  })
} catch (error) {
  terminal.failure(error)
  process.exitCode = 1
}
