import { expect, test } from 'vitest'
import { LIMITS, limitsOf, trustedProxiesOf } from '../../../../api/plugins/limits/limits.ts'

test('limits come from the environment, and are as they are where it says nothing', () => {
  expect(limitsOf({ WINST_READS_PER_MINUTE: '', WINST_BEHIND_MS: ' ' })).toEqual(LIMITS)
  expect(limitsOf({ WINST_READS_PER_MINUTE: '7', WINST_ANSWER_SECONDS: '90' })).toEqual({
    ...LIMITS,
    reads: 7,
    answerSeconds: 90,
  })
})

test.each(['0', '-1', '1.5', 'many', '9999999999'])('a limit of %s is refused with its variable', (text) => {
  expect(() => limitsOf({ WINST_GUESSES_PER_MINUTE: text })).toThrow(/^WINST_GUESSES_PER_MINUTE is/)
})

test('proxies are addresses, networks or words for them', () => {
  expect(trustedProxiesOf({})).toBe('loopback')
  expect(trustedProxiesOf({ WINST_TRUST_PROXY: 'loopback, 10.0.0.0/8,::1' })).toBe('loopback, 10.0.0.0/8,::1')
  expect(() => trustedProxiesOf({ WINST_TRUST_PROXY: 'proxy.local' })).toThrow(/^WINST_TRUST_PROXY names "proxy.local"/)
})
