/** A database of its own for a test file: real PostgreSQL, cloned from a migrated template, dropped when the suite ends. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { openStore } from '../../../data/postgres/database.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { withDatabase } from './database-url.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** an administrator's URL of the server under test */
    serverUrl: string
    /** name of the migrated, empty template */
    template: string
  }
}

/** A fresh, migrated store. Use: `const store = await liveStore()` and `afterAll(() => store.close())`. */
export async function liveStore(): Promise<Store> {
  const name = `${inject('template')}_${randomBytes(6).toString('hex')}`
  await asAdministrator((client) => client.query(`create database ${name} template ${inject('template')}`))
  return openStore({ databaseUrl: withDatabase(inject('serverUrl'), name), home: '' })
}

async function asAdministrator(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: inject('serverUrl') })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
