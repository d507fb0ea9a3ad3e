/** The log of requests: a line for each when it is answered, gathered and written ten times a second; what is wrong is written at once. */
import { hostname } from 'node:os'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

const EVERY_MS = 100
const MOST_CHARACTERS = 65_536
/** How a line of a warning, an error or worse begins. */
const URGENT = /^\{"level":[4-6]0/

/** Lines on their way to a stream, each no call of its own: to write every one of them would cost more than a kept page. The last ones go
 *  when the process ends. */
export class GatheredLines extends Writable {
  private lines = ''
  private readonly timer = setInterval(() => this.flush(), EVERY_MS).unref()
  private readonly flush = (): void => {
    if (this.lines !== '') this.to.write(this.lines)
    this.lines = ''
  }

  constructor(private readonly to: Writable) {
    super({ decodeStrings: false })
    process.once('exit', this.flush)
  }

  /** Adds a line that is not urgent, past what a stream does for a write. */
  add(line: string): void {
    this.lines += line
    if (this.lines.length > MOST_CHARACTERS) this.flush()
  }

  override _write(line: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = String(line)
    this.add(text)
    if (URGENT.test(text)) this.flush()
    done()
  }

  override _final(done: () => void): void {
    clearInterval(this.timer)
    process.off('exit', this.flush)
    this.flush()
    done()
  }
}

/** The line of a request: its route, so that no id of a patient or partner is in it; no headers, no body, no query. Written out here, as
 *  the logger would: through its serialisers a line costs a tenth of a kept page. */
export const requestLog = fp(
  async (app: FastifyInstance, { to }: { readonly to: Writable }) => {
    const add = to instanceof GatheredLines ? (line: string) => to.add(line) : (line: string) => void to.write(line)
    const of = JSON.stringify({ pid: process.pid, hostname: hostname() }).slice(1, -1)
    const routes = new Map<string, string>()
    function routeOf(method: string, path: string | null): string {
      const key = `${method} ${path}`
      const written = routes.get(key) ?? JSON.stringify({ method, path }).slice(1, -1)
      routes.set(key, written)
      return written
    }
    app.addHook('onResponse', ({ method, id, routeOptions }, reply, done) => {
      const asked = `"reqId":"${id}",${routeOf(method, routeOptions.url ?? null)}`
      const answered = `"status":${reply.statusCode},"ms":${reply.elapsedTime}`
      add(`{"level":30,"time":${Date.now()},${of},${asked},${answered},"msg":"request completed"}\n`)
      done()
    })
  },
  { name: 'request-log' },
)
