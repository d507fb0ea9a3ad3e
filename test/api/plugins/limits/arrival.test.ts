/** What is no HTTP is answered on a real socket, in the shape of every other problem. */
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await asked.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => asked.close())

/** What is answered to these bytes, until the other side closes. */
async function answerTo(
  bytes: string,
): Promise<{ status: number; type: string; problem: { code: string; status: number } }> {
  const { port } = asked.app.server.address() as AddressInfo
  const text = await new Promise<string>((done, failed) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('error', failed)
    socket.on('close', () => done(answer))
  })
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const type = /^content-type: (.*)$/im.exec(head)?.[1] ?? ''
  return { status: Number(head.split(' ')[1]), type, problem: JSON.parse(body) }
}

const close = 'host: x\r\nconnection: close\r\n'
test.each([
  ['no request at all', 'hello\r\n\r\n', 400, 'invalid_request'],
  ['a method that is none', `FOO / HTTP/1.1\r\n${close}\r\n`, 400, 'invalid_request'],
  ['a version that is none', `GET / HTTP/9.9\r\n${close}\r\n`, 400, 'invalid_request'],
  ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid_request'],
  ['headers without end', `GET /health HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n${close}\r\n`, 431, 'headers_too_large'],
  [
    'two lengths',
    `POST /login HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n${close}\r\nab`,
    400,
    'invalid_request',
  ],
  [
    'a length and chunks',
    `POST /login HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n${close}\r\n0\r\n\r\n`,
    400,
    'invalid_request',
  ],
  [
    'a chunk that is none',
    `POST /login HTTP/1.1\r\ntransfer-encoding: chunked\r\n${close}\r\nzz\r\n`,
    400,
    'invalid_request',
  ],
  ['NUL in a header', `GET /health HTTP/1.1\r\nx: a\0b\r\n${close}\r\n`, 400, 'invalid_request'],
  [
    'an expectation',
    `POST /login HTTP/1.1\r\nexpect: a-miracle\r\n${close}content-length: 0\r\n\r\n`,
    400,
    'invalid_request',
  ],
  ['a tunnel', `CONNECT x:1 HTTP/1.1\r\n${close}\r\n`, 405, 'method_not_allowed'],
  ['a method of WebDAV', `PROPFIND /health HTTP/1.1\r\n${close}\r\n`, 405, 'method_not_allowed'],
  ['no host', 'GET /nowhere HTTP/1.1\r\nconnection: close\r\n\r\n', 404, 'not_found'],
  [
    'an upgrade',
    'GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close, upgrade\r\nupgrade: websocket\r\n\r\n',
    404,
    'not_found',
  ],
])('%s', async (_, bytes, status, code) => {
  const answer = await answerTo(bytes)
  expect([answer.status, answer.type, answer.problem.status, answer.problem.code]).toEqual([
    status,
    'application/problem+json',
    status,
    code,
  ])
})
