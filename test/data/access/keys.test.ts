import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  appendKey,
  hashOfToken,
  identityOf,
  keyIdOf,
  listKeys,
  newToken,
  revokeKey,
} from '../../../data/access/keys.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let regionId: number
beforeAll(async () => {
  store = await liveStore()
  regionId = await deliver(store, 'north', '2026-01-01', {})
})
afterAll(() => store.close())

const order = { role: 'partner', subject: 'p1', issuedBy: 'operator' } as const

test('a token lets its holder into one region until it is withdrawn, and is itself kept nowhere', async () => {
  const token = newToken()
  const keyId = await appendKey(store, token, { ...order, regionId })
  expect(keyId).toBe(keyIdOf(hashOfToken(token)))
  const holder = { role: 'partner', subject: 'p1', regionId, region: 'north', scope: 'act', person: null }
  expect(await identityOf(store, token)).toEqual({ ...holder, credential: `key ${keyId}` })
  expect(await identityOf(store, newToken())).toBeNull()
  expect(JSON.stringify((await store.pool.query('select * from access_key')).rows)).not.toContain(token)
  expect(await revokeKey(store, { keyId, regionId: regionId + 1, revokedBy: 'operator' })).toBe(false)
  expect(await identityOf(store, token)).not.toBeNull()
  expect(await revokeKey(store, { keyId, regionId, revokedBy: 'operator' })).toBe(true)
  expect(await identityOf(store, token)).toBeNull()
  expect((await listKeys(store, regionId)).find((key) => key.keyId === keyId)?.revokedAt).toBeInstanceOf(Date)
})

test('a key ends on its day', async () => {
  const token = newToken()
  await store.pool.query(
    `insert into access_key (key_id, token_sha256, region_id, role, subject, issued_by, issued_at, expires_at)
     values ($1, $2, $3, 'analyst', 'ann', 'operator', now() - interval '2 days', now() - interval '1 second')`,
    [keyIdOf(hashOfToken(token)), hashOfToken(token), regionId],
  )
  expect(await identityOf(store, token)).toBeNull()
})

test('a key names somebody, and an insurer by its UZOVI code', async () => {
  await expect(appendKey(store, newToken(), { ...order, regionId, subject: '' })).rejects.toThrow('subject')
  await expect(appendKey(store, newToken(), { ...order, regionId, role: 'insurer', subject: 'Zorg' })).rejects.toThrow(
    'insurers_are_uzovi_codes',
  )
})
