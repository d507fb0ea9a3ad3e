/** People sign in at a real identity provider, and come back to the page that they asked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { providerIn, type Provider } from '../../api/identity/provider.ts'
import { signInClientOf } from '../../api/identity/sign-in-client.ts'
import { verifierOf } from '../../api/identity/verifier.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, REGION, type Site } from '../support/browser/site.ts'
import { identityProvider, SIGN_IN, type IdentityProvider } from '../support/services/identity-provider.ts'

describe.skipIf(!hasBrowser)('signing in at an identity provider', () => {
  let site: Site
  let provider: IdentityProvider
  beforeAll(async () => {
    site = await openSite({
      until: 'empty',
      serverWith: async (publicUrl) => {
        provider = await identityProvider(
          {
            anna: { region: REGION, role: 'analyst' },
            wordy: { region: REGION, role: 'analyst', said: 'x'.repeat(4_000) },
          },
          `${publicUrl}/sign-in/callback`,
        )
        const trusted: Provider = providerIn({
          WINST_OIDC_ISSUER: provider.issuer,
          WINST_OIDC_AUDIENCE: provider.audience,
        })!
        return { verify: verifierOf(trusted), signInClient: signInClientOf(trusted, { ...SIGN_IN, publicUrl }) }
      },
    })
  }, 120_000)
  afterAll(async () => {
    await site?.close()
    await provider?.close()
  })

  const signIn = async (name: string) => {
    const page = await site.page()
    await page.goto('/settlements?lang=en')
    await page.getByRole('link', { name: 'Sign in at your organisation' }).click()
    await page.locator('input[name=login]').fill(name)
    await page.locator('input[name=password]').fill('anything')
    await page.locator('button[type=submit]').click()
    await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' })
    await page.locator('button[type=submit]').click()
    return page
  }

  test('the token that comes back is the one that the API takes; nothing of the way there is left', async () => {
    const page = await signIn('anna')
    await page.getByRole('heading', { name: 'Settlements' }).waitFor()
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/settlements?lang=en')
    expect(await page.locator('.holder').textContent()).toBe(`analyst anna · ${REGION}`)
    const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith('winst_'))
    expect(cookies.map(({ name }) => name).sort()).toEqual(['winst_lang', 'winst_token'])
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).toBe(true)
    const token = cookies.find(({ name }) => name === 'winst_token')!.value
    const regions = await fetch(`${site.address}/v1/regions`, { headers: { authorization: `Bearer ${token}` } })
    expect(regions.status).toBe(200)
    const signedIn = async () =>
      (
        await site.store.pool.query(
          "select who, role, object from audit_event where event = 'sign_in' and outcome = 'allowed'",
        )
      ).rows
    await expect.poll(signedIn).toEqual([{ who: 'anna', role: 'analyst', object: {} }])
  })

  test('a token that no cookie can hold is said to be too long', async () => {
    const page = await signIn('wordy')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('too long for a browser')
  })

  test('what did not begin here lets nobody in', async () => {
    const page = await site.page()
    await page.goto('/sign-in/callback?code=stolen&state=other')
    expect(await page.getByRole('alert').textContent()).toContain('U bent niet aangemeld')
    expect((await page.context().cookies()).filter(({ name }) => name === 'winst_token')).toEqual([])
  })
})
