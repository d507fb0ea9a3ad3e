/** Pages for people, and the cookie that opens them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

describe('pages', () => {
  const cookieFor = async (token: string) => {
    const answer = await asked.app.inject({
      method: 'POST',
      url: '/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ token }).toString(),
    })
    return { status: answer.statusCode, cookie: String(answer.headers['set-cookie'] ?? '') }
  }

  test('the first page asks for a token, and takes it from a form only', async () => {
    const page = await asked.app.inject('/')
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('<form method="post" action="/sign-in" class="narrow-form">')
    expect(page.body).not.toContain('noord')
    const { status, cookie } = await cookieFor(asked.tokenOf('analyst ann'))
    expect(status).toBe(303)
    expect(cookie).toMatch(/^winst_token=[^;]+; HttpOnly; SameSite=Lax; Path=\/$/)
    expect(await cookieFor('wrong')).toEqual({ status: 401, cookie: '' })
    expect(await cookieFor('a; Domain=evil')).toEqual({ status: 401, cookie: '' })
  })

  const signedIn = async (asker: ReaderName) => {
    const cookie = (await cookieFor(asked.tokenOf(asker))).cookie.split(';')[0] ?? ''
    return (url: string, headers: Record<string, string> = {}) =>
      asked.app.inject({ url, headers: { cookie, accept: 'text/html', ...headers } })
  }

  test('with it, the settlements and their report; it opens pages, not the API', async () => {
    const get = await signedIn('analyst ann')
    const settlements = await get('/settlements')
    expect(settlements.body).toContain(`href="/settlements/${asked.noord.settlement.settlement_id}"`)
    expect(settlements.headers['content-security-policy']).toContain("style-src 'self'")
    const report = await get(asked.settlementUrl('/report'))
    expect(report.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(report.headers['content-security-policy']).toContain("default-src 'none'")
    expect(report.body).toContain('Praktijk &lt;b&gt;p01&lt;/b&gt;')
    expect((await get(asked.settlementUrl())).statusCode).toBe(401)
  })

  test('without it a page leads to where one signs in, and back; a program is told as by the API', async () => {
    const page = await asked.app.inject({ url: '/settlements?lang=en', headers: { accept: 'text/html' } })
    expect([page.statusCode, page.headers.location]).toEqual([303, '/sign-in?next=%2Fsettlements%3Flang%3Den'])
    const form = await asked.app.inject({ url: page.headers.location!, headers: { accept: 'text/html' } })
    expect(form.body).toContain('value="/settlements?lang=en"')
    const away = await asked.app.inject('/sign-in?next=//evil.example')
    expect(away.body).toContain('name="next" value="/"')
    expect((await asked.app.inject('/settlements')).json()).toMatchObject({ status: 401, code: 'not_authenticated' })
  })

  test('what its role may not see is refused in words, in both languages', async () => {
    const get = await signedIn('researcher rob')
    const refused = await get('/v1/settlements')
    expect(refused.statusCode).toBe(401)
    const report = await get(asked.settlementUrl('/report'))
    expect(report.statusCode).toBe(403)
  })

  test('the language of a page is remembered', async () => {
    const get = await signedIn('partner p01')
    expect((await get('/settlements')).body).toContain('<html lang="nl">')
    const english = await get('/settlements?lang=en')
    expect(english.body).toContain('<html lang="en">')
    expect(english.headers['set-cookie']).toMatch(/^winst_lang=en; HttpOnly/)
  })

  test('assets are named by their bytes and kept for ever', async () => {
    const page = (await asked.app.inject('/')).body
    const style = /href="(\/assets\/style-\w+\.css)"/.exec(page)![1]!
    const answer = await asked.app.inject({ url: style, headers: { 'accept-encoding': 'gzip' } })
    expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, 'gzip'])
    expect(answer.headers['cache-control']).toContain('immutable')
    expect((await asked.app.inject('/assets/nothing.css')).statusCode).toBe(404)
  })
})
