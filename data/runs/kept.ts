/** What of a settled run is remembered once it was read: it never changes, so that it is kept as long as there is room. */

/** Values by their keys, up to so much in all: what came first goes first. */
export class Kept<Value> {
  private readonly values = new Map<string, Value>()
  private taken = 0

  /** @param most room in all, in the unit of `sizeOf`   @param sizeOf of one value; left out: each counts for one */
  constructor(
    private readonly most: number,
    private readonly sizeOf: (value: Value) => number = () => 1,
  ) {}

  /** The value that is kept, or as `read` makes it; whatever fails, or takes more than all the room, is not kept. */
  async find(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.values.get(key)
    if (known !== undefined) return known
    const value = await read()
    const size = this.sizeOf(value)
    if (size > this.most || this.values.has(key)) return value
    this.values.set(key, value)
    this.taken += size
    for (const [first, each] of this.values) {
      if (this.taken <= this.most) break
      this.values.delete(first)
      this.taken -= this.sizeOf(each)
    }
    return value
  }
}
