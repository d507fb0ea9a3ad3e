/** The log of requests: a line for each when it is answered, gathered and written ten times a second; what is wrong is written at once. */
import { hostname } from 'node:os'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ByAnswer } from '../route.ts'

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

/** How the lines of one millisecond begin, written out once. */
function beginnings(of: string): (now: number) => string {
  let [at, beginning] = [0, '']
  return (now) => {
    if (now !== at) [at, beginning] = [now, `{"level":30,"time":${now},${of},"reqId":"`]
    return beginning
  }
}

const THOUSANDTHS = Array.from({ length: 1_000 }, (_, each) => `.${String(each).padStart(3, '0')}`)

/** With three decimals; to find the shortest text for a fraction takes longer than all else of a line. */
function millisecondsOf(elapsed: number): string {
  const micros = Math.round(elapsed * 1_000)
  return `${Math.trunc(micros / 1_000)}${THOUSANDTHS[micros % 1_000]}`
}

/** The line of a request: its route, so that no id of a patient or partner is in it; no headers, no body, no query. Written out here, as
 *  the logger would: through its serialisers a line costs a tenth of a kept page. */
export const requestLog = fp(
  async (app: FastifyInstance, { to }: { readonly to: Writable }) => {
    const add = to instanceof GatheredLines ? (line: string) => to.add(line) : (line: string) => void to.write(line)
    const of = JSON.stringify({ pid: process.pid, hostname: hostname() }).slice(1, -1)
    const begun = beginnings(of)
    const answers = new ByAnswer(({ url: path = null }, method, status) =>
      // ends where its milliseconds stand
      JSON.stringify({ method, path, status }).replace('{', '",').replace('}', ',"ms":'),
    )
    app.addHook('onResponse', (request, reply, done) => {
      const answer = answers.of(request.route, request.method, reply.statusCode)
      add(`${begun(Date.now())}${request.id}${answer}${millisecondsOf(reply.elapsedTime)},"msg":"request completed"}\n`)
      done()
    })
  },
  { name: 'request-log', dependencies: ['route'] },
)
