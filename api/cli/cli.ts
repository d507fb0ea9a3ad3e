/** ENTRY: the command line. Verbs and options are those of the interface; each verb's module is loaded only when it runs. */
import { Command, CommanderError, Option } from 'commander'
import { outageOf } from '../../data/postgres/outage.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { addOptions } from './options.ts'
import { debugging, openTerminal } from './terminal.ts'
import type { DeclaredVerb } from './verb.ts'
import { VERBS } from './verbs.ts'

const exitFailure = 1
const exitUsage = 2
const lingerMs = 1_000

interface Asked {
  readonly verb: DeclaredVerb
  readonly options: { readonly json?: boolean; readonly arguments: readonly string[] }
}

/** The command line as it is declared; `ask` is called with the verb and its options. */
function program(ask: (asked: Asked) => void): Command {
  const root = new Command('winst')
    .description('gezondheidswinst: from a region’s files to expected results, realised gains and a settlement')
    .option('--json', 'print one JSON document on stdout and nothing else there')
    .showHelpAfterError('(winst VERB --help shows the options of a verb)')
    .exitOverride()
  for (const [name, verb] of Object.entries(VERBS)) {
    const command = root
      .command(name)
      .description(verb.description)
      .addOption(new Option('--json', 'print one JSON document on stdout').hideHelp())
      .allowExcessArguments(false)
      .exitOverride()
      .action((...given: unknown[]) => {
        const command = given.at(-1) as Command
        ask({ verb, options: { ...command.optsWithGlobals(), arguments: command.args } })
      })
    if (verb.argument) command.argument(...verb.argument)
    addOptions(command, verb.options)
  }
  return root
}

/** Runs one verb; the exit status is 0 on success, 1 on a failure of the work, 2 on wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  let asked: Asked | undefined
  try {
    program((what) => (asked = what)).parse([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage
    throw error
  }
  if (!asked) return exitUsage
  const { verb, options } = asked
  const json = options.json === true
  const terminal = openTerminal({ json, debug: debugging(process.env) })
  try {
    const document = await verb.run(options, { terminal, json })
    if (json && document !== undefined) terminal.document(document)
    return 0
  } catch (error) {
    terminal.failure(error)
    return error instanceof Refusal && error.code === 'usage' ? exitUsage : exitFailure
  }
}

if (import.meta.url === `file://${process.argv[1]}` || process.argv[1]?.endsWith('/cli.ts')) {
  const argv = process.argv.slice(2)
  // An error outside any awaited promise: reported as a sentence, like any other failure of a verb.
  process.on('uncaughtException', (error) => {
    const told = outageOf(error, process.env.DATABASE_URL || undefined) ?? error
    openTerminal({ json: argv.includes('--json'), debug: debugging(process.env) }).failure(told)
    process.exit(exitFailure)
  })
  process.exitCode = await main(argv)
  // An open connection to a lost service must not keep a finished process alive.
  setTimeout(() => process.exit(), lingerMs).unref()
}
