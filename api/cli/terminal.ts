/** Output of the command line: results on stdout, progress and errors on stderr, one JSON document with --json. */
import { outageOf } from '../../data/postgres/outage.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { progressOn, type Progress } from './progress.ts'

export interface Terminal {
  readonly progress: Progress
  /** A line for people, on stdout; silent with --json. */
  readonly line: (text: string) => void
  /** The JSON document of `--json`. */
  readonly document: (value: unknown) => void
  /** Reports why a verb failed: a refusal by its own sentence, a bug by a fixed one. */
  readonly failure: (error: unknown) => void
  /** Prints the stack of a bug, with WINST_DEBUG only, as it may contain any data. */
  readonly bug: (error: unknown) => void
}

export interface TerminalSettings {
  readonly json: boolean
  /** print stacks of bugs (WINST_DEBUG) */
  readonly debug: boolean
}

/** Whether WINST_DEBUG is set. */
export const debugging = ({ WINST_DEBUG = '' }: NodeJS.ProcessEnv): boolean => !['', '0', 'false'].includes(WINST_DEBUG)

export function openTerminal({ json, debug }: TerminalSettings): Terminal {
  const progress = progressOn(process.stderr)
  const bug = (error: unknown): void => {
    if (debug) progress.note(stackOf(error))
  }
  return {
    progress,
    line: (text) => {
      if (!json) process.stdout.write(`${text}\n`)
    },
    document: (value) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    failure: (error) => {
      progress.close()
      const { code, message, facts, cause } = refusalFor(error)
      process.stderr.write(`winst: ${message}${cause !== undefined && !debug ? ` ${HOW_TO_REPORT}` : ''}\n`)
      if (cause !== undefined) bug(cause)
      if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, facts } }, null, 2)}\n`)
    },
    bug,
  }
}

const HOW_TO_REPORT = 'Run it again with WINST_DEBUG=1, which tells where, and report it with what that prints.'

/** A refusal as it is, an outage in its sentence; anything else is a bug, which stays the cause of a sentence of ours. */
function refusalFor(error: unknown): Refusal {
  const outage = outageOf(error)
  if (outage) return outage
  const kind = error instanceof Error ? error.name : typeof error
  return new Refusal('internal', `A fault of the program (${kind}), not of what it was given.`, {}, { cause: error })
}

const stackOf = (error: unknown): string =>
  error instanceof Error
    ? [error.stack ?? String(error), ...(error.cause === undefined ? [] : [`caused by ${stackOf(error.cause)}`])].join(
        '\n',
      )
    : String(error)
