/** ENTRY of the web process: listens, and closes with grace. TensorFlow is never loaded here. */
import { Refusal } from '../engine/kernel/refusal.ts'
import { buildApp, type AppOptions } from './app.ts'
import type { Connections } from './plugins/connections.ts'
import { GatheredLines } from './plugins/watch/request-log.ts'

type Told = 'limits' | 'trustProxy' | 'verify' | 'signInClient' | 'developmentIssuer' | 'metricsToken' | 'collector'

export interface ServerOptions extends Connections, Pick<AppOptions, Told> {
  readonly port: number
  /** the address to listen on; 127.0.0.1 accepts local connections only */
  readonly host: string
  /** a line per request on stderr; never a token, a body or a query */
  readonly log?: boolean
}

export interface RunningServer {
  readonly address: string
  /** Stops listening and finishes pending requests; the connections are closed by the caller that opened them. */
  close(): Promise<void>
}

/** Starts the API.
 *  @throws Refusal `port_taken` */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, queue, uploads, port, host, log = false, ...more } = options
  const app = await buildApp(
    { store, queue, ...(uploads === undefined ? {} : { uploads }) },
    log ? new GatheredLines(process.stderr) : null,
    more,
  )
  try {
    const address = await app.listen({ port, host })
    return { address, close: () => app.close() }
  } catch (error) {
    await app.close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new Refusal('port_taken', `Port ${port} of ${host} is taken; name another with --port.`, { port, host })
    throw error
  }
}
