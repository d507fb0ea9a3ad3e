/** Rows in order of a value, cut into parts as large as each other. */

export interface Parts {
  /** rows that a part has at least, unless there is only one */
  readonly least: number
  /** parts at the most */
  readonly most: number
}

/** @param by [rows], without NaN in `rows`  @returns the parts, ascending in `by`; ties in order of the row */
export function inParts(rows: Int32Array, by: ArrayLike<number>, { least, most }: Parts): Int32Array[] {
  const parts = Math.max(1, Math.min(most, Math.floor(rows.length / least)))
  const ordered = Int32Array.from(rows).sort((a, b) => by[a]! - by[b]! || a - b)
  const cut = (part: number): number => Math.floor((part * ordered.length) / parts)
  return Array.from({ length: parts }, (_, part) => ordered.slice(cut(part), cut(part + 1)))
}
