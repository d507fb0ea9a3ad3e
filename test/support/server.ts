/** Once per run of the suite: the server under test (DATABASE_URL, or an embedded one in a temporary home) and its template. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openStore } from '../../data/database.ts'
import type { Store } from '../../data/database.ts'
import { migrate } from '../../data/migrate.ts'
import { withDatabase } from './database-url.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'winst-test-'))
  await chmod(home, 0o711) // as root, the server runs under another account
  const server = await openStore({ databaseUrl: process.env.DATABASE_URL, home, durable: false })
  const template = `winst_template_${randomBytes(6).toString('hex')}`
  await server.pool.query(`create database ${template}`)
  const made = await openStore({ databaseUrl: withDatabase(server.url, template), home })
  await migrate(made)
  await made.close()
  project.provide('serverUrl', server.url)
  project.provide('template', template)
  return async () => {
    if (process.env.DATABASE_URL) await dropAll(server, template)
    await server.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** The template and every copy of it: dropping one waits for the disk, so a test file does not. */
async function dropAll(server: Store, template: string): Promise<void> {
  const { rows } = await server.pool.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await server.pool.query(`drop database if exists ${name} with (force)`)
}
