/** Lines of the log are gathered, and none is lost: not an urgent one, nor the last. */
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { GatheredLines } from '../../../api/plugins/watch/request-log.ts'

function collected() {
  const written: string[] = []
  const to = new PassThrough()
  to.on('data', (chunk) => written.push(String(chunk)))
  return { written, log: new GatheredLines(to) }
}

test('many lines are few writes, in their order', async () => {
  const { written, log } = collected()
  const lines = Array.from({ length: 5000 }, (_, n) => `{"level":30,"n":${n}}\n`)
  for (const line of lines) log.write(line)
  await new Promise<void>((done) => log.end(done))
  expect(written.join('')).toBe(lines.join(''))
  expect(written.length).toBeLessThan(5)
})

test('an error is written at once, with what was said before it', async () => {
  const { written, log } = collected()
  log.write('{"level":30}\n')
  expect(written).toEqual([])
  log.write('{"level":50}\n')
  await new Promise((done) => setImmediate(done))
  expect(written.join('')).toBe('{"level":30}\n{"level":50}\n')
})
