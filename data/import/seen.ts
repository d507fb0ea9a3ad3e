/** Which rows may have come before: a Bloom filter, so that duplicates among thirty million rows cost 128 MB and no sorting.
 *  What it suspects is checked by the database; what it does not suspect is certainly new. The bits of a row lie within one
 *  line of the processor's cache, for a row has one moment to be looked up (Putze, Sanders, Singler: Cache-, Hash- and
 *  Space-Efficient Bloom Filters, 2007). */

const bitsPerRow = 36 // fewer than one in a thousand suspected for nothing
const wordsPerLine = 16 // of 32 bits: 64 bytes
const mostBits = 2 ** 30
const leastBits = 2 ** 20

export class Seen {
  private readonly words: Uint32Array
  private readonly mask: number

  /** @param rows about how many will come */
  constructor(rows: number) {
    const bits = Math.min(mostBits, Math.max(leastBits, 2 ** Math.ceil(Math.log2(Math.max(1, rows) * bitsPerRow))))
    this.words = new Uint32Array(bits / 32)
    this.mask = bits / (32 * wordsPerLine) - 1
  }

  /** Remembers the bytes [from, to), and says whether they may have been here before. */
  add(view: DataView, from: number, to: number): boolean {
    let a = 0x811c9dc5
    let b = 0x9747b28c
    let at = from
    for (; at + 4 <= to; at += 4) {
      const word = view.getInt32(at)
      a = Math.imul(a ^ word, 0x01000193)
      a ^= a >>> 15
      b = Math.imul((b << 5) ^ (b >>> 27) ^ word, 0x9e3779b1)
    }
    for (; at < to; at++) {
      const byte = view.getUint8(at)
      a = Math.imul(a ^ byte, 0x01000193)
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x9e3779b1)
    }
    a = Math.imul(a ^ (a >>> 15), 0x85ebca6b)
    a ^= a >>> 13
    b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
    return this.mark((a & this.mask) * wordsPerLine, b ^ (b >>> 16), a >>> 23)
  }

  /** Sets four bits of a line: nine bits of hash choose each. */
  private mark(line: number, hash: number, last: number): boolean {
    let before = true
    for (let k = 0; k < 4; k++) {
      const bit = k < 3 ? (hash >>> (9 * k)) & 511 : last
      const word = line + (bit >>> 5)
      const flag = 1 << (bit & 31)
      const old = this.words[word] as number
      if ((old & flag) === 0) {
        before = false
        this.words[word] = old | flag
      }
    }
    return before
  }
}
