/** The log of requests: a line for each when it is answered, gathered and written ten times a second; what is wrong is written at once. */
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

const EVERY_MS = 100
const MOST_CHARACTERS = 65_536
/** How a line of a warning, an error or worse begins. */
const URGENT = /^\{"level":[4-6]0/

/** Lines on their way to a stream, each no call of its own: to write every one of them would cost more than a kept page. The last ones go
 *  when the process ends. */
export function gathered(to: Writable): Writable {
  let lines = ''
  const flush = (): void => {
    if (lines !== '') to.write(lines)
    lines = ''
  }
  const timer = setInterval(flush, EVERY_MS).unref()
  process.once('exit', flush)
  return new Writable({
    decodeStrings: false,
    write(line: string | Buffer, _encoding, done) {
      const text = String(line)
      lines += text
      if (lines.length > MOST_CHARACTERS || URGENT.test(text)) flush()
      done()
    },
    final(done) {
      clearInterval(timer)
      process.off('exit', flush)
      flush()
      done()
    },
  })
}

/** The line of a request: its route, so that no id of a patient or partner is in it; no headers, no body, no query. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    app.addHook('onResponse', (request, reply, done) => {
      const { method, id: reqId, routeOptions } = request
      const said = { reqId, method, path: routeOptions.url ?? null, status: reply.statusCode, ms: reply.elapsedTime }
      app.log.info(said, 'request completed')
      done()
    })
  },
  { name: 'request-log' },
)
