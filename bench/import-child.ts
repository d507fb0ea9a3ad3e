/** Imports one directory in a process of its own, so that its memory can be measured, and prints its cost as JSON. */
import { openStore } from '../data/postgres/database.ts'
import { importDataset } from '../data/import/import.ts'

export interface ImportTook {
  readonly rows: number
  readonly observations: number
  readonly seconds: number
  /** from the first byte of observations.csv on, to the end: later files, commit and statistics included */
  readonly observationSeconds: number
  /** of this process, user and system */
  readonly cpuSeconds: number
}

const [databaseUrl, dir = '', region = '', rejectsPath = ''] = process.argv.slice(2)
const store = await openStore({ databaseUrl, home: '' })
const start = performance.now()
const cpu = process.cpuUsage()
let observationsFrom = 0
const { files } = await importDataset(store, { dir, region, rejectsPath }, ({ file }) => {
  if (file === 'observations.csv') observationsFrom ||= performance.now()
})
const { user, system } = process.cpuUsage(cpu)
const took: ImportTook = {
  rows: files.reduce((sum, { rows }) => sum + rows, 0),
  observations: files.find(({ file }) => file === 'observations.csv')!.rows,
  seconds: (performance.now() - start) / 1000,
  observationSeconds: (performance.now() - observationsFrom) / 1000,
  cpuSeconds: (user + system) / 1e6,
}
await store.close()
process.stdout.write(`${JSON.stringify(took)}\n`)
