import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../../api/server.ts'
import type { Store } from '../../data/postgres/database.ts'
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { liveStore } from '../support/services/live.ts'

let store: Store
let queue: QueueBackend
beforeAll(async () => {
  store = await liveStore()
  queue = await openQueueBackend({ store, redisUrl: null })
})
afterAll(async () => {
  await queue.close()
  await store.close()
})

test('the server listens, answers and closes; a port that is taken is refused', async () => {
  const server = await startServer({ store, queue, port: 0, host: '127.0.0.1' })
  try {
    expect((await fetch(`${server.address}/health`)).status).toBe(200)
    const port = Number(new URL(server.address).port)
    await expect(startServer({ store, queue, port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'port_taken' })
  } finally {
    await server.close()
  }
  await expect(fetch(`${server.address}/health`)).rejects.toThrow()
})

test('TensorFlow is never loaded in the web process', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const source = readFileSync(file, 'utf8').replace(/import type [^;]*? from '[^']+'/g, '')
    for (const [, name = ''] of source.matchAll(/(?:\bfrom |\bimport\(|\bnew URL\()'([^']+)'/g))
      if (/^\..*\.m?[jt]s$/.test(name)) visit(resolve(dirname(file), name))
      else packages.add(name)
  }
  visit(resolve(import.meta.dirname, '../../api/server.ts'))
  expect([...seen].some((file) => file.endsWith('/api/report/report.ts'))).toBe(true)
  expect(packages).toContain('fastify')
  expect([...packages].filter((name) => name.startsWith('@tensorflow'))).toEqual([])
  expect([...seen].filter((file) => file.includes('/models/'))).toEqual([])
})
