/** Statements are made in another thread, by whose rights they are asked for. */
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { recordedStatements } from '../../support/services/recorded-statements.ts'
import { tokenFor } from '../../support/services/keys.ts'

let asked: RunningApp
const threads: Worker[] = []
const begun = (thread: Worker) => void threads.push(thread)
beforeAll(async () => {
  asked = await runningApp()
  process.on('worker', begun)
})
afterAll(async () => {
  process.off('worker', begun)
  await asked.close()
})

test('one thread makes them, once for whoever asks the same; the process that answers asks the database for nothing but whose key it is', async () => {
  const sent = recordedStatements(asked.store)
  const pages = await Promise.all(
    ['nl', 'nl', 'en'].map((lang) => asked.ask('analyst ann', asked.settlementUrl(`/report?lang=${lang}`))),
  )
  expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
  expect(pages[1]?.body).toBe(pages[0]?.body)
  expect(pages[2]?.body).toContain('<html lang="en">')
  expect(pages[0]?.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(threads.length).toBe(1)
  expect(sent().filter((text) => !text.includes('key_owner'))).toEqual([])
})

test('and refuses what its reader may not know of, in the same words', async () => {
  const elsewhere = await tokenFor(asked.store, 'analyst', 'ann', 'zuid')
  const answer = await asked.app.inject({
    method: 'GET',
    url: asked.settlementUrl('/report'),
    headers: { authorization: `Bearer ${elsewhere}` },
  })
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toMatchObject({ code: 'not_found' })
})
