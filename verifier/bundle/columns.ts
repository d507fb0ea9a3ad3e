/** Columns that grow: a million patients in memory as numbers, not as objects. */

export class Numbers {
  private values = new Float64Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const longer = new Float64Array(2 * this.length)
      longer.set(this.values)
      this.values = longer
    }
    this.values[this.length++] = value
  }

  get(): Float64Array {
    return this.values.subarray(0, this.length)
  }
}

/** Numbers for names, in the order in which they come. */
export class Names {
  readonly list: string[] = []
  private readonly places = new Map<string, number>()

  place(name: string): number {
    const known = this.places.get(name)
    if (known !== undefined) return known
    this.places.set(name, this.list.length)
    return this.list.push(name) - 1
  }

  /** The place of a name that is there; -1 if it is not. */
  find(name: string): number {
    return this.places.get(name) ?? -1
  }
}
