/** A zip archive: its entries by name, each read as a stream, with a limit on the expansion. */
import type { FileHandle } from 'node:fs/promises'
import { fromFdPromise, type Entry, type ZipFile } from 'yauzl'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { openRegular } from '../../files/regular-file.ts'

/** The XML of a workbook has some dozens. */
const mostEntries = 10_000
/** XML compresses ten- to fiftyfold, a decompression bomb a thousandfold. */
const mostExpansion = 200
const large = 64 << 20
/** What a password makes of a workbook, and what old versions of Excel wrote: a compound file. */
const compoundFile = 'd0cf11e0'

export class ZipArchive {
  private constructor(
    readonly name: string,
    private readonly handle: FileHandle,
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws Refusal `unreadable_file`, `not_a_regular_file`, `file_not_readable` */
  static async open(path: string, name: string): Promise<ZipArchive> {
    const handle = await openRegular(path, name)
    try {
      const head = Buffer.alloc(4)
      await handle.read(head, 0, head.length, 0)
      if (head.toString('hex') === compoundFile)
        throw unreadable(name, 'it has a password, or is an .xls of old; save it as .xlsx without a password')
      // the handle is ours to close
      const zip = await fromFdPromise(handle.fd, { lazyEntries: true, autoClose: false })
      if (zip.entryCount > mostEntries) throw unreadable(name, `${zip.entryCount} entries are those of no workbook`)
      const entries = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
      return new ZipArchive(name, handle, zip, entries)
    } catch (error) {
      await handle.close()
      throw asRefusal(error, name)
    }
  }

  has(entry: string): boolean {
    return this.entries.has(entry)
  }

  /** In the order of the archive. */
  names(): readonly string[] {
    return [...this.entries.keys()]
  }

  /** Bytes of an entry on disk; 0 of one that is not there. */
  packedBytes(entry: string): number {
    return this.entries.get(entry)?.compressedSize ?? 0
  }

  /** @throws Refusal `unreadable_file` of an entry that is not there, damaged, encrypted, or larger than it says */
  async *read(name: string): AsyncGenerator<Buffer> {
    try {
      const entry = this.entries.get(name)
      if (entry === undefined) throw unreadable(this.name, `it has no ${name}`)
      if (entry.isEncrypted()) throw unreadable(this.name, 'it has a password; save it without one')
      if (entry.uncompressedSize > Math.max(large, mostExpansion * entry.compressedSize))
        throw unreadable(this.name, `${name} expands to more than ${mostExpansion} times its size`)
      for await (const chunk of await this.zip.openReadStreamPromise(entry)) yield chunk as Buffer
    } catch (error) {
      throw asRefusal(error, this.name)
    }
  }

  close = (): Promise<void> => this.handle.close()
}

export const unreadable = (name: string, what: string): Refusal =>
  new Refusal('unreadable_file', `${name} cannot be read: ${what}.`, { file: name })

const asRefusal = (error: unknown, name: string): Refusal =>
  error instanceof Refusal
    ? error
    : unreadable(name, `${(error as Error).message.slice(0, 200)}; it was probably cut off in transfer`)
