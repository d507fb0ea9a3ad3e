/** The faults of the file being read, and its warnings: reported in rejects.csv and warnings.csv, counted by row. */
import type { Header } from '../../files/header.ts'
import type { Note } from './notes.ts'
import type { Rejects, Who } from './rejects.ts'

const mostKinds = 1000 // a reason may quote the value; enough to find the commonest
const mostNotes = 500 // words that a file has its own of; beyond it they are counted under the first

interface Noted {
  readonly line: number
  readonly value: string
  readonly note: Note
  readonly who: Who
  count: number
}

export class Faults {
  rejectedRows = 0
  /** of those that the file was to tell of, how many did not come so far as a row */
  lost = 0
  /** cells that were left blank, and other rows of warnings.csv */
  warnings = 0
  private lastLine = 0
  /** of the fault that was told last */
  lastReason = ''
  private readonly kinds = new Map<string, number>()
  private readonly notes = new Map<string, Noted>()
  private row: readonly string[] | null = null
  private readonly patientAt: number
  private readonly partnerAt: number

  constructor(
    private readonly file: string,
    private readonly rejects: Rejects,
    header: Header,
    /** the id of a patient as it may be shown */
    private readonly shownId: (id: string) => string,
  ) {
    this.patientAt = header.columns.indexOf('patient_id')
    this.partnerAt = header.columns.indexOf('partner_id')
  }

  /** The row that the next faults are of; null if it is not at hand. */
  at(fields: readonly string[] | null): void {
    this.row = fields
  }

  /** Whom the row at hand is about. */
  get who(): Who {
    const of = (at: number): string => (this.row?.[at] ?? '').trim()
    const patient = of(this.patientAt)
    return { partner: of(this.partnerAt), patient: patient === '' ? '' : this.shownId(patient) }
  }

  /** One fault; the faults of one row come together. */
  add(line: number, column: string, value: string, reason: string, who: Who = this.who): void {
    if (line !== this.lastLine) this.rejectedRows++
    this.lastLine = line
    this.lastReason = reason
    this.count(column, reason)
    this.rejects.add({ file: this.file, line, column, value, reason }, who)
  }

  /** One that did not come so far as a row. */
  lose(column: string, reason: string): void {
    this.lost++
    this.count(column, reason)
  }

  private count(column: string, reason: string): void {
    const kind = column === '' ? reason : `column ${column}: ${reason}`
    if (this.kinds.size < mostKinds || this.kinds.has(kind)) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1)
  }

  /** A cell that was left blank, or something else that was done while the row is kept. */
  warn(line: number, column: string, value: string, reason: string, who: Who = this.who): void {
    this.warnings++
    this.rejects.warn({ file: this.file, line, column, value, reason }, who)
  }

  /** A cell that was read although it deviates from the interface; reported at the end of the file. */
  note(line: number, column: string, value: string, note: Note): void {
    const key = `${column} ${note.kind}`
    const known = this.notes.get(key)
    if (known) known.count++
    else if (this.notes.size < mostNotes) this.notes.set(key, { line, value, note, who: this.who, count: 1 })
  }

  /** Ends the file: its notes are reported. */
  tellNotes(): void {
    for (const [key, { line, value, note, who, count }] of this.notes)
      this.warn(line, key.slice(0, key.indexOf(' ')), value, note.reason(count), who)
    this.notes.clear()
  }

  /** The most frequent fault, as a sentence. */
  get commonest(): string {
    const [kind, times] = [...this.kinds].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0])
    return `${kind} (${times} times)`
  }

  /** Where a row of the file came from, as a reason says it. */
  placeOf(line: number): string {
    const { file, line: at } = this.rejects.placeOf(this.file, line)
    return `${file}, line ${at}`
  }

  flush(): Promise<void> {
    return this.rejects.flush()
  }
}
