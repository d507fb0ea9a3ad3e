/** Pages for people, and the cookie that opens them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

describe('pages', () => {
  const cookieFor = async (token: string) => {
    const answer = await asked.app.inject({
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ token }).toString(),
    })
    return { status: answer.statusCode, cookie: String(answer.headers['set-cookie'] ?? '') }
  }

  test('the first page asks for a token, and takes it from a form only', async () => {
    const page = await asked.app.inject('/')
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('<form method="post" action="/login">')
    expect(page.body).not.toContain('noord')
    const { status, cookie } = await cookieFor(asked.tokenOf('analyst ann'))
    expect(status).toBe(303)
    expect(cookie).toMatch(/^winst_token=[^;]+; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(await cookieFor('wrong')).toEqual({ status: 401, cookie: '' })
    expect(await cookieFor('a; Domain=evil')).toEqual({ status: 401, cookie: '' })
  })

  test('with it, the settlements and their report; it opens pages, not the API', async () => {
    const cookie = (await cookieFor(asked.tokenOf('analyst ann'))).cookie.split(';')[0] ?? ''
    const get = (url: string) => asked.app.inject({ url, headers: { cookie } })
    expect((await get('/')).body).toContain(`href="${asked.settlementUrl('/report')}"`)
    const report = await get(asked.settlementUrl('/report'))
    expect(report.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(report.headers['content-security-policy']).toContain("default-src 'none'")
    expect(report.body).toContain('Afrekening gezondheidswinst')
    expect(report.body).toContain('Praktijk &lt;b&gt;p01&lt;/b&gt;')
    expect((await get(asked.settlementUrl())).statusCode).toBe(401)
    expect(
      (await asked.app.inject({ method: 'POST', url: '/v1/contracts', headers: { cookie }, payload: {} })).statusCode,
    ).toBe(401)
  })

  test('an insurer sees its own amount on the page, no report', async () => {
    const cookie = (await cookieFor(asked.tokenOf('insurer 7095'))).cookie.split(';')[0] ?? ''
    const { body } = await asked.app.inject({ url: '/', headers: { cookie } })
    expect(body).toContain('noord')
    expect(body).not.toContain('/report')
    expect((await asked.app.inject({ url: asked.settlementUrl('/report'), headers: { cookie } })).statusCode).toBe(403)
  })
})
