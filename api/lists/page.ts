/** Pages of lists over HTTP: `limit`, `cursor` and `sort` as a query, `{items, next}` as an answer. */
import { Type, type TSchema } from 'typebox'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import {
  pageOfRows,
  type Key,
  type KeyValue,
  type Listing,
  type PageAsked,
  type PageOf,
  type Place,
} from '../../data/postgres/keyset.ts'

/** Rows a page, and at most. */
const PAGE = 50
const MOST = 200

/** The query of a list, to spread among its filters. */
export const pageQuery = <Row>({ sorts, first }: Listing<Row>) => ({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, default: PAGE, description: 'items a page' })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: '`next` of the page before; left out: the first page' }),
  ),
  sort: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: Object.keys(sorts).flatMap((name) => [name, `-${name}`]),
      default: first,
      description: 'a field; with a minus in front, from high to low',
    }),
  ),
})

/** A table that is answered as a whole, in the shape of a list. */
export const Whole = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), next: Type.Null({ description: 'there is no other page' }) })

/** The answer of a list: a page of items, and the cursor of the next. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: 'send it as `cursor`, with the same filters and sort, for the next page; null: this is the last',
    }),
  })

type Kind = Pick<Key<never>, 'kind'>

interface PageQuery {
  readonly limit?: number
  readonly cursor?: string
  readonly sort?: string
}

/** The page that a query asks for.
 *  @throws Refusal `invalid_request` for a cursor of another list or order */
export function pageAsked<Row>(
  listing: Listing<Row>,
  { limit = PAGE, cursor, sort = listing.first }: PageQuery,
): PageAsked {
  const descending = sort.startsWith('-')
  const name = descending ? sort.slice(1) : sort
  const by = listing.sorts[name]
  if (!by)
    throw new Refusal(
      'invalid_request',
      `sort is "${sort}"; this list is sorted by ${Object.keys(listing.sorts).join(', ')}.`,
    )
  const after = cursor === undefined ? null : placeOf(cursor, sort, [by, listing.id])
  return { sort: name, descending, after, limit }
}

/** A page as it is answered, each row as `viewOf` shows it. */
export const pageView = <Row, Item>(
  { items, next }: PageOf<Row>,
  { sort, descending }: PageAsked,
  viewOf: (row: Row) => Item,
) => ({
  items: items.map(viewOf),
  next: next && cursorOf(descending ? `-${sort}` : sort, next),
})

/** The page of a list that is at hand as a whole, as it is answered. */
export function pageOfAll<Row, Item>(
  listing: Listing<Row>,
  query: PageQuery,
  rows: readonly Row[],
  viewOf: (row: Row) => Item,
) {
  const asked = pageAsked(listing, query)
  return pageView(pageOfRows(listing, asked, rows), asked, viewOf)
}

const cursorOf = (sort: string, [value, id]: Place): string =>
  Buffer.from(JSON.stringify([sort, value, id]), 'utf8').toString('base64url')

function placeOf(cursor: string, sort: string, [by, id]: readonly [Kind, Kind]): Place {
  const [of, value, last, ...more] = partsOf(cursor)
  if (of === sort && more.length === 0 && isOf(by, value) && isOf(id, last)) return [value, last]
  throw new Refusal(
    'invalid_request',
    'cursor is not the `next` of a page of this list in this order; leave it out to begin at the first page.',
  )
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

// What no text column holds would stop the query.
const UNSTORABLE = /[\0\p{Surrogate}]/u

function isOf({ kind }: Kind, value: unknown): value is KeyValue {
  if (kind === 'integer') return Number.isSafeInteger(value)
  if (typeof value !== 'string') return false
  return kind === 'day' ? isDay(value) : !UNSTORABLE.test(value)
}
