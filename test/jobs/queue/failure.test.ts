/** What a failed job's one line of text says to whoever waits for it. */
import { UnrecoverableError } from 'bullmq'
import { expect, test } from 'vitest'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { refusalOf, thrownFor } from '../../../jobs/queue/failure.ts'

test('a refusal comes back as it was, and is not tried again', () => {
  const refusal = new Refusal('too_few_to_learn', 'The reference holds 3 landmarks.', { measure: 'hba1c', rows: 3 })
  const thrown = thrownFor(refusal)
  expect(thrown).toBeInstanceOf(UnrecoverableError)
  const { code, message, facts } = refusalOf(thrown.message)
  expect({ code, message, facts }).toEqual({ code: refusal.code, message: refusal.message, facts: refusal.facts })
})

test.each([
  ['what a bug said', thrownFor(new TypeError("Cannot read properties of undefined (reading 'p4711')")).message],
  ['what the queue itself said', 'job stalled more than allowable limit'],
  ['a refusal of another version', 'refusal {"code":"code_of_tomorrow","message":"p4711","facts":{}}'],
  ['a name that every object has', 'refusal {"code":"toString","message":"p4711","facts":{}}'],
  ['a refusal without a sentence', 'refusal {"code":"too_late","facts":{}}'],
  ['half a refusal', 'refusal {"code":"too_late","mess'],
  ['nothing', ''],
])('%s is the cause of a job_failed, and no part of what it says', (_, text) => {
  const { code, message, facts, cause } = refusalOf(text)
  expect(code).toBe('job_failed')
  expect(JSON.stringify([message, facts])).not.toMatch(/p4711|Cannot read|stalled/)
  expect(cause).toEqual(new Error(text))
})
