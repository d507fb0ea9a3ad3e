/** What does not agree, by name: in which part of the bundle, of which partner, which field, what stands there and what it should be. */

export interface Finding {
  /** a part of the bundle, `seal` for its last line */
  readonly part: string
  readonly partner: string | null
  readonly field: string
  readonly found: unknown
  readonly recomputed: unknown
}

/** Everything that was found; of one kind no more than are read are kept, all are counted. */
export class Findings {
  readonly kept: Finding[] = []
  total = 0
  private readonly perKind = new Map<string, number>()

  add(finding: Finding): void {
    this.total += 1
    const kind = `${finding.part} ${finding.field.replace(/ of .*/, '')}`
    const before = this.perKind.get(kind) ?? 0
    this.perKind.set(kind, before + 1)
    if (before < 20) this.kept.push(finding)
  }
}
