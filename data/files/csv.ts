/** A CSV file of the interface: header first, delimiter found per file, records in order, a block at a time. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { blocksOf, longestRecord, tooLong, unreadable } from './csv-blocks.ts'
import type { Block } from './csv-blocks.ts'
import { plainRecords, quotedRecords } from './csv-records.ts'
import type { OnRecord } from './csv-records.ts'
import { headerIn } from './header.ts'
import type { Header, Wanted } from './header.ts'

/** The consumer of the records: created once the header is known, flushed after every block. */
export interface RecordSink {
  readonly record: OnRecord
  /** takes lines without any quote as they are, from the byte `from` on, in place of their records
   *  @returns the number of the line after them */
  readonly lines?: (bytes: Buffer, from: number, line: number) => number
  flush(): Promise<void>
  /** asked after every block: whether the rest of the file need not be read */
  readonly isDone?: boolean
}

/** Reads a file once, from front to back, in a few megabytes of memory.
 *  @param name what messages call the file
 *  @param wanted what its header must have, or the header itself where it is known
 *  @param blockBytes read at a time; left out: a megabyte
 *  @throws Refusal `unreadable_file`, `empty_file`, `double_column` */
export async function readCsv(
  path: string,
  name: string,
  wanted: Wanted | Header,
  open: (header: Header) => RecordSink,
  bytesRead?: (bytes: number) => void,
  blockBytes?: number,
): Promise<void> {
  let reader: RecordReader | undefined
  for await (const block of blocksOf(path, name, bytesRead, blockBytes)) {
    reader ??= new RecordReader(name, 'delimiter' in wanted ? wanted : headerIn(block.text, name, wanted), open)
    reader.take(block)
    await reader.flush()
    if (reader.isDone) return
  }
  if (!reader) throw emptyFile(name)
  reader.end()
  await reader.flush()
}

const headerBytes = 1 << 16

/** The header alone. */
export async function readHeader(path: string, name: string, wanted: Wanted): Promise<Header> {
  for await (const block of blocksOf(path, name, undefined, headerBytes)) return headerIn(block.text, name, wanted)
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
    private readonly header: Header,
    private readonly open: (header: Header) => RecordSink,
  ) {}

  take(block: Block): void {
    const { bytes, line } = block
    if (this.rest === '' && !bytes.includes(QUOTE)) {
      block.nextLine = this.plain(bytes, line)
      return
    }
    const whole = this.rest + block.text
    const opened = quotedRecords(whole, this.rest === '' ? line : this.restLine, this.header.delimiter, this.record)
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
      line += plainRecords(bytes.toString('utf8', at, end), line, this.header.delimiter, this.fields, this.record)
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

  get isDone(): boolean {
    return this.sink?.isDone ?? false
  }

  private readonly record: OnRecord = (fields, count, line, malformed) => {
    if (this.sink) this.sink.record(fields, count, line, malformed)
    else if (line >= this.header.line) this.sink = this.open(this.header)
  }
}

const QUOTE = 34

const endOfLine = (bytes: Buffer, from: number): number => {
  const at = bytes.indexOf('\n', from)
  return at < 0 ? bytes.length : at + 1
}

const emptyFile = (name: string): Refusal =>
  new Refusal('empty_file', `${name} is empty; its first line should name the columns.`, { file: name })
