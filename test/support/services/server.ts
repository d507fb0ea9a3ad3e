/** Once per run of the suite: the server under test (DATABASE_URL, or an embedded one in a temporary home) and its template. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openStore } from '../../../data/postgres/database.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { migrate } from '../../../data/postgres/migrate.ts'
import { withDatabase } from './database-url.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'winst-test-'))
  await chmod(home, 0o711) // as root, the server runs under another account
  const server = await openStore({ databaseUrl: process.env.DATABASE_URL, home, durable: false })
  if (!process.env.DATABASE_URL) stopWith(process.pid, home)
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

/** A run that is killed tears nothing down: this shell outlives it, then stops the server and removes its home. */
function stopWith(pid: number, home: string): void {
  const script = `while [ -d "/proc/$1" ] || ps -p "$1" >/dev/null 2>&1; do sleep 1; done
    [ -d "$2" ] || exit 0
    kill -QUIT "$(head -n 1 "$2/postgres/postmaster.pid")" 2>/dev/null; sleep 1; rm -rf "$2"`
  spawn('/bin/sh', ['-c', script, 'sh', String(pid), home], { detached: true, stdio: 'ignore' }).unref()
}

/** The template and every copy of it: dropping one waits for the disk, so a test file does not. */
async function dropAll(server: Store, template: string): Promise<void> {
  const { rows } = await server.pool.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [template],
  )
  for (const { name } of rows) await server.pool.query(`drop database if exists ${name} with (force)`)
}
