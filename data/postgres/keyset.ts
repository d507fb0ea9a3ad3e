/** Pages of a list by keyset: a page begins after the place of the last row of the one before, so that rows added in between move nothing. */
import { sql, type RawBuilder, type SqlBool } from 'kysely'

export type KeyValue = string | number
/** A `day` is ISO text; an `integer` is a safe one. */
export type KeyKind = 'text' | 'integer' | 'day'

/** A value of a row that lists go by. It is never null. */
export interface Key<Row> {
  readonly kind: KeyKind
  readonly of: (row: Row) => KeyValue
  /** the same as an expression of SQL, where the database cuts the list */
  readonly sql?: string
}

/** The orders in which a kind of thing is listed. */
export interface Listing<Row> {
  readonly sorts: Readonly<Record<string, Key<Row>>>
  /** no two rows have the same: the order among rows that the sort does not tell apart */
  readonly id: Key<Row>
  /** the order unless asked otherwise: `field`, or `-field` for descending */
  readonly first: string
}

/** A place in a list: the value that it is sorted by, and the id. */
export type Place = readonly [KeyValue, KeyValue]

export interface PageAsked {
  readonly sort: string
  readonly descending: boolean
  /** null: from the beginning */
  readonly after: Place | null
  /** rows at most */
  readonly limit: number
}

export interface PageOf<Row> {
  readonly items: readonly Row[]
  /** where the next page begins; null: there is none */
  readonly next: Place | null
}

const TYPES = { text: 'text collate "C"', integer: 'bigint', day: 'date' } as const

/** A page as parts of a query: `where after order by order limit limit`, one row more than asked to see whether another page follows.
 *
 *  ```sql
 *  where (as_of, seq) > ($1::date, $2::bigint) order by as_of, seq limit 51
 *  ``` */
export function keysetOf<Row>(
  { sorts, id }: Listing<Row>,
  { sort, descending, after, limit }: PageAsked,
): { readonly after: RawBuilder<SqlBool>; readonly order: RawBuilder<unknown>; readonly limit: number } {
  const [by, tie] = [expressionOf(sorts[sort]), expressionOf(id)]
  const direction = sql.raw(descending ? ' desc' : '')
  const order = sql`${by}${direction}, ${tie}${direction}`
  if (!after) return { after: sql<SqlBool>`true`, order, limit: limit + 1 }
  const [value, last] = [typed(sorts[sort]!, after[0]), typed(id, after[1])]
  return {
    after: sql<SqlBool>`(${by}, ${tie}) ${sql.raw(descending ? '<' : '>')} (${value}, ${last})`,
    order,
    limit: limit + 1,
  }
}

// Expressions are written in this program; what a request says is a parameter.
const expressionOf = (key: Pick<Key<never>, 'sql' | 'kind'> | undefined): RawBuilder<unknown> =>
  sql.raw(key?.kind === 'text' ? `${key.sql} collate "C"` : (key?.sql ?? ''))
const typed = ({ kind }: Pick<Key<never>, 'kind'>, value: KeyValue): RawBuilder<unknown> =>
  sql`${value}::${sql.raw(TYPES[kind])}`

/** The page of rows that the database cut, at most one more than asked. */
export function pageCut<Row>(listing: Listing<Row>, asked: PageAsked, rows: readonly Row[]): PageOf<Row> {
  const items = rows.slice(0, asked.limit)
  const last = items.at(-1)
  return { items, next: rows.length > asked.limit && last ? placeOf(listing, asked.sort, last) : null }
}

/** The page of a list that is at hand as a whole. */
export function pageOfRows<Row>(listing: Listing<Row>, asked: PageAsked, rows: readonly Row[]): PageOf<Row> {
  const sign = asked.descending ? -1 : 1
  const placed = rows
    .map((row) => ({ row, place: placeOf(listing, asked.sort, row) }))
    .sort((a, b) => sign * inOrder(a.place, b.place))
  const { after } = asked
  const rest = after ? placed.filter(({ place }) => sign * inOrder(place, after) > 0) : placed
  return pageCut(
    listing,
    asked,
    rest.slice(0, asked.limit + 1).map(({ row }) => row),
  )
}

const placeOf = <Row>({ sorts, id }: Listing<Row>, sort: string, row: Row): Place => [sorts[sort]!.of(row), id.of(row)]

const inOrder = ([a, idA]: Place, [b, idB]: Place): number => compared(a, b) || compared(idA, idB)
const compared = (a: KeyValue, b: KeyValue): number => (a < b ? -1 : a > b ? 1 : 0)
