/** Says at a terminal of its own why verbs did not do their work: of each kind of failure in turn, under a heading on both streams.
 *  arguments: what the failures know of, and `--json` if documents are wanted */
import { debugging, openTerminal } from '../../../api/cli/terminal.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { refusalOf } from '../../../jobs/queue/failure.ts'

const known = process.argv[2] ?? ''
const failures: Readonly<Record<string, unknown>> = {
  refusal: new Refusal('unknown_contract', `There is no contract ${known}.`, { contract: known }),
  bug: new TypeError(`Cannot read ${known}`, { cause: new Error('what was behind it') }),
  run: refusalOf(`Cannot read ${known}`),
  text: known,
}
const terminal = openTerminal({ json: process.argv.includes('--json'), debug: debugging(process.env) })
for (const [kind, failure] of Object.entries(failures)) {
  for (const stream of [process.stdout, process.stderr]) stream.write(`\n# ${kind}\n`)
  terminal.failure(failure)
}
