/** A CSV file of the interface: header first, delimiter found per file, records in order, a block at a time. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { blocksOf, longestRecord, tooLong, unreadable } from './csv-blocks.ts'
import type { Block } from './csv-blocks.ts'
import { plainRecords, quotedRecords } from './csv-records.ts'
import type { OnRecord } from './csv-records.ts'

export interface Header {
  /** lower case, trimmed, in the order of the file */
  readonly columns: readonly string[]
  /** `;` goes with decimal commas */
  readonly delimiter: ',' | ';'
}

/** The consumer of the records: created once the header is known, flushed after every block. */
export interface RecordSink {
  readonly record: OnRecord
  /** takes lines without any quote as they are, from the byte `from` on, in place of their records
   *  @returns the number of the line after them */
  readonly lines?: (bytes: Buffer, from: number, line: number) => number
  flush(): Promise<void>
}

/** Reads a file once, from front to back, in a few megabytes of memory.
 *  @param name what messages call the file
 *  @throws Refusal `unreadable_file`, `empty_file`, `double_column` */
export async function readCsv(
  path: string,
  name: string,
  open: (header: Header) => RecordSink,
  bytesRead?: (bytes: number) => void,
): Promise<void> {
  let reader: RecordReader | undefined
  for await (const block of blocksOf(path, name, bytesRead)) {
    reader ??= new RecordReader(name, delimiterOf(block.text), open)
    reader.take(block)
    await reader.flush()
  }
  if (!reader) throw emptyFile(name)
  reader.end()
  await reader.flush()
}

/** The header alone. */
export async function readHeader(path: string, name: string): Promise<Header> {
  let found: Header | undefined
  const sink = { record: () => undefined, flush: async () => undefined }
  const open = (header: Header) => {
    found = header
    return sink
  }
  for await (const block of blocksOf(path, name)) {
    const reader = new RecordReader(name, delimiterOf(block.text), open)
    reader.take(block)
    if (!found) reader.end()
    if (found) return found
  }
  throw emptyFile(name)
}

/** Feeds blocks to the splitter that suits each, and keeps what a quote leaves open. */
class RecordReader {
  private readonly fields: string[] = []
  private sink: RecordSink | undefined
  private rest = ''
  private restLine = 1

  constructor(
    private readonly name: string,
    private readonly delimiter: ',' | ';',
    private readonly open: (header: Header) => RecordSink,
  ) {}

  take(block: Block): void {
    const { bytes, line } = block
    if (this.rest === '' && !bytes.includes(QUOTE)) {
      block.nextLine = this.plain(bytes, line)
      return
    }
    const whole = this.rest + block.text
    const opened = quotedRecords(whole, this.rest === '' ? line : this.restLine, this.delimiter, this.record)
    this.rest = whole.slice(opened.rest)
    this.restLine = opened.line
    if (this.rest.length > longestRecord) throw tooLong(this.name, this.restLine)
  }

  /** Lines without quotes: by record until the header is known, and after it if the sink does not take them as they are.
   *  @returns the number of the line after them */
  private plain(bytes: Buffer, firstLine: number): number {
    let line = firstLine
    let at = 0
    while (at < bytes.length) {
      if (this.sink?.lines) return this.sink.lines(bytes, at, line)
      const end = this.sink ? bytes.length : endOfLine(bytes, at)
      line += plainRecords(bytes.toString('utf8', at, end), line, this.delimiter, this.fields, this.record)
      at = end
    }
    return line
  }

  /** The file is over. A quote that is still open has swallowed every row after it: no bad row, a bad file. */
  end(): void {
    if (this.rest !== '')
      throw unreadable(this.name, this.restLine, 'a quote is opened here that the file never closes.')
    if (!this.sink) throw emptyFile(this.name)
  }

  async flush(): Promise<void> {
    await this.sink?.flush()
  }

  private readonly record: OnRecord = (fields, count, line, malformed) => {
    if (this.sink) this.sink.record(fields, count, line, malformed)
    else this.sink = this.open(headerOf(fields.slice(0, count), this.name, this.delimiter))
  }
}

const QUOTE = 34

const endOfLine = (bytes: Buffer, from: number): number => {
  const at = bytes.indexOf('\n', from)
  return at < 0 ? bytes.length : at + 1
}

const emptyFile = (name: string): Refusal =>
  new Refusal('empty_file', `${name} is empty; its first line should name the columns.`, { file: name })

/** The delimiter that the header has more of, quotes aside. */
function delimiterOf(text: string): ',' | ';' {
  const header = text.slice(0, text.search(/\n|$/)).replaceAll(/"[^"]*"/g, '')
  return header.split(';').length > header.split(',').length ? ';' : ','
}

function headerOf(fields: readonly string[], name: string, delimiter: ',' | ';'): Header {
  const columns = fields.map((field) => field.trim().toLowerCase())
  const names = new Set<string>()
  const double = columns.find((column) => column !== '' && names.size === names.add(column).size)
  if (double !== undefined)
    throw new Refusal('double_column', `${name}, line 1: column ${double.slice(0, 40)} stands there twice; keep one.`, {
      file: name,
      column: double,
    })
  return { columns, delimiter }
}
