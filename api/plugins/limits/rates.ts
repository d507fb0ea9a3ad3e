/** How often one reader and one address may ask, and how many tokens an address may try. */
import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Identity } from '../../../data/access/keys.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { Buckets } from './buckets.ts'
import type { Limits } from './limits.ts'

/** What is asked by whoever watches over the service, and often. */
export const WATCHED: readonly string[] = ['/health', '/ready']

/** The address that a request comes from; of IPv6 the network, since who has one has them all. */
function addressOf(request: FastifyRequest): string {
  // Without a word from a proxy it is the other end of the connection, whomever one trusts.
  const hasProxy = request.headers['x-forwarded-for'] !== undefined
  const ip = hasProxy ? request.ip : (request.socket.remoteAddress ?? '')
  return ip.includes('.') ? ip : ip.split(':').slice(0, 4).join(':')
}

/** What lets somebody in, as a hash: never kept itself. */
function credentialOf({ headers }: FastifyRequest): string | null {
  const credential = headers.authorization ?? headers.cookie
  return credential === undefined ? null : hash('sha256', credential, 'base64')
}

const hasCredential = ({ headers }: FastifyRequest): boolean =>
  headers.authorization !== undefined || headers.cookie !== undefined

const tooMany = (seconds: number, of: string): Refusal =>
  new Refusal('too_many_requests', `${of}; ask again in ${seconds} s.`, { retry_after_seconds: seconds })

/** Credentials that were good of late, and how many: their holders are let through from an address where somebody else guesses. */
const MOST_REMEMBERED = 10_000

/** Before anybody is looked up: how often the address asks, and whether it guesses. */
function addressRates(app: FastifyInstance, limits: Limits): void {
  const [requests, guesses] = [new Buckets(limits.address), new Buckets(limits.guesses)]
  const good = new Set<string>()
  const noted = new WeakSet<object>()
  function refusalOf(request: FastifyRequest): Refusal | undefined {
    const { url, signIn } = request.route
    if (WATCHED.includes(url ?? '')) return undefined
    const [address, now] = [addressOf(request), performance.now()]
    const wait = requests.take(address, now)
    if (wait > 0) return tooMany(wait, `This address asks more than ${limits.address} times a minute`)
    const guess = guesses.wait(address, now)
    if (guess === 0) return undefined
    const credential = credentialOf(request)
    return (credential === null ? signIn === true : !good.has(credential))
      ? tooMany(guess, 'This address named too many tokens that are not known')
      : undefined
  }
  app.addHook('onRequest', (request, _reply, done) => done(refusalOf(request)))
  app.addHook('onResponse', (request, reply, done) => {
    const { reader } = request
    const isGuess = reply.statusCode === 401 && (hasCredential(request) || request.route.signIn === true)
    if (isGuess) guesses.take(addressOf(request), performance.now())
    // An identity is remembered for a second as the very same object: its credential is hashed once in that time.
    if (reader && !noted.has(reader)) {
      noted.add(reader)
      good.add(credentialOf(request) ?? '')
      if (good.size > MOST_REMEMBERED) good.delete(good.values().next().value ?? '')
    }
    done()
  })
}

/** Once it is known who asks: how often a reader does, reading and changing apart. */
function readerRates(app: FastifyInstance, limits: Limits): void {
  const [reads, writes] = [new Buckets(limits.reads), new Buckets(limits.writes)]
  // An identity is remembered for a second as the very same object.
  const keys = new WeakMap<Identity, string>()
  function keyOf(reader: Identity): string {
    let key = keys.get(reader)
    if (key === undefined) keys.set(reader, (key = `${reader.regionId} ${reader.role} ${reader.subject}`))
    return key
  }
  app.addHook('onRequest', ({ reader, method }, _reply, done) => {
    if (!reader) return done()
    const isRead = method === 'GET' || method === 'HEAD'
    const wait = (isRead ? reads : writes).take(keyOf(reader), performance.now())
    if (wait === 0) return done()
    const most = isRead ? `${limits.reads} requests` : `${limits.writes} changes`
    done(tooMany(wait, `More than ${most} a minute are asked in the name of ${reader.role} ${reader.subject}`))
  })
}

/** Registered before `access`. */
export const ratesByAddress = fp(async (app: FastifyInstance, limits: Limits) => addressRates(app, limits), {
  name: 'rates by address',
  dependencies: ['route'],
})

/** Registered after `access`. */
export const ratesByReader = fp(async (app: FastifyInstance, limits: Limits) => readerRates(app, limits), {
  name: 'rates by reader',
  dependencies: ['access'],
})
