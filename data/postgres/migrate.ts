/** The schema: plain SQL files in data/migrations, applied in order of name, each once, forward only. */
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Kysely, Migration, MigrationProvider } from 'kysely'
import { Migrator } from 'kysely'
import type { Store } from './database.ts'

const folder = new URL('../migrations/', import.meta.url)

/** Brings the schema up to date; safe to call from many processes at once.
 *  @returns the names of the migrations applied now, in order */
export async function migrate(store: Store): Promise<string[]> {
  const { error, results } = await new Migrator({ db: store.db, provider: sqlFiles }).migrateToLatest()
  if (error) throw error as Error
  return (results ?? []).map((result) => result.migrationName)
}

/** The steps of the schema that the store has not been brought to yet, in order. */
export async function pendingMigrations(store: Pick<Store, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(store.db)
  const done = new Set(rows.map(({ name }) => name))
  const names = (await readdir(folder))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
  return names.filter((name) => !done.has(name)).sort()
}

/** The SQL files by name, without their extension. */
export async function migrationTexts(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  return Object.fromEntries(names.map((name, i) => [name.slice(0, -'.sql'.length), texts[i] ?? '']))
}

const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const texts = Object.entries(await migrationTexts())
    return Object.fromEntries(texts.map(([name, text]) => [name, migrationOf(text)]))
  },
}

// A file goes to the server whole, as one simple query: no placeholders, any number of statements.
const migrationOf = (text: string): Migration => ({
  up: async (db: Kysely<unknown>) => {
    // A step of the schema takes the time that it takes, whatever the statements of this process are given.
    await sql`set local statement_timeout = 0`.execute(db)
    await sql.raw(text).execute(db)
  },
})
