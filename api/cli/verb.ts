/** What a verb of the command line is. */
import type { Terminal } from './terminal.ts'

/** What every verb is given besides its own options. */
export interface VerbContext {
  readonly terminal: Terminal
  readonly json: boolean
}

/** A verb does its work and returns the one document that `--json` prints. */
export type Verb<Options> = (options: Options, context: VerbContext) => Promise<unknown>
