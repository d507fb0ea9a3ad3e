import { afterAll, expect, test } from 'vitest'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type * as tasks from '../fixtures/tasks.ts'

const threads = openThreads<typeof tasks>({
  tasks: new URL('../fixtures/tasks.ts', import.meta.url),
  threads: 2,
})
afterAll(() => threads.close())

test('a task runs in TypeScript in its own thread and returns what it computed', async () => {
  expect(await threads.run('sum', new Float64Array([1, 2, 3.5]))).toBe(6.5)
  expect(await threads.run('doubled', new Float64Array([1, 2]))).toEqual(new Float64Array([2, 4]))
})

test('a buffer that is transferred moves: it is empty here', async () => {
  const numbers = new Float64Array([1, 2, 3])
  expect(await threads.run('sum', numbers, { transfer: [numbers.buffer] })).toBe(6)
  expect(numbers.length).toBe(0)
})

test('a refusal comes out of a thread as the refusal it was', async () => {
  const refused = threads.run('refuse', { code: 'too_few_to_learn' })
  await expect(refused).rejects.toBeInstanceOf(Refusal)
  await expect(refused).rejects.toMatchObject({ code: 'too_few_to_learn', facts: { where: 'thread' } })
})

test('a bug comes out as an error, and the thread serves the next task', async () => {
  await expect(threads.run('fault', undefined as never)).rejects.toThrow('a bug in a thread')
  expect(await threads.run('sum', new Float64Array([2]))).toBe(2)
})

test('the event loop turns while a thread computes', async () => {
  let turns = 0
  const beat = setInterval(() => turns++, 10)
  await threads.run('busy', { milliseconds: 400 })
  clearInterval(beat)
  expect(turns).toBeGreaterThan(5)
})
