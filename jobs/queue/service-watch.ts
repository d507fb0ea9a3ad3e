/** Watches whether PostgreSQL and Redis respond while work is done, as waiting for a queue would otherwise not end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { heartbeatOf, type Heartbeat } from '../../data/postgres/heartbeat.ts'
import { databaseLost } from '../../data/postgres/outage.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { placeOf } from './queue-backend.ts'

export interface ServicesToWatch {
  /** of the database */
  readonly url: string
  /** null: the queue lives in the database */
  readonly redisUrl: string | null
}

export interface ServiceEvents {
  /** called once when a service has been silent for too long */
  readonly onLost: (refusal: Refusal) => void
  /** called when a service that was lost answers again, with a sentence */
  readonly onBack?: (sentence: string) => void
}

/** How long a service may be silent: a restart takes less, and people want to know within ten seconds. */
export interface Patience {
  /** for one answer, milliseconds */
  readonly answerMs: number
  /** between two questions */
  readonly pauseMs: number
  /** since the last answer, before a service counts as lost, and not before three questions in a row went without one: a process
   *  that was busy itself has not given anybody the time to answer */
  readonly silenceMs: number
}

const patient: Patience = { answerMs: 2_000, pauseMs: 250, silenceMs: 5_000 }
const missedAtLeast = 3

/** Asks each service again and again until it is stopped.
 *  @returns how to stop it */
export function watchServices(
  { url, redisUrl }: ServicesToWatch,
  events: ServiceEvents,
  patience: Patience = patient,
): () => void {
  const followed = [
    new Followed(heartbeatOf(url), () => databaseLost(url), `The database at ${placeOf(url)} answers again.`),
    ...(redisUrl === null
      ? []
      : [
          new Followed(
            redisHeartbeat(redisUrl),
            () => redisLost(redisUrl),
            `Redis at ${placeOf(redisUrl)} answers again.`,
          ),
        ]),
  ]
  for (const service of followed) void service.follow(events, patience)
  return () => followed.forEach((service) => service.stop())
}

/** Does work that ends with the refusal of a service as soon as one is lost; the work itself is then abandoned.
 *  @throws Refusal `database_unreachable`, `redis_unreachable`; whatever the work throws */
export async function whileServicesAnswer<T>(services: ServicesToWatch, work: () => Promise<T>): Promise<T> {
  let stop = (): void => undefined
  const lost = new Promise<never>((_, reject) => {
    stop = watchServices(services, { onLost: reject })
  })
  const working = work()
  // Abandoned work may fail later; that error is ignored.
  working.catch(() => undefined)
  try {
    return await Promise.race([working, lost])
  } finally {
    stop()
  }
}

class Followed {
  private stopped = false

  constructor(
    private readonly heartbeat: Heartbeat,
    private readonly refusal: () => Refusal,
    private readonly back: string,
  ) {}

  stop(): void {
    this.stopped = true
    this.heartbeat.end()
  }

  async follow({ onLost, onBack }: ServiceEvents, { answerMs, pauseMs, silenceMs }: Patience): Promise<void> {
    let [answeredAt, missed, lost] = [performance.now(), 0, false]
    while (!this.stopped) {
      try {
        await this.heartbeat.beat(answerMs)
        if (lost) onBack?.(this.back)
        ;[answeredAt, missed, lost] = [performance.now(), 0, false]
      } catch {
        missed++
        if (!lost && !this.stopped && missed >= missedAtLeast && performance.now() - answeredAt >= silenceMs) {
          lost = true
          onLost(this.refusal())
        }
      }
      await sleep(pauseMs, undefined, { ref: false })
    }
  }
}

const redisLost = (url: string): Refusal =>
  new Refusal(
    'redis_unreachable',
    `Redis at ${placeOf(url)} was lost in the middle of the work: it does not answer any more. Start it and give the same command again; what was finished is kept.`,
    { place: placeOf(url) },
  )

function redisHeartbeat(url: string): Heartbeat {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 250, connectTimeout: 2_000 })
  redis.on('error', () => undefined)
  const beat = async (withinMs: number): Promise<void> => {
    const late = new AbortController()
    try {
      await Promise.race([
        redis.ping(),
        sleep(withinMs, undefined, { signal: late.signal }).then(() => Promise.reject(new Error('no answer'))),
      ])
    } finally {
      late.abort()
    }
  }
  return { beat, end: () => redis.disconnect() }
}
