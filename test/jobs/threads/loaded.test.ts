/** What a thread loads with its tasks: neither store nor queue. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const script = `
import { createRequire } from 'node:module'
const packages = (path) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(path)?.[1] ?? []
await import('${root}/jobs/threads/tasks.ts')
const { cache } = createRequire('${root}/package.json')
console.log(JSON.stringify([...new Set(Object.keys(cache).flatMap(packages))]))`

test('the tasks of a thread load no driver of a database or queue', { timeout: 60_000 }, async () => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const loaded = JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: root })).stdout) as string[]
  expect(loaded).toContain('piscina')
  for (const driver of ['pg', 'pg-copy-streams', 'pg-types', 'bullmq', 'ioredis', 'danfojs-node'])
    expect(loaded).not.toContain(driver)
})
