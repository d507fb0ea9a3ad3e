/** The staging of one file: rows are checked and sent by COPY while the file is read. */
import { finished } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { CopyStreamQuery } from 'pg-copy-streams'
import { type Day, epochDayOf, NEVER } from '../../engine/kernel/calendar.ts'
import { cleaned } from '../cells/text.ts'
import { isBlankRow } from '../files/header.ts'
import type { ColumnForms } from './rows/column-survey.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { RecordSink } from '../files/csv.ts'
import type { Header } from '../files/header.ts'
import { Cells, FAULTY } from './rows/cells.ts'
import type { Cell } from './rows/cells.ts'
import { outOfOrder, placesOf } from './rows/fact-file.ts'
import type { FactFile, Places } from './rows/fact-file.ts'
import type { Faults } from './rows/faults.ts'
import type { ImportContext } from './rows/import-context.ts'
import type { UnitUsage } from './rows/unit-usage.ts'
import { FastCells } from './rows/fast-cells.ts'
import { FastRows } from './rows/fast-rows.ts'
import type { RowTarget } from './rows/fast-rows.ts'
import { COPY_HEADER, COPY_TRAILER, NO_DAY, RowWriter } from './rows/row-writer.ts'
import type { ColumnType } from './rows/row-writer.ts'
import { batchRows } from './duplicate-filter.ts'
import type { DuplicateFilter } from './duplicate-filter.ts'
import { copyOf, drained } from './staging-table.ts'
import type { DirectTarget } from './staging-table.ts'

const quantityAt = 5 // of the payload of a claim
const tailBytes = 3 * 8 // delivery, file and line, each with its length prefix
const mostKeptBack = 1_000_000 // rows, 100 MB: more duplicates than that are a file written twice

export class Stage implements RecordSink, RowTarget {
  rows = 0
  /** rows sent by COPY */
  sent = 0
  possibleDuplicates = 0
  /** claims of a negative quantity */
  credits = 0
  readonly lines?: (bytes: Buffer, from: number, line: number) => number
  private failure: Error | undefined
  private sending: Promise<void> | undefined
  private readonly stream: CopyStreamQuery
  private readonly out = new RowWriter()
  private readonly keptBack = new RowWriter()
  private readonly cells: readonly Cell[]
  private readonly types: readonly ColumnType[]
  private readonly values: string[] = []
  /** offsets in `out` at which each column of the current row begins, and the last ends */
  private readonly starts: Int32Array
  private readonly width: number
  private readonly idAt: number
  /** rows not yet checked for duplicates: offsets of the row and of the begin and end of its cells, and its line */
  private readonly pending = {
    rows: new Int32Array(batchRows),
    froms: new Int32Array(batchRows),
    tos: new Int32Array(batchRows),
    lines: new Int32Array(batchRows),
  }
  private pendingRows = 0
  private readonly possibleDuplicate = new Uint8Array(batchRows)
  private readonly unitUsage: UnitUsage | null
  private readonly places: Places
  private readonly fieldsOfRow: number
  private readonly delimiter: string

  constructor(
    private readonly client: ClientBase,
    private readonly fact: FactFile,
    header: Header,
    private readonly faults: Faults,
    private readonly context: ImportContext,
    private readonly duplicates: DuplicateFilter,
    private readonly direct: DirectTarget | null,
    forms: ColumnForms,
  ) {
    const cells = new Cells({ header, faults, context, forms })
    this.cells = fact.cells(cells)
    this.types = Object.values(fact.payload)
    this.places = placesOf(fact)
    this.delimiter = header.delimiter
    this.starts = new Int32Array(this.types.length + 1)
    this.fieldsOfRow = this.types.length + (direct ? 4 : 2)
    this.width = header.columns.length
    this.idAt = header.columns.indexOf(fact.table === 'partner' ? 'partner_id' : 'patient_id')
    this.unitUsage = fact.table === 'observation' ? context.unitUsage : null
    const fastCells = fact.fastCells?.(cells, new FastCells(cells))
    if (fastCells) {
      const rows = new FastRows(fastCells, fact, context, header, this.out, this.starts, this)
      this.lines = (bytes, from, line) => rows.take(bytes, from, line)
    }
    this.stream = client.query(copyFrom(copyOf(fact, direct)))
    this.stream.on('error', (error) => (this.failure = error))
    this.stream.write(COPY_HEADER)
  }

  readonly record = (fields: readonly string[], count: number, line: number, malformed: boolean): void => {
    if (isBlankRow(fields, 0, count)) return
    this.rows++
    this.faults.at(fields)
    if (malformed) this.faults.add(line, '', '', 'a quote where none can be: double it and put the field in quotes')
    else if (count !== this.width && !(count > this.width && isBlankRow(fields, this.width, count)))
      this.faults.add(line, '', '', `${count} fields, where the header has ${this.width}`)
    else if (this.takeFields(fields, line)) return
    this.lose(fields, line)
  }

  /** Whoever the rejected row was to tell of: what refers to it falls too, and says why. */
  private lose(fields: readonly string[], line: number): void {
    const { lost, patients } = this.context
    const where = { partner: lost.partners, patient_state: lost.patients, enrolment: lost.unplaced }[this.fact.table]
    const id = cleaned(fields[this.idAt] ?? '')
    if (where === undefined || id === '') return
    const stored = this.fact.table === 'partner' ? id : patients.storedId(id)
    if (where.has(stored)) return
    const place = this.faults.placeOf(line)
    where.set(stored, place)
    lost.reasons.set(place, this.faults.lastReason)
  }

  async flush(): Promise<void> {
    this.placeBatch()
    await this.faults.flush()
    for (const chunk of this.out.take()) await this.send(this.stream, chunk)
  }

  /** Completes the COPY; rows that were held back go to the staging table. */
  async end(): Promise<void> {
    await this.flush()
    await this.ended(this.stream)
    if (this.direct === null || this.possibleDuplicates === 0) return
    const rest = this.client.query(copyFrom(copyOf(this.fact, null)))
    rest.on('error', (error) => (this.failure = error))
    rest.write(COPY_HEADER)
    for (const chunk of this.keptBack.take()) await this.send(rest, chunk)
    await this.ended(rest)
  }

  private async ended(stream: CopyStreamQuery): Promise<void> {
    await this.sending
    if (this.failure) throw this.failure
    stream.end(COPY_TRAILER)
    await finished(stream)
  }

  /** Aborts the COPY, so that the connection stays usable. One that failed has ended already: the server said so, or is gone. */
  abandon(): void {
    if (!this.failure) this.stream.destroy()
  }

  /** Sends a chunk once the previous one has drained, without waiting for it: the server stores it while the next rows are read. */
  private async send(stream: CopyStreamQuery, chunk: Buffer): Promise<void> {
    await this.sending
    if (this.failure) throw this.failure
    if (!stream.write(chunk)) this.sending = drained(stream).catch((error: Error) => void (this.failure ??= error))
  }

  /** Takes a row of the fast path. */
  take(line: number): void {
    this.rows++
    this.accept(line)
  }

  fallback(bytes: Buffer, from: number, to: number, line: number): void {
    const fields = bytes.toString('utf8', from, to).split(this.delimiter)
    this.record(fields, fields.length, line, false)
  }

  /** @returns whether the row is sound */
  private takeFields(fields: readonly string[], line: number): boolean {
    const { values, types, out, starts } = this
    let sound = true
    for (let i = 0; i < types.length; i++) {
      const value = (this.cells[i] as Cell)(fields, line)
      if (value === FAULTY) sound = false
      values[i] = value
    }
    if (!sound || !this.inOrder(line) || !this.isOfALife(line)) return false
    this.begin()
    for (let i = 0; i < types.length; i++) {
      starts[i] = out.at
      out.cell(types[i] as ColumnType, values[i] as string)
    }
    this.unitUsage?.accepted()
    if (this.fact.table === 'claim' && (this.values[quantityAt] as string).startsWith('-')) this.credits++
    this.accept(line)
    return true
  }

  /** Begins a row; one that was begun and not taken is forgotten. */
  begin(): void {
    this.out.beginRow(this.fieldsOfRow)
    if (this.direct !== null) this.out.int4(this.direct.regionId)
  }

  /** Takes a valid row whose cells have been written. */
  private accept(line: number): void {
    const { out, starts, places, direct } = this
    const from = starts[0] as number
    const to = out.at
    starts[places.columns] = to
    this.countDays()
    this.duplicates.add(out.view, from, starts[places.distinguishing] as number)
    const { rows, froms, tos, lines } = this.pending
    rows[this.pendingRows] = out.row
    froms[this.pendingRows] = from
    tos[this.pendingRows] = to
    lines[this.pendingRows++] = line
    if (direct === null) out.bool(false)
    else {
      out.int4(direct.deliveryId)
      out.int4(direct.sourceFileId)
    }
    out.int4(line)
    out.endRow()
    if (this.pendingRows === batchRows || out.full) this.placeBatch()
  }

  /** Checks the batch: possible duplicates are marked, or removed from the COPY and held back. */
  private placeBatch(): void {
    const { out, direct, possibleDuplicate } = this
    const { rows, froms, tos, lines } = this.pending
    const possibleDuplicates = this.duplicates.checkBatch(possibleDuplicate)
    this.possibleDuplicates += possibleDuplicates
    this.sent += this.pendingRows - (direct ? possibleDuplicates : 0)
    // from the last row backwards, so that a removal does not move the rows still to be checked
    for (let at = this.pendingRows - 1, found = 0; found < possibleDuplicates; at--) {
      if (possibleDuplicate[at] === 0) continue
      found++
      const [from, to] = [froms[at] as number, tos[at] as number]
      if (direct) {
        this.keepBack(from, to, lines[at] as number)
        out.removeRow(rows[at] as number, to + tailBytes)
      } else out.setTrue(to)
    }
    this.pendingRows = 0
    if (out.full) out.closeChunk()
  }

  private keepBack(from: number, to: number, line: number): void {
    if (this.possibleDuplicates > mostKeptBack)
      throw new Refusal(
        'too_many_duplicates',
        `${this.fact.file}, line ${line}: about ${mostKeptBack} rows came before; the file seems to hold its rows twice.`,
        { file: this.fact.file, line },
      )
    this.keptBack.beginRow(this.types.length + 2)
    this.keptBack.copyOf(this.out, from, to)
    this.keptBack.bool(true)
    this.keptBack.int4(line)
    this.keptBack.endRow()
    if (this.keptBack.full) this.keptBack.closeChunk()
  }

  private countDays(): void {
    const { out, starts } = this
    const { onlyDay, days, planned } = this.places
    const { datedRows } = this.context
    if (onlyDay >= 0) {
      datedRows.addOne(out.dayAt(starts[onlyDay] as number))
      return
    }
    let earliest = NEVER
    let latest = NO_DAY
    let happened = NO_DAY
    for (let at = 0; at < days.length; at++) {
      const day = out.dayAt(starts[days[at] as number] as number)
      if (day > latest) latest = day
      if (day !== NO_DAY && day < earliest) earliest = day
      if (planned[at] === 0 && day > happened) happened = day
    }
    datedRows.add(earliest, latest, happened)
  }

  private isOfALife(line: number): boolean {
    const { lived } = this.fact
    if (lived === undefined) return true
    const { lifetimes } = this.context
    const [key, day] = [Number(this.values[lived[0]]), this.values[lived[1]] as Day]
    if (lifetimes.has(key, epochDayOf(day))) return true
    this.faults.add(line, Object.keys(this.fact.payload)[lived[1]] ?? '', day, lifetimes.whyNot(key, epochDayOf(day)))
    return false
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
