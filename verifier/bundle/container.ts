/** The file itself: its seal, its parts and their hashes.
 *
 *  A gzip stream of lines: `+NAME` begins a part, ` …` is a line of it, `-NAME LINES SHA256` ends it. After it a gzip member of
 *  fixed length that stores `=PARTS CONTENT_SHA256 BYTES_SHA256`: over the `-` lines, and over every byte before the member. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { crc32, createGunzip } from 'node:zlib'
import type { Findings } from './findings.ts'

const SEAL_TEXT = /^=(\d\d) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/
const SEAL_LENGTH = '=00 '.length + 64 + 1 + 64 + 1
const SEAL_BYTES = 10 + 5 + SEAL_LENGTH + 8

/** Takes the lines of a part, one by one. */
export type TakeLine = (line: string) => void

/** Reads a bundle and hands every part's lines to whoever `open` names for it.
 *  @returns the hash of what the parts say, '' where the file could not be read to its end */
export async function readContainer(
  path: string,
  openPart: (name: string) => TakeLine,
  findings: Findings,
): Promise<string> {
  const seal = await readSeal(path)
  const bytes = createHash('sha256')
  const parts = new Parts(openPart, findings)
  let readToTheEnd = seal.body > 0
  try {
    if (readToTheEnd) await readBody(path, seal.body, bytes, parts)
  } catch (error) {
    readToTheEnd = false
    findings.add(found(parts.name, 'bytes', reasonOf(error), 'a gzip stream that opens'))
  }
  parts.end()
  const content = parts.content.digest('hex')
  if (!seal.match) findings.add(found('seal', 'seal', 'none', `${SEAL_BYTES} bytes that store =PARTS CONTENT BYTES`))
  else {
    const [, count, sealedContent, sealedBytes] = seal.match
    const all = bytes.digest('hex')
    if (readToTheEnd && Number(count) !== parts.count) findings.add(found('seal', 'parts', Number(count), parts.count))
    if (readToTheEnd && sealedContent !== content) findings.add(found('seal', 'content', sealedContent, content))
    if (readToTheEnd && sealedBytes !== all) findings.add(found('seal', 'bytes', sealedBytes, all))
  }
  return readToTheEnd ? content : ''
}

const found = (part: string, field: string, value: unknown, recomputed: unknown) => ({
  part,
  partner: null,
  field,
  found: value,
  recomputed,
})

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The last member, and where the body ends. */
async function readSeal(path: string): Promise<{ readonly body: number; readonly match: RegExpExecArray | null }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const body = size - SEAL_BYTES
    if (body <= 0) return { body: 0, match: null }
    const member = Buffer.alloc(SEAL_BYTES)
    await file.read(member, 0, SEAL_BYTES, body)
    const text = member.subarray(15, 15 + SEAL_LENGTH)
    const match = member.equals(stored(text)) ? SEAL_TEXT.exec(text.toString('latin1')) : null
    return { body, match }
  } finally {
    await file.close()
  }
}

/** The one way to store a text in a gzip member. */
function stored(text: Buffer): Buffer {
  const [head, tail] = [Buffer.alloc(15), Buffer.alloc(8)]
  head.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1])
  head.writeUInt16LE(text.length, 11)
  head.writeUInt16LE(0xffff - text.length, 13)
  tail.writeUInt32LE(crc32(text), 0)
  tail.writeUInt32LE(text.length, 4)
  return Buffer.concat([head, text, tail])
}

async function readBody(path: string, length: number, bytes: Hash, parts: Parts): Promise<void> {
  const file = createReadStream(path, { end: length - 1, highWaterMark: 1 << 18 })
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  file.on('data', (chunk) => bytes.update(chunk))
  file.on('error', (error) => gunzip.destroy(error))
  file.pipe(gunzip)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of gunzip) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n')
    rest = lines.pop()!
    for (const line of lines) parts.take(line)
  }
  if (rest !== '') parts.take(rest)
}

/** The parts as they come, each against its own last line. */
class Parts {
  readonly content = createHash('sha256')
  count = 0
  /** the part that is being read, for whoever must say where it went wrong */
  name = 'seal'
  private inside = false
  private lines = 0
  private text = ''
  private hash = createHash('sha256')
  private takeLine: TakeLine = () => {}
  private readonly openPart: (name: string) => TakeLine
  private readonly findings: Findings

  constructor(openPart: (name: string) => TakeLine, findings: Findings) {
    this.openPart = openPart
    this.findings = findings
  }

  take(line: string): void {
    if (line.startsWith(' ') && this.inside) this.takeContent(line.slice(1))
    else if (line.startsWith('+') && !this.inside) this.begin(line.slice(1))
    else if (line.startsWith('-') && this.inside) this.finish(line)
    else this.findings.add(found(this.name, 'line', line.slice(0, 80), 'a line of a part'))
  }

  end(): void {
    if (this.inside) this.findings.add(found(this.name, 'end', 'none', `-${this.name} LINES SHA256`))
  }

  private begin(name: string): void {
    this.name = name
    this.inside = true
    this.count += 1
    this.lines = 0
    this.hash = createHash('sha256')
    this.takeLine = this.openPart(name)
  }

  private takeContent(line: string): void {
    this.lines += 1
    this.text += `${line}\n`
    // by the block: a hash of millions of short texts would cost more than what they say
    if (this.text.length > 1 << 16) this.flush()
    this.takeLine(line)
  }

  private flush(): void {
    this.hash.update(this.text, 'utf8')
    this.text = ''
  }

  private finish(line: string): void {
    this.flush()
    this.inside = false
    this.content.update(`${line}\n`, 'utf8')
    const [name, lines, sha256] = line.slice(1).split(' ')
    const own = this.hash.digest('hex')
    if (name !== this.name) this.findings.add(found(this.name, 'name', name, this.name))
    if (lines !== String(this.lines)) this.findings.add(found(this.name, 'lines', lines, this.lines))
    if (sha256 !== own) this.findings.add(found(this.name, 'sha256', sha256, own))
  }
}
