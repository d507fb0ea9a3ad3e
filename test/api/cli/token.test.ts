/** Keys at the command line: given out for a region, listed without their tokens, and withdrawn. */
import { afterAll, expect, test } from 'vitest'
import { identityOf } from '../../../data/access/keys.ts'
import { liveStore } from '../../support/services/live.ts'
import { winst } from '../../support/services/winst.ts'

const store = await liveStore()
afterAll(() => store.close())
const token = (...args: readonly string[]) =>
  winst(['token', ...args, '--region', 'noord', '--json'], { DATABASE_URL: store.url, REDIS_URL: undefined })

interface Issued {
  readonly token: string
  readonly key_id: string
}

test('a key that is withdrawn gives no access any more, and those of others do', async () => {
  const [eve, bob] = [await token('analyst:eve'), await token('analyst:bob')].map(
    ({ stdout }) => JSON.parse(stdout) as Issued,
  )
  expect(await identityOf(store, eve!.token)).toMatchObject({ role: 'analyst', subject: 'eve', region: 'noord' })
  const revoked = await token('--revoke', eve!.key_id)
  expect(revoked.status, revoked.stderr).toBe(0)
  expect(revoked.stdout).not.toContain(eve!.token)
  const { keys } = JSON.parse(revoked.stdout) as { keys: { keyId: string; revokedAt: string | null }[] }
  expect(keys.map(({ keyId, revokedAt }) => [keyId, revokedAt !== null])).toEqual([
    [bob!.key_id, false],
    [eve!.key_id, true],
  ])
  expect(await identityOf(store, eve!.token)).toBeNull()
  expect(await identityOf(store, bob!.token)).toMatchObject({ subject: 'bob' })
  const unknown = await token('--revoke', '0123456789abcdef')
  expect(unknown.status).toBe(1)
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'unknown_token' } })
}, 180_000)
