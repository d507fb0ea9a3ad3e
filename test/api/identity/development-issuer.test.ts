/** The issuer for development: anybody gets anything of it, so it starts nowhere that this could matter. */
import { expect, test } from 'vitest'
import { buildApp } from '../../../api/app.ts'
import { developmentIssuer } from '../../../api/identity/development-issuer.ts'
import { regionMade } from '../../../data/region/regions.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { liveStore } from '../../support/services/live.ts'
import { winst } from '../../support/services/winst.ts'

test('refuses to start in production, beside a real provider, and where other machines can ask', async () => {
  for (const [environment, host, why] of [
    [{ NODE_ENV: 'production' }, '127.0.0.1', 'where NODE_ENV is production'],
    [{ WINST_OIDC_ISSUER: 'https://login.example.nl' }, '127.0.0.1', 'beside a real one'],
    [{}, '0.0.0.0', 'where other machines can ask it'],
    [{}, '192.168.1.7', 'where other machines can ask it'],
  ] as const)
    await expect(developmentIssuer(environment, host)).rejects.toThrow(why)
  const started = await winst(['serve', '--dev-issuer', '--json'], { NODE_ENV: 'production' })
  expect(started.status).toBe(1)
  expect(JSON.parse(started.stdout)).toMatchObject({ error: { code: 'config_invalid' } })
}, 30_000)

test('gives a token that lets its holder in as asked, until the process ends', async () => {
  const store = await liveStore()
  const queue = await openQueueBackend({ store, redisUrl: null })
  await regionMade(store, 'noord')
  const apps = [] as Awaited<ReturnType<typeof buildApp>>[]
  for (let at = 0; at < 2; at++)
    apps.push(await buildApp({ store, queue }, null, { developmentIssuer: await developmentIssuer({}, 'localhost') }))
  const [app, other] = apps as [(typeof apps)[0], (typeof apps)[0]]
  const given = await app.inject({
    method: 'POST',
    url: '/development-issuer/token',
    payload: { region: 'noord', role: 'administrator', subject: 'ada' },
  })
  const authorization = `Bearer ${given.json<{ access_token: string }>().access_token}`
  expect((await app.inject({ url: '/v1/keys', headers: { authorization } })).statusCode).toBe(200)
  expect((await app.inject({ url: '/v1/audit', headers: { authorization } })).statusCode).toBe(403)
  expect((await other.inject({ url: '/v1/keys', headers: { authorization } })).statusCode).toBe(401)
  const plain = await buildApp({ store, queue })
  expect((await plain.inject({ url: '/v1/keys', headers: { authorization } })).statusCode).toBe(401)
  expect((await plain.inject({ method: 'POST', url: '/development-issuer/token', payload: {} })).statusCode).toBe(404)
  for (const each of [...apps, plain]) await each.close()
  await queue.close()
  await store.close()
})
