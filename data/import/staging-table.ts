/** Where the rows of a file are sent by COPY: a table of the transaction, or the fact table itself. */
import { once } from 'node:events'
import type { ClientBase } from 'pg'
import type { CopyStreamQuery } from 'pg-copy-streams'
import type { FactFile } from './rows/fact-file.ts'

export const stagedName = (fact: FactFile): string => `staged_${fact.table}`

/** Creates the staging table of a file; it is dropped when the transaction ends. */
export async function createStage(client: ClientBase, fact: FactFile): Promise<void> {
  const columns = Object.entries(fact.payload).map(([name, type]) => `${name} ${type}`)
  const derived = Object.entries(fact.derived ?? {}).map(
    ([name, expression]) => `${name} boolean generated always as (${expression}) stored`,
  )
  await client.query(
    `create temporary table ${stagedName(fact)} (${[...columns, ...derived].join(', ')}, possible_duplicate boolean not null, line int not null) on commit drop`,
  )
}

/** Rows copied directly into the fact table, with their region, delivery and file: a first delivery can only contradict
 *  itself. */
export interface DirectTarget {
  readonly regionId: number
  readonly deliveryId: number
  readonly sourceFileId: number
}

/** COPY into the staging table, for rows that must be compared with one another or with an earlier delivery; or directly
 *  into the fact table, where only possible duplicates are held back, to be checked in the staging table. */
export const copyOf = (fact: FactFile, direct: DirectTarget | null): string => {
  const payload = Object.keys(fact.payload).join(', ')
  const target = direct
    ? `${fact.table} (region_id, ${payload}, delivery_id, source_file_id, line)`
    : `${stagedName(fact)} (${payload}, possible_duplicate, line)`
  return `copy ${target} from stdin (format binary)`
}

/** Resolves when the stream accepts more data; rejects if the connection closes first. */
export async function drained(stream: CopyStreamQuery): Promise<void> {
  const waiting = new AbortController()
  const closed = once(stream, 'close', waiting).then(() => {
    throw new Error('Connection terminated during COPY')
  })
  try {
    await Promise.race([once(stream, 'drain', waiting), closed])
  } finally {
    closed.catch(() => undefined)
    waiting.abort()
  }
}
