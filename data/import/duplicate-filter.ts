/** A Bloom filter over the rows of a file: possible duplicates among thirty million rows are found in 128 MB and without sorting.
 *  A possible duplicate is checked by the database; any other row is certainly new. The bits of a row lie within one
 *  cache line, so that a lookup costs one memory access (Putze, Sanders, Singler: Cache-, Hash- and
 *  Space-Efficient Bloom Filters, 2007). */

const bitsPerRow = 16 // about one false positive in a thousand
const wordsPerLine = 16 // of 32 bits: 64 bytes
const mostBits = 2 ** 30
const leastBits = 2 ** 20
/** Rows that are looked up together, so that the processor fetches their cache lines in parallel. */
export const batchRows = 256

export class DuplicateFilter {
  private readonly words: Uint32Array
  private readonly linesPerHash: number
  /** of the batch: where each row's line begins, and the hash that chooses its bits */
  private readonly places = new Int32Array(batchRows)
  private readonly hashes = new Int32Array(batchRows)
  private batched = 0
  /** the result of `prefetch`: kept, so that the compiler does not remove its reads */
  touched = 0

  /** @param rows about how many will come */
  constructor(rows: number) {
    const bits = Math.min(mostBits, Math.max(leastBits, rows * bitsPerRow))
    const lines = Math.ceil(bits / (32 * wordsPerLine))
    this.words = new Uint32Array(lines * wordsPerLine)
    this.linesPerHash = lines / 2 ** 32
  }

  /** Hashes the bytes [from, to) as the next row of the batch. */
  add(view: DataView, from: number, to: number): void {
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
    b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
    this.places[this.batched] = Math.floor(((a ^ (a >>> 13)) >>> 0) * this.linesPerHash) * wordsPerLine
    this.hashes[this.batched++] = b ^ (b >>> 16)
  }

  /** Adds the rows of the batch to the filter, in their order.
   *  @param before filled with 1 for each row that is possibly a duplicate of an earlier one
   *  @returns how many are */
  checkBatch(before: Uint8Array): number {
    this.prefetch()
    const { words, places, hashes, batched } = this
    let possible = 0
    for (let row = 0; row < batched; row++) {
      const hash = hashes[row] as number
      const line = places[row] as number
      // four bits of the line: eight bits of hash choose each, of a quarter of the line
      let missing = 0
      for (let k = 0; k < 4; k++) {
        const bit = hash >>> (8 * k)
        const word = line + 4 * k + ((bit >>> 5) & 3)
        const old = words[word] as number
        const flag = 1 << (bit & 31)
        missing |= ~old & flag
        words[word] = old | flag
      }
      const isPossible = missing === 0 ? 1 : 0
      before[row] = isPossible
      possible += isPossible
    }
    this.batched = 0
    return possible
  }

  /** Reads every cache line of the batch before any is needed, so that the memory accesses overlap. */
  private prefetch(): void {
    const { words, places, batched } = this
    let touched = 0
    for (let row = 0; row < batched; row++) touched |= words[places[row] as number] as number
    this.touched = touched
  }
}
