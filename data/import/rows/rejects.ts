/** rejects.csv: one row per fault, written to a draft file that is renamed when the import ends. */
import { createReadStream, createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createGzip, gunzipSync } from 'node:zlib'
import type { Issue } from '../../../engine/kernel/refusal.ts'
import { guarded } from '../../files/formulas.ts'
import type { Origins } from '../../files/origins.ts'

const heading = 'file,line,column,value,reason\n'
const longestValue = 200 // characters of a faulty value that are repeated

export class Rejects {
  private pending = heading
  private readonly draft: string

  private constructor(
    readonly path: string,
    private readonly stream: WriteStream,
    private readonly origins: Origins | undefined,
  ) {
    this.draft = `${path}.new`
  }

  /** Opens `<path>.new`; the directory is made if it is not there. */
  static async open(path: string, origins?: Origins): Promise<Rejects> {
    await mkdir(dirname(path), { recursive: true })
    const stream = createWriteStream(`${path}.new`, { mode: 0o600 })
    await once(stream, 'open')
    return new Rejects(path, stream, origins)
  }

  add({ file, line, column, value, reason }: Issue): void {
    const origin = this.origins?.of(file, line)
    const from = origin ?? { file, line, where: '' }
    const why = from.where === '' ? reason : `${reason} (${from.where})`
    const shown = value.length > longestValue ? `${value.slice(0, longestValue)}…` : value
    this.pending += `${[from.file, String(from.line), column, shown, why].map((text) => quoted(guarded(text))).join(',')}\n`
  }

  async flush(): Promise<void> {
    const text = this.pending
    this.pending = ''
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain')
  }

  /** Completes the file and moves it to its final path. */
  async keep(): Promise<void> {
    await this.flush()
    await this.close()
    await rename(this.draft, this.path)
  }

  /** Deletes the draft. */
  async discard(): Promise<void> {
    await this.close()
    await rm(this.draft, { force: true })
  }

  /** The bytes so far, for the store. */
  async gzipped(): Promise<Buffer> {
    await this.flush()
    await this.close()
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(this.draft).pipe(createGzip())) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }

  private async close(): Promise<void> {
    if (this.stream.closed) return
    if (!this.stream.writableEnded) this.stream.end()
    await once(this.stream, 'close')
  }
}

/** Writes again what an earlier import of the same directory wrote. */
export async function restoreRejects(path: string, gzipped: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, gunzipSync(gzipped), { mode: 0o600 })
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
