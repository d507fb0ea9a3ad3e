/** Bytes that are no HTTP, on real sockets: each connection ends with a problem or without a word, and the service lives on. */
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { randomOf, type Random } from '../../engine/kernel/random.ts'

const WAIT_MS = 2_000

const SOUND = [
  'GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  'GET /v1/settlements?limit=1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n',
  'POST /v1/contracts HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
  'POST /login HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\na=b\r\n0\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
]
const PIECES = [
  '\0',
  '\r\n',
  '\r',
  '\n',
  ' ',
  ':',
  'HTTP/1.0',
  'x'.repeat(20_000),
  '%',
  'content-length: 5\r\n',
  'transfer-encoding: gzip\r\n',
  '\xff',
  '-1',
]

function corrupted(random: Random): string {
  let text = SOUND[random.below(SOUND.length)] ?? ''
  for (let i = random.below(4); i >= 0; i--) {
    const at = random.below(text.length)
    const piece = PIECES[random.below(PIECES.length)] ?? ''
    text = text.slice(0, at) + piece + text.slice(at + random.below(5))
  }
  return text
}

/** What is answered until the connection ends; what does not come within two seconds is no longer waited for. */
async function answerTo(port: number, bytes: string): Promise<string> {
  return await new Promise((done) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes, 'latin1'))
    socket.setTimeout(WAIT_MS, () => socket.destroy())
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('error', () => undefined)
    socket.on('close', () => done(answer))
  })
}

/** Sends corrupted requests.
 *  @returns what was wrong with the answers */
export async function socketFaults(
  app: FastifyInstance,
  { requests, seed }: { readonly requests: number; readonly seed: number },
): Promise<string[]> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const faults: string[] = []
  for (let number = 0; number < requests; number++) {
    const bytes = corrupted(randomOf(seed, number, 1))
    const answer = await answerTo(port, bytes)
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0)
    const wrong = answer !== '' && (status < 200 || status >= 500)
    const bare =
      status >= 400 && !/^content-type: application\/problem\+json/im.test(answer) && !/text\/html/.test(answer)
    if (wrong || bare) faults.push(`${JSON.stringify(bytes.slice(0, 200))}: ${answer.slice(0, 200)}`)
  }
  if (!(await answerTo(port, SOUND[0] ?? '')).startsWith('HTTP/1.1 200'))
    faults.push('the service does not live any more')
  return faults
}
