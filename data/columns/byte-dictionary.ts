/** A dictionary from short texts to numbers, looked up by their bytes without making strings. */

const leastSlots = 1 << 10

/** A hash table with open addressing: the words' bytes end to end in one buffer. Numbers are at least 0. */
export class ByteDictionary {
  private slots = new Int32Array(leastSlots) // place of a word, from 1
  private starts = new Int32Array(leastSlots)
  private values = new Int32Array(leastSlots)
  private bytes: Uint8Array = new Uint8Array(leastSlots * 8)
  private count = 0
  /** the word found last, from 1: in files that are in order it is the next one too */
  private last = 0

  /** The number of the word, or -1. */
  get(source: Uint8Array, from: number, to: number): number {
    const { last } = this
    if (last > 0 && this.equals(last - 1, source, from, to)) return this.values[last - 1] as number
    const word = this.slots[this.slotOf(source, from, to)] as number
    if (word === 0) return -1
    this.last = word
    return this.values[word - 1] as number
  }

  /** Gives a word that is not there a number. */
  set(source: Uint8Array, from: number, to: number, value: number): void {
    if (this.count * 2 >= this.slots.length) this.grow()
    const start = this.starts[this.count] as number
    if (start + to - from > this.bytes.length) this.bytes = grown(this.bytes, start + to - from)
    this.bytes.set(source.subarray(from, to), start)
    this.values[this.count] = value
    this.starts[this.count + 1] = start + to - from
    this.slots[this.slotOf(source, from, to)] = ++this.count
  }

  /** The slot of a word, or the free one where it belongs. */
  private slotOf(source: Uint8Array, from: number, to: number): number {
    const mask = this.slots.length - 1
    let slot = hashOf(source, from, to) & mask
    for (;;) {
      const word = this.slots[slot] as number
      if (word === 0 || this.equals(word - 1, source, from, to)) return slot
      slot = (slot + 1) & mask
    }
  }

  private equals(word: number, source: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[word] as number
    if ((this.starts[word + 1] as number) - start !== to - from) return false
    for (let i = from, k = start; i < to; i++, k++) if (source[i] !== this.bytes[k]) return false
    return true
  }

  private grow(): void {
    const starts = new Int32Array(this.slots.length * 2)
    starts.set(this.starts)
    const values = new Int32Array(this.slots.length * 2)
    values.set(this.values)
    this.starts = starts
    this.values = values
    this.slots = new Int32Array(this.slots.length * 2)
    const mask = this.slots.length - 1
    for (let word = 0; word < this.count; word++) {
      let slot = hashOf(this.bytes, starts[word] as number, starts[word + 1] as number) & mask
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask
      this.slots[slot] = word + 1
    }
  }
}

function grown(bytes: Uint8Array, least: number): Uint8Array {
  const larger = new Uint8Array(Math.max(2 * bytes.length, least))
  larger.set(bytes)
  return larger
}

/** FNV-1a, finally mixed: ids that differ only in their last digits must not crowd. */
function hashOf(source: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (source[i] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
