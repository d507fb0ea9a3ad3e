/** Which rows may have come before: a Bloom filter, so that duplicates among thirty million rows cost 128 MB and no sorting.
 *  What it suspects is checked by the database; what it does not suspect is certainly new. */

const bitsPerRow = 36 // one in a thousand suspected for nothing
const mostBits = 2 ** 30
const leastBits = 2 ** 20

export class Seen {
  private readonly words: Uint32Array
  private readonly mask: number

  /** @param rows about how many will come */
  constructor(rows: number) {
    const bits = Math.min(mostBits, Math.max(leastBits, 2 ** Math.ceil(Math.log2(Math.max(1, rows) * bitsPerRow))))
    this.words = new Uint32Array(bits / 32)
    this.mask = bits - 1
  }

  /** Remembers a row, and says whether it may have been here before. */
  add(row: string): boolean {
    let a = 0x811c9dc5
    let b = 0x9747b28c
    for (let i = 0; i < row.length; i++) {
      const unit = row.charCodeAt(i)
      a = Math.imul(a ^ unit, 0x01000193)
      b = Math.imul((b << 5) ^ (b >>> 27) ^ unit, 0x9e3779b1)
    }
    a ^= a >>> 15
    b = (b ^ (b >>> 13)) | 1
    let before = true
    for (let k = 0; k < 3; k++) {
      const bit = (a + k * b) & this.mask
      const word = bit >>> 5
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
