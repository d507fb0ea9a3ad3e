/** A process to be killed: opens the embedded store of a home, tells its port, and never closes it. */
import { openStore } from '../../../data/postgres/database.ts'

const store = await openStore({ home: process.argv[2] ?? '', durable: false })
process.stdout.write(new URL(store.url).port)
setInterval(() => undefined, 1000)
