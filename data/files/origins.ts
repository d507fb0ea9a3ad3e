/** The origin of each row of a converted table, in a file next to it, so that rejects.csv names the delivered file. */
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

export interface Origin {
  /** as delivered */
  readonly file: string
  /** 1-based; of a Bundle on one line all entries share it */
  readonly line: number
  /** which entry or resource: Observation/123; blank where the line says enough */
  readonly where: string
}

const indexBytes = 8

/** Writes the origins of one table, row by row. */
export class OriginWriter {
  private lines: string[] = []
  private offsets: bigint[] = []
  private offset = 0n

  private constructor(
    private readonly text: FileHandle,
    private readonly index: FileHandle,
  ) {}

  static async open(dir: string, table: string): Promise<OriginWriter> {
    const text = await open(join(dir, `${table}.origin`), 'w', 0o600)
    return new OriginWriter(text, await open(join(dir, `${table}.index`), 'w', 0o600))
  }

  add({ file, line, where }: Origin): void {
    const text = `${JSON.stringify([file, line, where])}\n`
    this.lines.push(text)
    this.offsets.push(this.offset)
    this.offset += BigInt(Buffer.byteLength(text))
  }

  async flush(): Promise<void> {
    if (this.lines.length === 0) return
    const [text, offsets] = [this.lines.join(''), BigUint64Array.from(this.offsets)]
    this.lines = []
    this.offsets = []
    await this.text.appendFile(text)
    await this.index.appendFile(new Uint8Array(offsets.buffer))
  }

  async close(): Promise<void> {
    await this.flush()
    await this.text.close()
    await this.index.close()
  }
}

/** Looks up rows of converted tables. */
export class Origins {
  private readonly open = new Map<string, { text: number; index: number } | null>()

  constructor(private readonly dir: string) {}

  /** Where a row came from; nothing for a table that was not converted.
   *  @param line of the table's CSV file: its header is line 1 */
  of(table: string, line: number): Origin | undefined {
    const files = this.filesOf(table)
    if (files === null || line < 2) return undefined
    const at = Buffer.alloc(indexBytes)
    if (readSync(files.index, at, 0, indexBytes, (line - 2) * indexBytes) < indexBytes) return undefined
    const text = Buffer.alloc(4096)
    const length = readSync(files.text, text, 0, text.length, Number(at.readBigUInt64LE()))
    const end = text.subarray(0, length).indexOf(10)
    if (end < 0) return undefined
    const [file, row, where] = JSON.parse(text.toString('utf8', 0, end)) as [string, number, string]
    return { file, line: row, where }
  }

  close(): void {
    for (const files of this.open.values())
      if (files) {
        closeSync(files.text)
        closeSync(files.index)
      }
    this.open.clear()
  }

  private filesOf(table: string) {
    let files = this.open.get(table)
    if (files !== undefined) return files
    try {
      files = {
        text: openSync(join(this.dir, `${table}.origin`), 'r'),
        index: openSync(join(this.dir, `${table}.index`), 'r'),
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      files = null
    }
    this.open.set(table, files)
    return files
  }
}
