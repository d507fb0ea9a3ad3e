/** A text file as blocks of whole lines: gunzipped, without byte order mark, checked to be UTF-8, bounded in memory. */
import { isAscii, isUtf8 } from 'node:buffer'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { chunksOf } from './file-chunks.ts'
import { firstBadByte } from './text-file.ts'

export class Block {
  /** the number of the line after the last, if the consumer of the block has counted */
  nextLine: number | undefined

  /** @param bytes whole lines, as UTF-8; the last of the file may lack its line feed
   *  @param line the number of the first of them, from 1 */
  constructor(
    readonly bytes: Buffer,
    readonly line: number,
  ) {}

  /** The lines as a string, made when it is asked for. */
  get text(): string {
    return this.bytes.toString(isAscii(this.bytes) ? 'latin1' : 'utf8')
  }
}

/** A line, or a record with line breaks inside quotes, may not be longer: 1 MB is ten thousand times an ordinary row. */
export const longestRecord = 1 << 20
const LF = 10
const CR = 13

/** @param name what messages call the file
 *  @param bytesRead called for every chunk, in bytes on disk
 *  @throws Refusal `unreadable_file`, naming the file and the line */
export async function* blocksOf(
  path: string,
  name: string,
  bytesRead?: (bytes: number) => void,
  chunkBytes?: number,
): AsyncGenerator<Block> {
  let rest: Buffer[] = []
  let restBytes = 0
  let line = 1
  let offset = 0
  let lineEndsAreReturns: boolean | undefined
  for await (const raw of chunksOf(path, name, bytesRead, chunkBytes)) {
    lineEndsAreReturns ??= raw.includes(CR) && !raw.includes(LF)
    const chunk = lineEndsAreReturns ? withLineFeeds(raw) : raw
    const cut = chunk.lastIndexOf(LF) + 1
    const { length } = chunk
    if (restBytes + (cut === 0 ? length : chunk.indexOf(LF)) > longestRecord) throw tooLong(name, line)
    if (cut > 0) {
      const bytes = Buffer.concat([...rest, chunk.subarray(0, cut)])
      const block = blockOf(bytes, name, line, offset)
      yield block
      line = block.nextLine ?? line + linesIn(bytes)
      offset += bytes.length
      rest = []
      restBytes = 0
    }
    rest.push(chunk.subarray(cut))
    restBytes += length - cut
  }
  if (restBytes > 0) yield blockOf(Buffer.concat(rest), name, line, offset)
}

export const unreadable = (name: string, line: number, why: string): Refusal =>
  new Refusal('unreadable_file', `${name}, line ${line}: ${why}`, { file: name, line })

export const tooLong = (name: string, line: number): Refusal =>
  unreadable(name, line, `longer than ${longestRecord >> 20} MB; a line break or a closing quote is missing.`)

/** @param offset of the block in the file, in bytes, gunzipped if it was gzipped */
function blockOf(bytes: Buffer, name: string, line: number, offset: number): Block {
  const first = offset === 0
  if (first && (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])))
    throw unreadable(name, 1, 'the file is UTF-16; save it as UTF-8.')
  const zero = bytes.indexOf(0)
  if (zero >= 0)
    throw unreadable(name, line + linesIn(bytes.subarray(0, zero)), 'a binary file, not CSV (a zero byte).')
  const content = first && startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes
  if (!isUtf8(content)) throw notUtf8(bytes, name, line, offset)
  return new Block(content, line)
}

function notUtf8(bytes: Buffer, name: string, line: number, offset: number): Refusal {
  const within = firstBadByte(bytes)
  const at = { line: line + linesIn(bytes.subarray(0, within)), offset: offset + within }
  return new Refusal(
    'unreadable_file',
    `${name}, line ${at.line}: not UTF-8 (byte ${at.offset} of the file); save the file as UTF-8.`,
    { file: name, ...at },
  )
}

const startsWith = (bytes: Buffer, mark: number[]): boolean => mark.every((byte, i) => bytes[i] === byte)

function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}

/** A file whose lines end in carriage returns alone, as old spreadsheets write them, with line feeds in their place. */
function withLineFeeds(chunk: Buffer): Buffer {
  const bytes = Buffer.from(chunk)
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) bytes[at] = LF
  return bytes
}
