/** What the command line says and where: results on stdout, progress and trouble on stderr, one JSON document if asked. */
import { outageOf } from '../../data/postgres/outage.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { progressOn, type Progress } from './progress.ts'

export interface Terminal {
  readonly progress: Progress
  /** A line for people, on stdout; silent when a JSON document was asked for. */
  readonly line: (text: string) => void
  /** The JSON document of `--json`. */
  readonly document: (value: unknown) => void
  /** Why a verb did not do its work: a refusal in its own sentence, a bug in ours. */
  readonly failure: (error: unknown) => void
  /** Where a bug is, for whoever set WINST_DEBUG; it may name anything that the program holds. */
  readonly bug: (error: unknown) => void
}

export interface TerminalSettings {
  readonly json: boolean
  /** tell where a bug is (WINST_DEBUG) */
  readonly debug: boolean
}

/** Whether WINST_DEBUG asks where a bug is. */
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
