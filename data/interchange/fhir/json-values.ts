/** A file of JSON values, of any size: split by bytes, so that only one entry of a Bundle is in memory at a time. */
import { Refusal } from '../../../engine/kernel/refusal.ts'

/** One value cut from a file. */
export interface Cut {
  readonly bytes: Buffer
  /** of its first byte, from 1 */
  readonly line: number
  /** an element of a list called `entry`, one level down; or a whole value of the file, less those */
  readonly kind: 'entry' | 'value'
}

/** A resource larger than this is no resource. */
export const largestValue = 64 << 20

/** Nor is one of more elements: each takes ten times its text in memory, and the longest we know have some thousands. */
export const mostElements = 1_000_000

/** FHIR nests a dozen levels; questionnaires a few more. */
const deepest = 500

const [QUOTE, BACKSLASH, COMMA, LF] = [34, 92, 44, 10]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125]
const isSpace = (byte: number): boolean => byte === 32 || byte === LF || byte === 13 || byte === 9
const NULL = Buffer.from('null')
const entryKey = Buffer.from('"entry"')

/** Splits incrementally. The document around the entries is kept with `null` in place of them, and parsed when complete. */
export class JsonCutter {
  private depth = 0
  private inText = false
  private escaped = false
  private line = 1
  private startLine = 1
  private entryLine = 1
  /** bytes of the value, or of the entry, from earlier chunks */
  private value: Buffer[] = []
  private entry: Buffer[] = []
  private size = 0
  /** commas and brackets that were opened since `size` was 0 */
  private elements = 0
  private inEntries = false
  private entries = 0
  /** bytes between two entries: a comma and space, which is checked and not kept */
  private between: Buffer[] = []
  private inEntry = false
  private text: number[] = []

  constructor(private readonly file: string) {}

  /** @returns what is whole by now */
  *take(chunk: Buffer): Generator<Cut> {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte === LF) this.line++
      if (this.inText) {
        this.within(byte)
        continue
      }
      if (byte === QUOTE) {
        if (this.depth === 0) throw this.fault('a text stands where a resource should begin')
        at = this.skipText(chunk, at)
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (this.depth === 0) {
          if (byte === OPEN_LIST) throw this.fault('a list of values, where a resource or a Bundle should begin')
          this.startLine = this.line
          from = at
        } else if (this.depth === 1 && byte === OPEN_LIST && this.lastTextIsEntry()) this.inEntries = true
        else if (this.depth === 2 && this.inEntries && byte === OPEN_OBJECT) {
          this.beginEntry(chunk.subarray(from, at))
          from = at
          this.inEntry = true
          this.entryLine = this.line
        }
        this.count()
        if (++this.depth > deepest) throw this.fault(`nested deeper than ${deepest} levels`)
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.depth--
        if (this.depth === 2 && this.inEntry) {
          this.keep(this.entry, chunk.subarray(from, at + 1))
          from = at + 1
          this.inEntry = false
          yield { bytes: Buffer.concat(this.entry), line: this.entryLine, kind: 'entry' }
          this.entry = []
          this.entries++
          this.size = this.elements = 0
        } else if (this.depth === 1) {
          this.inEntries = false
          this.value.push(...this.between.splice(0))
        } else if (this.depth === 0) {
          this.keep(this.value, chunk.subarray(from, at + 1))
          from = at + 1
          yield { bytes: Buffer.concat(this.value), line: this.startLine, kind: 'value' }
          this.value = []
          this.entries = 0
          this.size = this.elements = 0
        } else if (this.depth < 0) throw this.fault('a bracket is closed that was never opened')
      } else if (byte === COMMA) this.count()
      else if (this.depth === 0 && !isSpace(byte))
        throw this.fault(byte >= 0xfe ? 'this is UTF-16; save the file as UTF-8' : 'this is not JSON')
    }
    if (this.depth > 0) this.keep(this.open, chunk.subarray(from))
  }

  /** Where the bytes go that belong to nothing whole yet. */
  private get open(): Buffer[] {
    if (this.inEntry) return this.entry
    return this.entries > 0 && this.inEntries ? this.between : this.value
  }

  /** The first entry leaves a `null` in what surrounds it; the others leave nothing, or a Bundle would be as large as its list. */
  private beginEntry(before: Buffer): void {
    if (this.entries === 0) {
      this.keep(this.value, before)
      this.value.push(NULL)
      return
    }
    const between = Buffer.concat([...this.between.splice(0), before])
      .toString('latin1')
      .trim()
    if (between !== ',') throw this.fault('two entries of the Bundle without a comma between them')
  }

  /** The file is over. @throws Refusal `truncated_file` */
  end(): void {
    if (this.depth === 0 && !this.inText) return
    throw new Refusal(
      'truncated_file',
      `${this.file} ends at line ${this.line} in the middle of what begins at line ${this.inEntry ? this.entryLine : this.startLine}: it was cut off in writing or in transfer. Nothing is kept; send it again.`,
      { file: this.file, line: this.line },
    )
  }

  /** From an opening quote to its closing one, in a leap where nothing is escaped and the chunk holds it all.
   *  @returns where to go on after */
  private skipText(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(QUOTE, at + 1)
    const whole = end >= 0 && chunk[end - 1] !== BACKSLASH
    this.inText = !whole
    this.text = []
    if (!whole) return at
    if (this.depth === 1) for (let i = at + 1; i < end && this.text.length < 8; i++) this.text.push(chunk[i] as number)
    return end
  }

  /** A byte inside a text: its end, an escape, or content. Short texts one level down are remembered: they may be keys. */
  private within(byte: number): void {
    if (this.escaped) this.escaped = false
    else if (byte === BACKSLASH) this.escaped = true
    else if (byte === QUOTE) {
      this.inText = false
      return
    }
    if (this.depth === 1 && this.text.length < 8) this.text.push(byte)
  }

  private lastTextIsEntry(): boolean {
    return Buffer.from([QUOTE, ...this.text, QUOTE]).equals(entryKey)
  }

  private keep(parts: Buffer[], bytes: Buffer): void {
    this.size += bytes.length
    if (this.size > largestValue)
      throw this.fault(`longer than ${largestValue >> 20} MB without an end; one resource cannot be that large`)
    if (bytes.length > 0) parts.push(Buffer.from(bytes))
  }

  private count(): void {
    if (this.depth === 0) this.elements = 0
    if (++this.elements > mostElements)
      throw this.fault(`more than ${mostElements} elements without an end; one resource cannot have that many`)
  }

  private fault(what: string): Refusal {
    return new Refusal('unreadable_file', `${this.file}, line ${this.line}: ${what}.`, {
      file: this.file,
      line: this.line,
    })
  }
}
