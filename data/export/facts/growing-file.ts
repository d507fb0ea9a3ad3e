/** A buffered text file, gzipped or not, with back-pressure. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

// characters that wait in memory before they are written
const piece = 1 << 18

export class GrowingFile {
  private text = ''
  private readonly out: Writable
  private readonly done: Promise<unknown>
  rows = 0

  /** @param path ends in .gz: gzipped, without a time in it, so that the same rows are the same bytes */
  constructor(path: string, header = '') {
    const file = createWriteStream(path, { mode: 0o600 })
    if (path.endsWith('.gz')) {
      this.out = createGzip()
      this.out.pipe(file)
    } else this.out = file
    this.done = finished(file)
    // reported by the next write or close
    this.done.catch(() => undefined)
    this.text = header
  }

  /** A row, with its line end. */
  add(line: string): void {
    this.text += line
    this.rows++
  }

  /** Writes if much is waiting; resolves when more may come. */
  async breathe(): Promise<void> {
    if (this.text.length < piece) return
    await this.flush()
  }

  /** @returns rows written */
  async close(): Promise<number> {
    await this.flush()
    this.out.end()
    await this.done
    return this.rows
  }

  private async flush(): Promise<void> {
    const text = this.text
    this.text = ''
    if (text !== '' && !this.out.write(text)) await Promise.race([once(this.out, 'drain'), this.done])
  }
}
