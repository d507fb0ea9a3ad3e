import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { configOf } from '../../jobs/config.ts'

test('with nothing set: an embedded database under .winst, and the queue in it', () => {
  const config = configOf({ DATABASE_URL: ' ', REDIS_URL: '' })
  expect(config).toMatchObject({ databaseUrl: undefined, redisUrl: null })
  expect(isAbsolute(config.home)).toBe(true)
  expect(config.home.endsWith('.winst')).toBe(true)
})

test('what is set is taken as it stands', () => {
  const environment = {
    DATABASE_URL: 'postgresql://me@db/winst',
    REDIS_URL: 'rediss://cache:6380',
    WINST_HOME: '/srv/w',
  }
  expect(configOf(environment)).toEqual({
    databaseUrl: 'postgresql://me@db/winst',
    redisUrl: 'rediss://cache:6380',
    home: '/srv/w',
    uploads: '/srv/w/uploads',
    pseudonymKey: undefined,
  })
})

test.each([
  ['DATABASE_URL', 'mysql://me:secret@db/winst'],
  ['DATABASE_URL', 'secret'],
  ['REDIS_URL', 'http://:secret@cache'],
])('%s = %s is refused by name, without its value', (name, value) => {
  const refusal = (() => {
    try {
      return configOf({ [name]: value })
    } catch (error) {
      return error
    }
  })()
  expect(refusal).toBeInstanceOf(Refusal)
  expect((refusal as Refusal).message).toContain(name)
  expect((refusal as Refusal).message).not.toContain('secret')
})
