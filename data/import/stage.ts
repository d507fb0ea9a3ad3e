/** One file on its way in: rows checked and sent to a temporary table by COPY, as fast as they are read. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { CopyStreamQuery } from 'pg-copy-streams'
import type { RecordSink } from '../interchange/csv.ts'
import { FAULTY } from './cells.ts'
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

export class Stage implements RecordSink {
  rows = 0
  suspects = 0
  private pending = ''
  private failure: Error | undefined
  private readonly stream: CopyStreamQuery
  private readonly values: string[] = []

  constructor(
    client: ClientBase,
    private readonly fact: FactFile,
    private readonly cells: readonly Cell[],
    private readonly width: number,
    private readonly faults: Faults,
    private readonly known: Known,
    private readonly seen: Seen,
  ) {
    this.stream = client.query(copyFrom(`copy ${stagedName(fact)} from stdin`))
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
    if (text !== '' && !this.stream.write(text)) await Promise.race([once(this.stream, 'drain'), this.failed()])
  }

  /** Every row is in the temporary table. */
  async end(): Promise<void> {
    await this.flush()
    this.stream.end()
    await finished(this.stream)
  }

  /** Leaves the connection usable, whatever happened. */
  abandon(): void {
    this.stream.destroy()
  }

  private take(fields: readonly string[], line: number): void {
    const { values } = this
    let sound = true
    for (let i = 0; i < this.cells.length; i++) {
      const value = (this.cells[i] as Cell)(fields, line)
      if (value === FAULTY) sound = false
      values[i] = value
    }
    if (!sound || !this.inOrder(line)) return
    for (const place of this.fact.days) {
      const day = values[place] as string
      if (day > this.known.latest && day !== '\\N') this.known.latest = day
    }
    const row = values.join('\t')
    const suspect = this.seen.add(row)
    if (suspect) this.suspects++
    this.pending += `${row}\t${line}\t${suspect ? 't' : 'f'}\n`
  }

  private inOrder(line: number): boolean {
    if (this.fact.order === null) return true
    const [sincePlace, untilPlace, column] = this.fact.order
    const [since, until] = [this.values[sincePlace] as string, this.values[untilPlace] as string]
    if (!outOfOrder(since, until)) return true
    this.faults.add(line, column, until, `before ${Object.keys(this.fact.payload)[sincePlace]}, ${since}`)
    return false
  }

  private async failed(): Promise<never> {
    await once(this.stream, 'close')
    throw this.failure ?? new Error('the connection closed during COPY')
  }
}
