/** Security headers: whatever helmet sends is sent, on every kind of answer, or ours is stricter. */
import helmet from '@fastify/helmet'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
let ofHelmet: Record<string, unknown>
beforeAll(async () => {
  asked = await runningApp()
  const app = fastify()
  await app.register(helmet)
  app.get('/', () => 'here')
  const plain = fastify()
  plain.get('/', () => 'here')
  const [{ headers }, without] = [await app.inject('/'), await plain.inject('/')]
  ofHelmet = Object.fromEntries(Object.entries(headers).filter(([name]) => !(name in without.headers)))
  await Promise.all([app.close(), plain.close()])
})
afterAll(() => asked.close())

/** Nothing of ours is framed, not even by ourselves; and no answer has more rights than it needs. */
const STRICTER = ['x-frame-options', 'content-security-policy']

describe.each(['/', '/health', '/docs/', '/nowhere', '/v1/settlements', '/v1/contracts/%zz', '/openapi.json'])(
  '%s',
  (url) => {
    test('carries what helmet would send', async () => {
      expect(Object.keys(ofHelmet).length).toBeGreaterThan(10)
      const { headers } = await asked.app.inject(url)
      for (const [name, value] of Object.entries(ofHelmet))
        if (!STRICTER.includes(name)) expect([name, headers[name]]).toEqual([name, value])
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['content-security-policy']).toMatch(/^default-src '(none|self)'/)
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*(unsafe|http|\*)/)
    })
  },
)
