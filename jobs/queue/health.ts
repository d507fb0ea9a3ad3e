/** ENTRY for a container's health check: succeeds when a worker of this host listens to the queue of this store. */
import { hostname } from 'node:os'
import { openStore } from '../../data/postgres/database.ts'
import { configOf } from '../config.ts'
import { openQueueBackend } from './queue-backend.ts'
import { workersOf } from './queues.ts'

const { databaseUrl, redisUrl, home } = configOf(process.env)
const store = await openStore({ databaseUrl, home, connections: 1 })
const backend = await openQueueBackend({ store, redisUrl })
const listening = (await workersOf(backend)).includes(hostname())
await backend.close()
await store.close()
process.exitCode = listening ? 0 : 1
