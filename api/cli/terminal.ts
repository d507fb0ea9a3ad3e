/** What the command line says and where: results on stdout, progress and trouble on stderr, one JSON document if asked. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { progressOn, type Progress } from './progress.ts'

export interface Terminal {
  readonly progress: Progress
  /** A line for people, on stdout; silent when a JSON document was asked for. */
  readonly line: (text: string) => void
  /** The JSON document of `--json`. */
  readonly document: (value: unknown) => void
  /** A refusal is a sentence; a bug keeps its stack. */
  readonly failure: (error: unknown) => void
}

export function openTerminal({ json }: { readonly json: boolean }): Terminal {
  const progress = progressOn(process.stderr)
  return {
    progress,
    line: (text) => {
      if (!json) process.stdout.write(`${text}\n`)
    },
    document: (value) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    failure: (error) => {
      progress.close()
      const said = error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)
      process.stderr.write(`winst: ${said}\n`)
      if (json) {
        const refused = error instanceof Refusal ? error : new Refusal('failed', 'the work failed; see stderr')
        process.stdout.write(
          `${JSON.stringify({ error: { code: refused.code, message: refused.message, facts: refused.facts } }, null, 2)}\n`,
        )
      }
    },
  }
}
