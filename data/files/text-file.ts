/** A short text file, YAML above all: a regular one, UTF-8 from its first byte to its last, and not too long to be read whole. */
import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { openRegular } from './regular-file.ts'

// A contract has a few kilobytes, the largest list of folds a few megabytes.
const longestText = 64 << 20

/** @param name what the sentence calls it
 *  @throws Refusal `not_a_regular_file`, `file_not_readable`, and `unreadable_file` where it is too long or not UTF-8 */
export async function readText(path: string, name = path): Promise<string> {
  const file = await openRegular(path, name)
  try {
    const { size } = await file.stat()
    if (size > longestText)
      throw new Refusal('unreadable_file', `${name} has ${size} bytes; at most ${longestText} are read here.`, {
        file: name,
      })
    return textOf(await file.readFile(), name)
  } finally {
    await file.close()
  }
}

/** UTF-8 as text, without its byte order mark.
 *  @throws Refusal `unreadable_file` with the offset of the first byte that is not UTF-8 */
export function textOf(bytes: Uint8Array, name: string): string {
  if (!isUtf8(bytes)) {
    const offset = firstBadByte(bytes)
    throw new Refusal('unreadable_file', `${name}, byte ${offset}: not UTF-8; save the file as UTF-8.`, {
      file: name,
      offset,
    })
  }
  return new TextDecoder('utf-8').decode(bytes)
}

/** Offset, from 0, of the first byte at which no UTF-8 sequence begins or one is broken; the length if there is none. */
export function firstBadByte(bytes: Uint8Array): number {
  let at = 0
  for (let length = sequenceAt(bytes, at); length > 0; length = sequenceAt(bytes, at)) at += length
  return at
}

/** Bytes of the sequence that begins here; 0 where none does. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]
  if (lead === undefined) return 0
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const sequence = bytes.subarray(at, at + length)
  return sequence.length === length && isUtf8(sequence) ? length : 0
}
