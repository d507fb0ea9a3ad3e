/** What docker-compose.yml, the Dockerfile and env.example promise each other; no container engine is needed to check it. */
import { providerIn } from '../api/identity/provider.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { LIMITS, limitsOf, trustedProxiesOf } from '../api/plugins/limits/limits.ts'
import { openStore } from '../data/postgres/database.ts'
import { migrate } from '../data/postgres/migrate.ts'
import { configOf } from '../jobs/config.ts'
import { ownPostgres, type OwnService } from './support/services/own-services.ts'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly profiles?: readonly string[]
  readonly restart?: string
}

const root = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
}

/** The services that run our image. */
const ours = ['migrate', 'api', 'worker', 'tools', 'owner'] as const

describe('docker-compose.yml', () => {
  test('starts the stores, the schema, the API and a worker; tools when they are asked for', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker', 'tools', 'owner'])
    const asked = Object.entries(services).filter(([, { profiles = [] }]) => profiles.includes('tools'))
    expect(asked.map(([name]) => name)).toEqual(['tools', 'owner'])
  })

  test('every service that stays has a health check', () => {
    for (const [name, { restart, healthcheck }] of Object.entries(services))
      if (restart !== 'no') expect(healthcheck?.test.length, name).toBeGreaterThan(1)
  })

  test('each process has a login of its own, and none that stays owns the schema or is a superuser', () => {
    const logins = Object.fromEntries(
      ours.map((name) => [name, /^postgres:\/\/(\w+):/.exec(services[name]?.environment?.DATABASE_URL ?? '')?.[1]]),
    )
    expect(logins).toEqual({
      migrate: 'winst_owner',
      api: 'winst_api',
      worker: 'winst_worker',
      tools: 'winst_worker',
      owner: 'winst_owner',
    })
    const roles = read('deploy/roles.sh')
    for (const login of new Set(Object.values(logins))) expect(roles).toMatch(new RegExp(`create role ${login} login`))
    expect(roles).not.toMatch(/\bsuperuser (?:login|password)|create role \w+ superuser/)
  })

  test('data go in read-only, what was rejected is kept, and who imports alone has the key of the pseudonyms', () => {
    const { volumes = [], environment } = services.tools ?? {}
    expect(volumes).toContain('${WINST_DATA:-./region}:/data:ro')
    expect(volumes).toContain('kept:/var/lib/winst')
    expect(environment).toHaveProperty('WINST_PSEUDONYM_KEY')
    for (const name of ours.filter((each) => each !== 'tools'))
      expect(services[name]?.environment, name).not.toHaveProperty('WINST_PSEUDONYM_KEY')
    const home = /WINST_HOME=(\S+)/.exec(read('Dockerfile'))?.[1]
    expect(home).toBe('/var/lib/winst')
  })

  test('every file of ours that is mounted is there', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter((each) => each.startsWith('./')),
    )
    expect(mounted.length).toBeGreaterThan(0)
    for (const mount of mounted) expect(existsSync(resolve(root, mount.split(':')[0] ?? '')), mount).toBe(true)
  })

  test('every variable that it asks for stands in env.example', () => {
    const asked = new Set([...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))
    expect(asked.size).toBeGreaterThan(5)
    for (const name of asked) expect(read('env.example')).toMatch(new RegExp(`^${name}=`, 'm'))
  })

  test('whatever a service waits for exists, and is healthy or done when it begins', () => {
    for (const [name, { depends_on: waits = {} }] of Object.entries(services))
      for (const [other, { condition }] of Object.entries(waits)) {
        expect(services, name).toHaveProperty(other)
        expect(condition).toBe(other === 'migrate' ? 'service_completed_successfully' : 'service_healthy')
      }
    expect(Object.keys(services.worker?.depends_on ?? {})).toEqual(['postgres', 'redis', 'migrate'])
  })

  test('API, worker and schema are given an environment that this program accepts', () => {
    for (const name of ours) {
      const environment = services[name]?.environment ?? {}
      const filled = { ...environment, DATABASE_URL: environment.DATABASE_URL?.replace(/\$\{[^}]*\}/, 'secret') }
      const config = configOf(filled)
      expect(new URL(config.databaseUrl ?? '').hostname).toBe('postgres')
      expect(new URL(config.redisUrl ?? '').hostname).toBe('redis')
    }
  })

  test('nothing listens beyond this machine', () => {
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test('the health check of a worker is a file that the image has', () => {
    const file = services.worker?.healthcheck?.test.at(-1) ?? ''
    expect(existsSync(resolve(root, file)), file).toBe(true)
  })
})

describe('deploy/roles.sh', () => {
  const password = 'secret'
  let place: string
  let postgres: OwnService
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'winst-roles-'))
    await chmod(place, 0o711)
    postgres = await ownPostgres(place)
  }, 4 * 60_000)
  afterAll(async () => {
    await postgres.kill()
    await rm(place, { recursive: true, force: true })
  })

  test('makes logins of which the owner migrates, and the others make nothing and switch nothing off', async () => {
    const { hostname: PGHOST, port: PGPORT, username: POSTGRES_USER } = new URL(postgres.url)
    const passwords = { WINST_OWNER_PASSWORD: password, WINST_API_PASSWORD: password, WINST_WORKER_PASSWORD: password }
    const env = { ...process.env, PGHOST, PGPORT, POSTGRES_USER, ...passwords }
    const made = spawnSync('sh', [resolve(root, 'deploy/roles.sh')], { env, encoding: 'utf8' })
    if (/psql: not found/.test(made.stderr))
      return void process.stderr.write('left out, for want of psql: deploy/roles.sh\n')
    expect([made.status, made.stderr]).toEqual([0, ''])
    const urlOf = (login: string) => `postgres://${login}:${password}@${PGHOST}:${PGPORT}/winst`
    const owner = await openStore({ databaseUrl: urlOf('winst_owner'), home: '' })
    expect((await migrate(owner)).length).toBeGreaterThan(10)
    const { rows } = await owner.pool.query('select rolname from pg_roles where rolsuper and rolname like $1', [
      'winst\\_%',
    ])
    expect(rows).toEqual([])
    await owner.close()
    for (const login of ['winst_api', 'winst_worker']) {
      const store = await openStore({ databaseUrl: urlOf(login), home: '' })
      // Every process looks whether the schema is up to date, and finds it so.
      expect(await migrate(store), login).toEqual([])
      for (const statement of [
        'create table mine (id int)',
        'alter table ledger_entry disable trigger all',
        'truncate ledger_entry',
        'create role mine',
      ])
        await expect(store.pool.query(statement), `${login}: ${statement}`).rejects.toMatchObject({ code: '42501' })
      await store.close()
    }
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')

  test('copies what exists and what .dockerignore lets through', () => {
    const taken = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [])
    const allowed = read('.dockerignore').split('\n')
    expect(taken.length).toBeGreaterThan(6)
    for (const path of taken) {
      expect(existsSync(resolve(root, path)), path).toBe(true)
      expect(allowed).toContain(`!${path}`)
    }
  })

  test('runs as somebody who is not root, by a process that hears when it must stop', () => {
    const user = lines.findIndex((line) => line.startsWith('USER '))
    expect(lines[user]).not.toMatch(/root|\b0\b/)
    const entry = lines.find((line) => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length) ?? ''
    const command = JSON.parse(entry) as string[]
    expect(command[0]).toBe('node')
    expect(existsSync(resolve(root, command.at(-1) ?? ''))).toBe(true)
  })
})

test('env.example is an environment that this program accepts', () => {
  const environment = Object.fromEntries(
    [...read('env.example').matchAll(/^(\w+)=(.*)$/gm)].map((match) => [match[1] as string, match[2] as string]),
  )
  expect(providerIn(environment)).toBeNull()
  expect(configOf(environment).redisUrl).toBe('redis://127.0.0.1:6379')
  expect(limitsOf(environment)).toEqual(LIMITS)
  expect(trustedProxiesOf(environment)).toBe('loopback')
  expect(Object.keys(environment)).toEqual([
    'DATABASE_URL',
    'REDIS_URL',
    'WINST_HOME',
    'WINST_UPLOADS',
    'HOST',
    'PORT',
    'WINST_PUBLIC_URL',
    'WINST_READS_PER_MINUTE',
    'WINST_WRITES_PER_MINUTE',
    'WINST_ADDRESS_PER_MINUTE',
    'WINST_GUESSES_PER_MINUTE',
    'WINST_ANSWER_SECONDS',
    'WINST_BEHIND_MS',
    'WINST_WAITING',
    'WINST_TRUST_PROXY',
    'WINST_METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'WINST_PSEUDONYM_KEY',
    'WINST_DEBUG',
    'POSTGRES_PASSWORD',
    'WINST_OWNER_PASSWORD',
    'WINST_API_PASSWORD',
    'WINST_WORKER_PASSWORD',
    'WINST_TOKEN',
    'WINST_DATA',
    'WINST_OUT',
    'WINST_OIDC_ISSUER',
    'WINST_OIDC_AUDIENCE',
    'WINST_OIDC_CLIENT_ID',
    'WINST_OIDC_CLIENT_SECRET',
    'WINST_OIDC_SCOPES',
    'WINST_OIDC_JWKS',
    'WINST_OIDC_ALGORITHMS',
    'WINST_OIDC_CLAIM_REGION',
    'WINST_OIDC_CLAIM_ROLE',
    'WINST_OIDC_CLAIM_SUBJECT',
    'WINST_OIDC_CLAIM_ORGANISATION',
  ])
})
