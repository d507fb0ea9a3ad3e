/** Pages of lists: the same rows in the same order whatever the size of the page, cut in memory or by the database. */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageAsked, pageOfAll, pageView } from '../../../api/lists/page.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { keysetOf, pageCut, type Listing } from '../../../data/postgres/keyset.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { liveStore } from '../../support/services/live.ts'

interface Row {
  readonly id: number
  readonly name: string
  readonly on: string
}
const ROWS: Listing<Row> = {
  sorts: {
    name: { kind: 'text', of: ({ name }) => name, sql: 'name' },
    on: { kind: 'day', of: ({ on }) => on, sql: 'day' },
  },
  id: { kind: 'integer', of: ({ id }) => id, sql: 'id' },
  first: '-on',
}

let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

const rows = fc
  .array(fc.record({ name: fc.string({ unit: 'binary-ascii', maxLength: 3 }), day: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 20,
  })
  .map((drawn) =>
    drawn.map(({ name, day }, id): Row => ({ id, name: name.replaceAll('\0', ''), on: `2025-01-0${day}` })),
  )
const sort = fc.constantFrom('name', '-name', 'on', '-on')

type Answer = { readonly items: readonly Row[]; readonly next: string | null }
async function walked(
  page: (query: { limit: number; sort: string; cursor?: string }) => Promise<Answer>,
  limit: number,
  by: string,
) {
  const seen: Row[] = []
  let cursor: string | null = null
  do {
    const answer: Answer = await page({ limit, sort: by, ...(cursor === null ? {} : { cursor }) })
    expect(answer.items.length).toBeLessThanOrEqual(limit)
    expect(answer.next === null || answer.items.length === limit).toBe(true)
    seen.push(...answer.items)
    cursor = answer.next
  } while (cursor !== null)
  return seen
}

async function pageInDatabase(
  all: readonly Row[],
  query: { limit: number; sort: string; cursor?: string },
): Promise<Answer> {
  const asked = pageAsked(ROWS, query)
  const { after, order, limit } = keysetOf(ROWS, asked)
  const found = await sql<Row>`
    select id, name, day::text as "on" from jsonb_to_recordset(${JSON.stringify(all.map(({ on: day, ...row }) => ({ ...row, day })))}::jsonb)
        as listed(id int, name text, day date)
     where ${after} order by ${order} limit ${limit}`.execute(store.db)
  return pageView(pageCut(ROWS, asked, found.rows), asked, (row) => row)
}

describe('a walk over all pages', () => {
  test('meets every row once and in order, in memory', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sort, fc.integer({ min: 1, max: 7 }), async (all, by, limit) => {
        const seen = await walked(async (query) => pageOfAll(ROWS, query, all, (row) => row), limit, by)
        expect(seen).toEqual(pageOfAll(ROWS, { limit: 200, sort: by }, all, (row) => row).items)
        expect(seen.map(({ id }) => id).sort((a, b) => a - b)).toEqual(all.map(({ id }) => id))
      }),
    )
  })

  test('is the same walk where the database cuts', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sort, fc.integer({ min: 1, max: 7 }), async (all, by, limit) => {
        const inMemory = pageOfAll(ROWS, { limit: 200, sort: by }, all, (row) => row).items
        expect(await walked((query) => pageInDatabase(all, query), limit, by)).toEqual(inMemory)
      }),
      { numRuns: 30 },
    )
  })

  test('is not moved by rows that are added before it or taken away', () => {
    const all: Row[] = [3, 5, 7].map((id) => ({ id, name: 'x', on: `2025-01-0${id}` }))
    const first = pageOfAll(ROWS, { limit: 2, sort: 'on' }, all, (row) => row.id)
    expect(first.items).toEqual([3, 5])
    const later = [{ id: 1, name: 'x', on: '2025-01-01' }, ...all.filter(({ id }) => id !== 5)]
    expect(pageOfAll(ROWS, { limit: 2, sort: 'on', cursor: first.next! }, later, (row) => row.id).items).toEqual([7])
  })
})

describe('a cursor', () => {
  const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  test.each([
    ['of another order', cursorOf('on', '2025-01-01', 1)],
    ['of no day', cursorOf('-on', '2025-02-30', 1)],
    ['with a number that no column holds', cursorOf('-on', '2025-01-01', 1e300)],
    ['with more than a place', cursorOf('-on', '2025-01-01', 1, 1)],
    ['that is an object', Buffer.from('{"length":3}').toString('base64url')],
    ['that is nothing', '%%%'],
  ])('%s is refused', (_name, cursor) => {
    expect(() => pageAsked(ROWS, { cursor })).toThrow(Refusal)
  })

  test('with text that no column holds is refused', () => {
    for (const name of ['\0', '\ud800'])
      expect(() => pageAsked(ROWS, { sort: 'name', cursor: cursorOf('name', name, 1) })).toThrow(Refusal)
  })
})
