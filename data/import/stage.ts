/** One file on its way in: rows checked, and sent by COPY as fast as they are read. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { CopyStreamQuery } from 'pg-copy-streams'
import { Refusal } from '../../engine/refusal.ts'
import type { RecordSink } from '../interchange/csv.ts'
import { ABSENT, FAULTY } from './cells.ts'
import type { Cell } from './cells.ts'
import { outOfOrder } from './fact-files.ts'
import type { FactFile } from './fact-files.ts'
import type { Faults } from './faults.ts'
import type { Known } from './known.ts'
import type { Seen } from './seen.ts'

export const stagedName = (fact: FactFile): string => `staged_${fact.table}`

/** Makes the temporary table of a file; it is gone when the transaction ends. */
export async function createStage(client: ClientBase, fact: FactFile): Promise<void> {
  const columns = Object.entries(fact.payload).map(([name, type]) => `${name} ${type}`)
  await client.query(
    `create temporary table ${stagedName(fact)} (${columns.join(', ')}, line int not null, suspect boolean not null) on commit drop`,
  )
}

/** Where sound rows go: what COPY is told, and what stands around the cells of each. */
export interface Destination {
  readonly copy: string
  readonly before: string
  readonly after: string
  /** rows that may have come before are kept back, to be looked at in the temporary table */
  readonly direct: boolean
}

/** The temporary table: for rows that must be held against one another, or against an earlier delivery. */
export const staging = (fact: FactFile): Destination => ({
  copy: `copy ${stagedName(fact)} (${Object.keys(fact.payload).join(', ')}, suspect, line) from stdin`,
  before: '',
  after: '\tf',
  direct: false,
})

/** The facts themselves: a first delivery has nothing to be held against, but its own duplicates. */
export const straight = (
  fact: FactFile,
  origin: { readonly regionId: number; readonly deliveryId: number; readonly sourceFileId: number },
): Destination => ({
  copy: `copy ${fact.table} (region_id, ${Object.keys(fact.payload).join(', ')}, delivery_id, source_file_id, line) from stdin`,
  before: `${origin.regionId}\t`,
  after: `\t${origin.deliveryId}\t${origin.sourceFileId}`,
  direct: true,
})

const mostKeptBack = 1_000_000 // rows, 100 MB: more duplicates than that are a file written twice

export class Stage implements RecordSink {
  rows = 0
  /** rows sent by COPY */
  sent = 0
  suspects = 0
  private pending = ''
  private readonly keptBack: string[] = []
  private failure: Error | undefined
  private readonly stream: CopyStreamQuery
  private readonly values: string[] = []

  constructor(
    private readonly client: ClientBase,
    private readonly fact: FactFile,
    private readonly cells: readonly Cell[],
    private readonly width: number,
    private readonly faults: Faults,
    private readonly known: Known,
    private readonly seen: Seen,
    private readonly destination: Destination,
  ) {
    this.stream = client.query(copyFrom(destination.copy))
    this.stream.on('error', (error) => (this.failure = error))
  }

  readonly record = (fields: readonly string[], count: number, line: number, malformed: boolean): void => {
    this.rows++
    if (malformed) this.faults.add(line, '', '', 'a quote where none can be: double it and put the field in quotes')
    else if (count !== this.width) this.faults.add(line, '', '', `${count} fields, where the header has ${this.width}`)
    else this.take(fields, line)
  }

  async flush(): Promise<void> {
    await this.faults.flush()
    const text = this.pending
    this.pending = ''
    if (this.failure) throw this.failure
    if (text !== '' && !this.stream.write(text)) await drained(this.stream)
  }

  /** Every row is where it belongs, or in the temporary table. */
  async end(): Promise<void> {
    await this.flush()
    this.stream.end()
    await finished(this.stream)
    if (this.keptBack.length === 0) return
    const rest = this.client.query(copyFrom(staging(this.fact).copy))
    for (let i = 0; i < this.keptBack.length; i += keptBackAtOnce)
      if (!rest.write(this.keptBack.slice(i, i + keptBackAtOnce).join(''))) await drained(rest)
    rest.end()
    await finished(rest)
  }

  /** Leaves the connection usable, whatever happened. */
  abandon(): void {
    this.stream.destroy()
  }

  private take(fields: readonly string[], line: number): void {
    const { values, destination } = this
    let sound = true
    let row = ''
    for (let i = 0; i < this.cells.length; i++) {
      const value = (this.cells[i] as Cell)(fields, line)
      if (value === FAULTY) sound = false
      values[i] = value
      row += i === 0 ? value : `\t${value}`
    }
    if (!sound || !this.inOrder(line)) return
    for (const place of this.fact.days) {
      const day = values[place] as string
      if (day > this.known.latest && day !== ABSENT) this.known.latest = day
    }
    if (this.seen.add(row)) this.suspect(row, line)
    else {
      this.sent++
      this.pending += `${destination.before}${row}${destination.after}\t${line}\n`
    }
  }

  private suspect(row: string, line: number): void {
    this.suspects++
    const marked = `${row}\tt\t${line}\n`
    if (!this.destination.direct) {
      this.sent++
      this.pending += marked
      return
    }
    if (this.keptBack.length >= mostKeptBack)
      throw new Refusal(
        'too_many_duplicates',
        `${this.fact.file}, line ${line}: about ${mostKeptBack} rows came before; the file seems to hold its rows twice.`,
        { file: this.fact.file, line },
      )
    this.keptBack.push(marked)
  }

  private inOrder(line: number): boolean {
    if (this.fact.order === null) return true
    const [sincePlace, untilPlace, column] = this.fact.order
    const [since, until] = [this.values[sincePlace] as string, this.values[untilPlace] as string]
    if (!outOfOrder(since, until)) return true
    this.faults.add(line, column, until, `before ${Object.keys(this.fact.payload)[sincePlace]}, ${since}`)
    return false
  }
}

const keptBackAtOnce = 10_000

/** When the stream takes more; it is told here too if it never will. */
async function drained(stream: CopyStreamQuery): Promise<void> {
  const waiting = new AbortController()
  const closed = once(stream, 'close', waiting).then(() => {
    throw new Error('the connection closed during COPY')
  })
  try {
    await Promise.race([once(stream, 'drain', waiting), closed])
  } finally {
    closed.catch(() => undefined)
    waiting.abort()
  }
}
