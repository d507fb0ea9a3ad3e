/** `winst migrate`: the schema, up to date. */
import { openStore } from '../../../data/postgres/database.ts'
import { migrate } from '../../../data/postgres/migrate.ts'
import type { Verb } from '../verb.ts'
import { config } from './local-services.ts'

export const migrateVerb: Verb<object> = async (_, { terminal }) => {
  const { databaseUrl, home } = config()
  const store = await openStore({ databaseUrl, home })
  try {
    const applied = await migrate(store)
    terminal.line(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}.`)
    return { applied }
  } finally {
    await store.close()
  }
}
