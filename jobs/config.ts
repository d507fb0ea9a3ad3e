/** The environment of this process, read once at start, checked and frozen; nothing else in the project reads it. */
import { join, resolve } from 'node:path'
import { Refusal } from '../engine/kernel/refusal.ts'

export interface Config {
  /** undefined: an embedded PostgreSQL under `home` */
  readonly databaseUrl: string | undefined
  /** null: the queue lives in PostgreSQL */
  readonly redisUrl: string | null
  /** directory of the embedded server and its files, absolute */
  readonly home: string
  /** directory of what is uploaded, absolute; of the API and the workers alike */
  readonly uploads: string
  /** undefined: this process makes no pseudonyms */
  readonly pseudonymKey: string | undefined
}

/** @throws Refusal `config_invalid` naming the variable */
export function configOf(environment: Readonly<Record<string, string | undefined>>): Config {
  const home = resolve(environment.WINST_HOME?.trim() || '.winst')
  return Object.freeze({
    databaseUrl: urlIn(environment, 'DATABASE_URL', ['postgres:', 'postgresql:'], 'postgres://user@host:5432/winst'),
    redisUrl: urlIn(environment, 'REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379') ?? null,
    home,
    uploads: resolve(environment.WINST_UPLOADS?.trim() || join(home, 'uploads')),
    pseudonymKey: environment.WINST_PSEUDONYM_KEY?.trim() || undefined,
  })
}

/** A variable that is set but empty counts as not set: that is how compose files leave things out. */
function urlIn(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  protocols: readonly string[],
  example: string,
): string | undefined {
  const text = environment[name]?.trim()
  if (!text) return undefined
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
    // The value may hold a password, so it is not repeated.
    throw new Refusal('config_invalid', `${name} is not a URL that begins with ${protocols[0]}// (as in ${example})`)
  return text
}
