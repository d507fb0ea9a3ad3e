/** Draft rows, kept on disk until everything they may refer to has been read. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const fullBlock = 4096

/** Drafts by kind, each kind in one file, in the order in which they came. */
export class Drafts<Kinds extends Record<string, unknown>> {
  private readonly files = new Map<keyof Kinds, FileHandle>()
  private readonly pending = new Map<keyof Kinds, string[]>()
  private waiting = 0

  constructor(private readonly dir: string) {}

  add<K extends keyof Kinds & string>(kind: K, draft: Kinds[K]): void {
    const line = JSON.stringify(draft)
    const lines = this.pending.get(kind)
    if (lines) lines.push(line)
    else this.pending.set(kind, [line])
    this.waiting++
  }

  /** Writes when enough is waiting. */
  async breathe(): Promise<void> {
    if (this.waiting >= fullBlock) await this.flush()
  }

  async *all<K extends keyof Kinds & string>(kind: K): AsyncGenerator<Kinds[K]> {
    await this.flush()
    if (!this.files.has(kind)) return
    const lines = createInterface({ input: createReadStream(this.pathOf(kind)), crlfDelay: Infinity })
    for await (const line of lines) yield JSON.parse(line) as Kinds[K]
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await file.close()
    this.files.clear()
  }

  private async flush(): Promise<void> {
    for (const [kind, lines] of this.pending) {
      const file = this.files.get(kind) ?? (await open(this.pathOf(kind), 'w', 0o600))
      this.files.set(kind, file)
      await file.appendFile(`${lines.join('\n')}\n`)
    }
    this.pending.clear()
    this.waiting = 0
  }

  private pathOf(kind: keyof Kinds): string {
    return join(this.dir, `${String(kind)}.draft`)
  }
}
