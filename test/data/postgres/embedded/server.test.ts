/** The embedded server, whatever DATABASE_URL says: started in a home of its own, shared, and gone when nobody needs it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../../../data/postgres/database.ts'
import type { Store } from '../../../../data/postgres/database.ts'

const parent = await mkdtemp(join(tmpdir(), 'winst-home-'))
await chmod(parent, 0o711)
const home = join(parent, '.winst')
afterAll(() => rm(parent, { recursive: true, force: true }))

const open = () => openStore({ home, durable: false })
const portOf = (store: Store) => Number(new URL(store.url).port)
const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1')
  const answered = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return answered
}

test('two stores of one home share a server, the last one out stops it, and what was written stays', async () => {
  const [one, two] = await Promise.all([open(), open()])
  expect(portOf(one)).toBe(portOf(two))
  await one.pool.query('create table kept as select 1 as n')
  await one.close()
  expect((await two.pool.query('select n from kept')).rows).toEqual([{ n: 1 }])
  await two.close()
  expect(await answers(portOf(two))).toBe(false)
  expect((await stat(join(home, 'postgres.json'))).mode & 0o077).toBe(0)

  const later = await open()
  expect((await later.pool.query('select n from kept')).rows).toEqual([{ n: 1 }])
  await later.close()
})

test('a process that was killed leaves a server that the next one uses and stops', async () => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, '../../../support/processes/open-in-child.ts'), home],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = await open()
  expect(portOf(next)).toBe(Number(String(port)))
  await next.close()
  expect(await answers(Number(String(port)))).toBe(false)
})

test('a server that was killed is started again over what it left', async () => {
  const store = await open()
  const pid = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGKILL')
  await store.close()
  const again = await open()
  expect((await again.pool.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await again.close()
})

test('a database that does not answer is named, without its password', async () => {
  const error = await openStore({ databaseUrl: 'postgres://u:secret@127.0.0.1:1/db', home }).then(
    () => null,
    (caught: Error) => caught,
  )
  expect(error).toMatchObject({ code: 'database_unreachable', message: expect.stringContaining('127.0.0.1:1/db') })
  expect(String(error)).not.toContain('secret')
})

test('neither a database nor a place to make one is refused, and nothing is made where the process happens to be', async () => {
  for (const nowhere of ['', ' '])
    await expect(openStore({ home: nowhere, durable: false })).rejects.toMatchObject({
      code: 'no_home',
      message: expect.stringContaining('set DATABASE_URL, or WINST_HOME'),
    })
})
