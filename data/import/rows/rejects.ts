/** rejects.csv: one row per fault, written to a draft file that is renamed when the import ends. */
import { createReadStream, createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createGzip, gunzipSync } from 'node:zlib'
import type { Issue } from '../../../engine/kernel/refusal.ts'
import { fileFaultOf } from '../../files/file-fault.ts'
import { guarded } from '../../files/formulas.ts'
import type { Origins } from '../../files/origins.ts'
import { makePrivateDirectory, PRIVATE_FILE, writePrivateFile } from '../../files/private-file.ts'

const heading = 'file,line,column,value,reason\n'
const longestValue = 200 // characters of a faulty value that are repeated

export class Rejects {
  private pending = heading
  private readonly draft: string
  private failure: Error | null = null

  private constructor(
    readonly path: string,
    private readonly stream: WriteStream,
    private readonly origins: Origins | undefined,
  ) {
    this.draft = `${path}.new`
    // Told by whoever writes next: a disk may fill while nobody waits for it.
    stream.on('error', (error) => (this.failure = fileFaultOf(error, path) ?? error))
  }

  /** Opens `<path>.new`; the directory is made if it is not there.
   *  @throws Refusal `not_writable`, `disk_full` */
  static async open(path: string, origins?: Origins): Promise<Rejects> {
    await makePrivateDirectory(dirname(path))
    try {
      // Made anew, so that it has the mode of a new file.
      await rm(`${path}.new`, { force: true })
      const stream = createWriteStream(`${path}.new`, { mode: PRIVATE_FILE, flags: 'wx' })
      await once(stream, 'open')
      return new Rejects(path, stream, origins)
    } catch (error) {
      throw fileFaultOf(error, path) ?? error
    }
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
    if (this.failure) throw this.failure
    if (text === '' || this.stream.write(text)) return
    await once(this.stream, 'drain').catch((error: unknown) => {
      throw this.failure ?? error
    })
  }

  /** Completes the file and moves it to its final path. */
  async keep(): Promise<void> {
    await this.flush()
    await this.close()
    if (this.failure) throw this.failure
    await rename(this.draft, this.path).catch((error: unknown) => {
      throw fileFaultOf(error, this.path) ?? error
    })
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
    if (this.failure) throw this.failure
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(this.draft).pipe(createGzip())) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }

  private async close(): Promise<void> {
    if (this.stream.closed) return
    if (!this.stream.writableEnded) this.stream.end()
    // An error closes it too, and is told by whoever needs the file.
    await new Promise<void>((closed) => this.stream.once('close', () => closed()))
  }
}

/** Writes again what an earlier import of the same directory wrote. */
export async function restoreRejects(path: string, gzipped: Buffer): Promise<void> {
  await makePrivateDirectory(dirname(path))
  await writePrivateFile(path, async (to) => to.write(gunzipSync(gzipped)))
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
