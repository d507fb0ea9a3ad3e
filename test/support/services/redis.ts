/** A Redis for a test file: REDIS_URL, or a private `redis-server` if the machine has one; else none, and the skipped tests are reported. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

export interface LiveRedis {
  readonly url: string
  readonly close: () => Promise<void>
}

/** @param leftOut what is not tested when there is no Redis */
export async function liveRedis(leftOut: string): Promise<LiveRedis | null> {
  const url = process.env.REDIS_URL
  if (url) return { url, close: async () => {} }
  const started = await startServer()
  if (!started) process.stderr.write(`left out, for want of REDIS_URL or a redis-server on the PATH: ${leftOut}\n`)
  return started
}

async function startServer(): Promise<LiveRedis | null> {
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', settings, { stdio: 'ignore' })
  const found = await new Promise<boolean>((resolve) => {
    server.once('spawn', () => resolve(true))
    server.once('error', () => resolve(false))
  })
  if (!found) return null
  const url = `redis://127.0.0.1:${port}`
  await answering(url)
  const close = async () => {
    server.kill()
    if (server.exitCode === null) await once(server, 'exit')
  }
  return { url, close }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a listening socket has a port')
  return address.port
}

async function answering(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 })
  redis.on('error', () => undefined) // refused until it listens
  await redis.ping()
  redis.disconnect()
}
