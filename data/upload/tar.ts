/** A tar archive (ustar, with the long names of pax and GNU): its files in their order, each as a stream of bytes. */
import { Refusal } from '../../engine/kernel/refusal.ts'

const BLOCK = 512
/** A long name is a path, not a document. */
const LONGEST_NAME = 8_192

export interface TarEntry {
  readonly name: string
  /** null: no file, and nothing to take out */
  readonly content: AsyncIterable<Buffer> | null
}

const broken = (what: string): Refusal => new Refusal('unreadable_file', `The archive cannot be read: ${what}.`)

/** The files of an archive. The content of each is read before the next is asked for; what is not read is skipped.
 *  @throws Refusal `unreadable_file` */
export async function* tarEntries(bytes: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const source = new Source(bytes)
  let longName: string | null = null
  for (;;) {
    const header = await source.exactly(BLOCK)
    if (!header || header.every((byte) => byte === 0)) return
    refuseWrongSum(header)
    const size = numberAt(header, 124, 12)
    const type = String.fromCharCode(header[156] ?? 0)
    const padded = Math.ceil(size / BLOCK) * BLOCK
    if (type === 'L' || type === 'x') {
      if (size > LONGEST_NAME) throw broken('a name in it has no end')
      const text = ((await source.exactly(padded)) ?? Buffer.alloc(0)).subarray(0, size).toString('utf8')
      longName = type === 'L' ? text.replace(/\0.*$/s, '') : (paxPath(text) ?? longName)
      continue
    }
    const name: string = longName ?? nameIn(header)
    longName = null
    const isFile = type === '0' || type === '\0'
    const content: { left: number } = { left: size }
    yield { name, content: isFile ? contentOf(source, content) : null }
    await source.skip(content.left + padded - size)
  }
}

async function* contentOf(source: Source, content: { left: number }): AsyncGenerator<Buffer> {
  while (content.left > 0) {
    const chunk = await source.upTo(content.left)
    if (!chunk) throw broken('it breaks off in the middle of a file')
    content.left -= chunk.length
    yield chunk
  }
}

function refuseWrongSum(header: Buffer): void {
  let sum = 0
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte
  if (sum !== numberAt(header, 148, 8)) throw broken('it is no tar archive, or was damaged in transfer')
}

/** Octal digits, as tar writes numbers; sizes beyond eight gigabytes are written otherwise, and are no delivery. */
function numberAt(header: Buffer, at: number, length: number): number {
  const text = header.toString('latin1', at, at + length).replaceAll(/[\0 ]/g, '')
  if (!/^[0-7]*$/.test(text)) throw broken('a number in it is not written as numbers are')
  return Number.parseInt(text || '0', 8)
}

function nameIn(header: Buffer): string {
  const text = (at: number, length: number) => header.toString('utf8', at, at + length).replace(/\0.*$/s, '')
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(345, 155) : ''
  return prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
}

/** `LENGTH path=NAME` among the records of a pax header. */
const paxPath = (text: string): string | null => /(?:^|\n)\d+ path=([^\n]*)/.exec(text)?.[1] ?? null

/** Bytes of a stream, so many at a time. */
class Source {
  private readonly from: AsyncIterator<Buffer>
  private held: Buffer = Buffer.alloc(0)

  constructor(bytes: AsyncIterable<Buffer>) {
    this.from = bytes[Symbol.asyncIterator]()
  }

  /** The next bytes, at most so many; null: there are none. */
  async upTo(most: number): Promise<Buffer | null> {
    while (this.held.length === 0) {
      const next = await this.from.next()
      if (next.done) return null
      this.held = next.value
    }
    const chunk = this.held.subarray(0, most)
    this.held = this.held.subarray(chunk.length)
    return chunk
  }

  /** So many bytes; null: the stream is at its end. */
  async exactly(length: number): Promise<Buffer | null> {
    const chunks: Buffer[] = []
    for (let left = length; left > 0;) {
      const chunk = await this.upTo(left)
      if (!chunk && chunks.length === 0) return null
      if (!chunk) throw broken('it breaks off')
      chunks.push(chunk)
      left -= chunk.length
    }
    return Buffer.concat(chunks)
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) {
      const chunk = await this.upTo(left)
      if (!chunk) return
      left -= chunk.length
    }
  }
}
