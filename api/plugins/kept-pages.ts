/** Pages as bytes, those that are asked for, up to so many bytes; all of one standing of the database. */
import { createHash } from 'node:crypto'

/** A page as it is sent. */
export interface Page {
  readonly bytes: Buffer
  /** strong: of the bytes alone */
  readonly etag: string
  /** all that is said of it: what the route said (content type, name, links), its tag, and the headers of every answer */
  readonly headers: Readonly<Record<string, string>>
  /** the same as a list of names and values, for a 304 and for the page itself with its length */
  readonly head: readonly [readonly string[], readonly string[]]
}

/** The tag of bytes: the same bytes, and no others, have the same. */
export const tagOf = (bytes: Buffer): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`

/** Whether `If-None-Match` names the tag. */
export function isNamedBy(asked: string | undefined, etag: string): boolean {
  if (asked === undefined) return false
  return asked.trim() === '*' || asked.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)
}

/** What an entry takes beside its bytes and the letters of its key. */
const OVERHEAD = 500

interface Kept {
  readonly page: Page
  /** since it was last passed over */
  wasAsked: boolean
}

export class KeptPages {
  /** the one to go next first, unless it was asked for: then it is passed over, once */
  private readonly pages = new Map<string, Kept>()
  private standing = ''
  private taken = 0

  /** @param most bytes in all; one page takes an eighth at most */
  constructor(private readonly most: number) {}

  /** How much is in use, in bytes. */
  get bytes(): number {
    return this.taken
  }

  /** The page as it was kept under the same standing; under another nothing that was kept holds. */
  find(standing: string, key: string): Page | undefined {
    if (standing !== this.standing) this.clear(standing)
    const kept = this.pages.get(key)
    if (kept === undefined) return undefined
    kept.wasAsked = true
    return kept.page
  }

  /** Keeps a page, unless something was recorded while it was made. */
  keep(standing: string, key: string, page: Page): void {
    const size = sizeOf(key, page)
    if (standing !== this.standing || size > this.most / 8 || this.pages.has(key)) return
    this.pages.set(key, { page, wasAsked: false })
    this.taken += size
    // What is set anew while the map is gone through comes at its end again, so that this ends.
    for (const [next, kept] of this.pages) {
      if (this.taken <= this.most) return
      this.pages.delete(next)
      if (kept.wasAsked) this.pages.set(next, { ...kept, wasAsked: false })
      else this.taken -= sizeOf(next, kept.page)
    }
  }

  private clear(standing: string): void {
    this.pages.clear()
    this.taken = 0
    this.standing = standing
  }
}

const sizeOf = (key: string, { bytes }: Pick<Page, 'bytes'>): number => bytes.length + 2 * key.length + OVERHEAD
