/** The faults of the file being read: reported in rejects.csv, counted by row. */
import type { Rejects } from './rejects.ts'

const mostKinds = 1000 // a reason may quote the value; enough to find the commonest

export class Faults {
  rejectedRows = 0
  private lastLine = 0
  private readonly kinds = new Map<string, number>()

  constructor(
    private readonly file: string,
    private readonly rejects: Rejects,
  ) {}

  /** One fault; the faults of one row come together. */
  add(line: number, column: string, value: string, reason: string): void {
    if (line !== this.lastLine) this.rejectedRows++
    this.lastLine = line
    const kind = column === '' ? reason : `column ${column}: ${reason}`
    if (this.kinds.size < mostKinds || this.kinds.has(kind)) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1)
    this.rejects.add({ file: this.file, line, column, value, reason })
  }

  /** The most frequent fault, as a sentence. */
  get commonest(): string {
    const [kind, times] = [...this.kinds].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0])
    return `${kind} (${times} times)`
  }

  flush(): Promise<void> {
    return this.rejects.flush()
  }
}
