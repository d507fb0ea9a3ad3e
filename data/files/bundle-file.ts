/** A bundle: named parts in one gzip file, that `zcat` shows and no byte of which can change unseen.
 *
 *  `+NAME` begins a part, every line of it follows after a space, `-NAME LINES SHA256` ends it (the hash is that of the part
 *  as a file of its own). Last comes a gzip member of fixed length, stored as it is:
 *  `=PARTS CONTENT_SHA256 BYTES_SHA256`, the first hash over the `-` lines, the second over every byte of the file before. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Transform, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { crc32, createGzip } from 'node:zlib'
import { PRIVATE_FILE } from './private-file.ts'

/** A part, and how it is written. */
export interface BundlePart {
  readonly name: string
  readonly write: (to: Writable) => Promise<unknown>
}

export interface BundleSeal {
  readonly parts: number
  /** over what the parts say: the same content has the same hash, however it was compressed */
  readonly contentSha256: string
}

// Fast, and within a fifth of the smallest: what lies in a bundle are digits.
const LEVEL = 4

/** Writes a bundle, part after part, each streamed. */
export async function writeBundleFile(path: string, parts: Iterable<BundlePart>): Promise<BundleSeal> {
  const file = createWriteStream(path, { mode: PRIVATE_FILE })
  const gzip = createGzip({ level: LEVEL })
  const [bytes, content] = [createHash('sha256'), createHash('sha256')]
  gzip.on('data', (chunk: Buffer) => bytes.update(chunk))
  gzip.pipe(file, { end: false })
  file.once('error', (error) => gzip.destroy(error))
  const compressed = finished(gzip)
  // whoever writes learns of it through the part that is being written, or below
  compressed.catch(() => {})
  let count = 0
  try {
    for (const part of parts) {
      content.update(await writePart(gzip, part))
      count++
    }
    gzip.end()
    await compressed
    const contentSha256 = content.digest('hex')
    file.end(sealOf(`=${String(count).padStart(2, '0')} ${contentSha256} ${bytes.digest('hex')}\n`))
    await finished(file)
    return { parts: count, contentSha256 }
  } catch (error) {
    gzip.destroy()
    file.destroy()
    throw error
  }
}

/** @returns the line that ended it */
async function writePart(gzip: Writable, { name, write }: BundlePart): Promise<string> {
  const hash = createHash('sha256')
  let [lines, inLine] = [0, false]
  const indented = (text: string): string => {
    if (text === '') return ''
    hash.update(text, 'utf8')
    const start = inLine ? '' : ' '
    inLine = !text.endsWith('\n')
    const body = (inLine ? text : text.slice(0, -1)).replaceAll('\n', '\n ')
    lines += text.split('\n').length - 1
    return `${start}${body}${inLine ? '' : '\n'}`
  }
  const sink = new Transform({
    decodeStrings: false,
    transform: (chunk: string | Buffer, _encoding, done) => done(null, indented(String(chunk))),
    flush: (done) => done(null, inLine ? indented('\n') : ''),
  })
  const broken = (error: Error) => sink.destroy(error)
  gzip.once('error', broken)
  gzip.write(`+${name}\n`)
  sink.pipe(gzip, { end: false })
  await write(sink)
  sink.end()
  await finished(sink)
  gzip.off('error', broken)
  const end = `-${name} ${lines} ${hash.digest('hex')}\n`
  gzip.write(end)
  return end
}

/** A gzip member that stores its text as it is: the same bytes from every compressor. */
function sealOf(text: string): Buffer {
  const data = Buffer.from(text, 'latin1')
  const member = Buffer.alloc(10 + 5 + data.length + 8)
  member.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  member[10] = 1
  member.writeUInt16LE(data.length, 11)
  member.writeUInt16LE(0xffff - data.length, 13)
  data.copy(member, 15)
  member.writeUInt32LE(crc32(data), 15 + data.length)
  member.writeUInt32LE(data.length, 19 + data.length)
  return member
}
