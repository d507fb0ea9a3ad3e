/** What docker-compose.yml, the Dockerfile and env.example promise each other; no container engine is needed to check it. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { configOf } from '../jobs/config.ts'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly ports?: readonly string[]
}

const root = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
}

describe('docker-compose.yml', () => {
  test('starts the stores, the schema, the API and a worker', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker'])
  })

  test('every service that stays has a health check', () => {
    for (const [name, service] of Object.entries(services))
      if (name !== 'migrate') expect(service.healthcheck?.test.length, name).toBeGreaterThan(1)
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
    for (const name of ['migrate', 'api', 'worker']) {
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
  expect(configOf(environment).redisUrl).toBe('redis://127.0.0.1:6379')
  expect(Object.keys(environment)).toEqual([
    'DATABASE_URL',
    'REDIS_URL',
    'WINST_HOME',
    'HOST',
    'PORT',
    'WINST_PSEUDONYM_KEY',
    'WINST_DEBUG',
    'POSTGRES_PASSWORD',
  ])
})
