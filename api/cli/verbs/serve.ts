/** `winst serve`: the API with its first page, until SIGINT or SIGTERM. */
import { migrate } from '../../../data/postgres/migrate.ts'
import { openStore } from '../../../data/postgres/database.ts'
import { regionAsked } from '../../../data/region/regions.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { configOf } from '../../../jobs/config.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { workersOf } from '../../../jobs/queue/queues.ts'
import { watchServices } from '../../../jobs/queue/service-watch.ts'
import { developmentIssuer as openDevelopmentIssuer } from '../../identity/development-issuer.ts'
import { providerIn } from '../../identity/provider.ts'
import { signInClientOf, signInOptionsIn } from '../../identity/sign-in-client.ts'
import { verifierOf } from '../../identity/verifier.ts'
import type { Verb } from '../verb.ts'
import { issueToken, readerAsked } from '../../views/issue-token.ts'
import { limitsOf, trustedProxiesOf } from '../../plugins/limits/limits.ts'
import { startServer, type ServerOptions } from '../../server.ts'
import { outageNotes } from './outage-notes.ts'
import { untilAsked } from './until-signal.ts'

const defaultPort = 8080

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  readonly issueToken?: string
  readonly devIssuer?: boolean
}

export const serve: Verb<ServeOptions> = async ({ port, host: named, issueToken: asked, devIssuer }, { terminal }) => {
  const reader = asked === undefined ? undefined : readerAsked(asked)
  const host = named ?? process.env.HOST ?? '127.0.0.1'
  const identities = await identitiesFor(host, devIssuer)
  const { databaseUrl, redisUrl, home, uploads } = configOf(process.env)
  const [limits, trustProxy] = [limitsOf(process.env), trustedProxiesOf(process.env)]
  const store = await openStore({ databaseUrl, home, statementMs: limits.answerSeconds * 1_000 })
  try {
    await migrate(store)
    if (reader) {
      const { regionId } = await regionAsked(store, undefined)
      const { token } = await issueToken(store, { ...reader, regionId, issuedBy: 'operator' })
      terminal.line(`A token for ${reader.role} ${reader.subject}: ${token}`)
    }
    const queue = await openQueueBackend({ store, redisUrl })
    const server = await startServer({
      store,
      queue,
      uploads,
      port: port ?? portIn(process.env.PORT),
      host,
      log: true,
      limits,
      trustProxy,
      ...identities,
      ...watchersOf(process.env),
    })
    if (identities.developmentIssuer)
      terminal.line(`Anybody on this machine gets a token: POST ${server.address}/development-issuer/token`)
    terminal.line(`The API listens on ${server.address} (documentation: ${server.address}/docs). Ctrl-C stops it.`)
    if ((await workersOf(queue)).length === 0)
      terminal.progress.note('No worker listens yet: runs wait in the queue until one is started (winst worker).')
    const stopWatching = watchServices({ url: store.url, redisUrl }, outageNotes(terminal, 'The API'))
    await untilAsked()
    stopWatching()
    await server.close()
    await queue.close()
    return undefined
  } finally {
    await store.close()
  }
}

/** Who is let in besides the holders of keys: whom the identity provider of the environment names, or whoever asks the development issuer. */
async function identitiesFor(host: string, devIssuer = false) {
  const asked = devIssuer || process.env.WINST_DEV_ISSUER === '1'
  const developmentIssuer = asked ? await openDevelopmentIssuer(process.env, host) : null
  const provider = providerIn(process.env)
  const signIn = signInOptionsIn(process.env)
  return {
    developmentIssuer,
    verify: provider && verifierOf(provider),
    signInClient: provider && signIn && signInClientOf(provider, signIn),
  }
}

/** Who may read the metrics, and where spans go: nobody beyond this machine, and nowhere, unless the environment says so. */
function watchersOf(environment: NodeJS.ProcessEnv): Pick<ServerOptions, 'metricsToken' | 'collector'> {
  const [token, endpoint] = [environment.WINST_METRICS_TOKEN?.trim(), environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim()]
  if (endpoint && !/^https?:\/\//.test(endpoint))
    throw new Refusal(
      'config_invalid',
      'OTEL_EXPORTER_OTLP_ENDPOINT is no address that begins with http:// or https://.',
    )
  const { OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_SERVICE_NAME: service } = environment
  return {
    ...(token ? { metricsToken: token } : {}),
    ...(endpoint ? { collector: { endpoint, headers, service } } : {}),
  }
}

function portIn(text: string | undefined): number {
  if (!text) return defaultPort
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Refusal('usage', `PORT is "${text}"; a port is a whole number up to 65535.`)
}
