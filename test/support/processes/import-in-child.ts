/** A process to be killed: imports a directory, and says so once it is well into the observations. */
import { openStore } from '../../../data/postgres/database.ts'
import { importDataset } from '../../../data/import/import.ts'

const [databaseUrl, dir = '', region = ''] = process.argv.slice(2)
const store = await openStore({ databaseUrl, home: '' })
let announced = false
await importDataset(store, { dir, region, rejectsPath: `${dir}/out/rejects.csv` }, ({ file, bytesRead }) => {
  if (announced || file !== 'observations.csv' || bytesRead < 2_000_000) return
  announced = true
  process.stdout.write('importing\n')
})
await store.close()
