/** The image's file set: exactly what the Dockerfile copies, in a directory of its own, and there every verb runs. */
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundleFile } from '../data/files/bundle-file.ts'
import type { Store } from '../data/postgres/database.ts'
import { copiedInto } from './support/services/dockerfile.ts'
import { liveStore } from './support/services/live.ts'
import { bundleParts, simulatedSettlement } from './support/settlements/simulated-settlement.ts'

const root = resolve(import.meta.dirname, '..')
const minutes = 60_000
let [image, place, bundle]: [string, string, string] = ['', '', '']
let store: Store

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'winst-image-'))
  image = join(place, 'app')
  await mkdir(image)
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8')
  for (const path of copiedInto(dockerfile, await readFile(join(root, '.dockerignore'), 'utf8'))) {
    await mkdir(dirname(join(image, path)), { recursive: true })
    await cp(join(root, path), join(image, path), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(image, 'node_modules'))
  store = await liveStore()
  bundle = join(place, 'settlement.bundle')
  await writeBundleFile(bundle, bundleParts(simulatedSettlement(7).parts))
}, 2 * minutes)
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

/** `node ARGS` in the image's directory, on the test's database. */
async function node(...args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, DATABASE_URL: store.url, REDIS_URL: '', WINST_HOME: join(place, 'home') }
  const child = spawn(process.execPath, args, { cwd: image, env })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const status = await new Promise<number | null>((done) => child.once('close', done))
  return { status, stdout, stderr }
}
const winst = (...args: readonly string[]) => node('--import', 'tsx', 'api/cli/cli.ts', ...args)

describe('in what the image holds', () => {
  test('every file that a file names is there too', async () => {
    const names = (await readdir(image, { recursive: true })).filter((name) => !name.startsWith('node_modules'))
    const there = new Set(names)
    const missing: string[] = []
    for (const file of names.filter((name) => /\.(ts|mjs)$/.test(name))) {
      const text = await readFile(join(image, file), 'utf8')
      for (const [, name = ''] of text.matchAll(/(?:\bfrom|\bimport\s*\(|new URL\()\s*'(\.[^']+)'/g)) {
        const target = join(dirname(file), name).replace(/\/$/, '')
        if (!there.has(target)) missing.push(`${file} names ${target}`)
      }
    }
    expect(names.length).toBeGreaterThan(200)
    expect(missing).toEqual([])
  })

  test('every verb can be loaded, and tells what it takes', { timeout: 3 * minutes }, async () => {
    const files = (await readdir(join(image, 'api/cli/verbs'))).filter((name) => name.endsWith('.ts'))
    const load = files.map((name) => `await import('./api/cli/verbs/${name}')`).join('\n')
    const ask = `import { main } from './api/cli/cli.ts'
      for (const verb of process.argv.slice(2)) console.error(await main([verb, '--help']))`
    const list = (await winst('--help')).stdout.split('Commands:')[1] ?? ''
    const verbs = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
    expect(verbs).toEqual(expect.arrayContaining(['run', 'verify', 'generate', 'migrate', 'serve', 'worker', 'token']))
    await writeFile(join(image, 'load.ts'), `${ask}\n${load}`)
    const said = await node('--import', 'tsx', 'load.ts', ...verbs)
    await rm(join(image, 'load.ts'))
    expect(said.status, said.stderr).toBe(0)
    expect(said.stderr.trim().split('\n')).toEqual(verbs.map(() => '0'))
    for (const verb of verbs) expect(said.stdout).toContain(`Usage: winst ${verb}`)
  })

  test('verify agrees with a bundle', async () => {
    const said = await winst('verify', bundle)
    expect(said.stderr).toBe('')
    expect(said.status).toBe(0)
  })

  test('generate writes a region, and migrate finds the schema up to date', async () => {
    const out = join(place, 'region')
    expect((await winst('generate', '--out', out, '--patients', '20')).status).toBe(0)
    expect(await readdir(out)).toContain('contract.yaml')
    const said = await winst('migrate')
    expect(said.status, said.stderr).toBe(0)
  })
})
