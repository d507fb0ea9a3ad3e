/** The three kinds of error: a refusal, an issue of a row, a broken invariant. */
import type { RefusalCode } from './refusal-codes.ts'

/** Input that breaks a rule: a clear sentence, with a code that the API and the command line translate.
 *  The sentence says what, where, and what would be right; `facts` carries the same for programs. `cause` is for the log alone. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
    options?: { readonly cause: unknown },
  ) {
    super(message, options)
  }
}

/** One fault of one row of one file: it never stops an import, it is counted and written to rejects.csv. */
export interface Issue {
  readonly file: string
  /** 1-based; the header is line 1 */
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

/** Stops on a bug: `condition` must hold for any input. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${what}`)
}
