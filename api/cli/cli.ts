/** ENTRY: the command line. Verbs and options are those of the interface; each verb's rooms are loaded only when it is asked for. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { debugging, openTerminal } from './terminal.ts'

const exitFailure = 1
const exitUsage = 2

const day = (text: string) => {
  if (!isDay(text)) throw new InvalidArgumentError('a day is written YYYY-MM-DD.')
  return text
}
const positive = (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 up is wanted.')
  return value
}
const whole = (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number from 0 up is wanted.')
  return value
}
const decimal = (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number is wanted.')
  return value
}
const share = (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('a share from 0 to 1 is wanted.')
  return value
}

const importOptions = (command: Command) =>
  command
    .requiredOption('--data <dir>', 'the dataset: a directory of CSV files, or what --format says')
    .option('--region <name>', "the region it belongs to (default: the directory's own name)")
    .addOption(
      new Option('--format <format>', 'how it is written').choices(['csv', 'fhir', 'omop', 'his']).default('csv'),
    )
    .option('--delivered <date>', 'the day from which it is known (default: the latest date in it)', day)
    .option('--max-rejects <share>', 'the share of rejected rows of any file above which nothing is kept', share, 0.05)
    .option('--pseudonymise', 'turn every patient id into a keyed HMAC (the key: WINST_PSEUDONYM_KEY)')

const settleOptions = (command: Command) =>
  command
    .requiredOption('--contract <file>', 'the contract, YAML')
    .option('--as-of <date>', 'as known on this day (default: the latest delivery)', day)

function program(dispatch: (verb: string, options: Record<string, unknown>) => void): Command {
  const root = new Command('winst')
    .description('gezondheidswinst: from a region’s files to expected results, realised gains and a settlement')
    .option('--json', 'print one JSON document on stdout and nothing else there')
    .showHelpAfterError('(winst VERB --help tells what a verb takes)')
    .exitOverride()
  const verb = (name: string, description: string) =>
    root
      .command(name)
      .description(description)
      .addOption(new Option('--json', 'print one JSON document on stdout').hideHelp())
      .allowExcessArguments(false)
      .exitOverride()
      .action((...given: unknown[]) => {
        const command = given.at(-1) as Command
        dispatch(name, { ...command.optsWithGlobals(), arguments: command.args })
      })

  settleOptions(
    importOptions(verb('run', 'the main job: import, train, expect, realise, settle; writes every file to OUT')),
  )
    .requiredOption('--out <dir>', 'where the files are written')
    .option('--workers <n>', 'how many workers share the work (default: the processors)', positive)
  importOptions(verb('import', 'import a dataset, and nothing more')).option(
    '--out <dir>',
    'where rejects.csv is written (default: beside the store)',
  )
  verb('export', 'a region as known on a day, as CSV, Parquet, FHIR, OMOP or a declaration file')
    .requiredOption('--out <dir>', 'an empty directory, or a new one')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['csv', 'parquet', 'fhir', 'omop', 'declarations'])
        .default('csv'),
    )
    .option('--region <name>', 'the region (default: the only one)')
    .option('--as-of <date>', 'as known on this day (default: the latest delivery)', day)
    .option('--settlement <id>', 'its expectations and gains in the shape of OMOP, instead of the facts')
    .option('--gzip', 'gzip what is text')
  verb('backtest', 'out-of-fold expectations at every landmark')
    .requiredOption('--data <dir>', 'the dataset: a directory of CSV files')
    .requiredOption('--programme <programme>', 'the programme, dm2 for instance')
    .requiredOption('--measure <measure>', 'the measure, hba1c for instance')
    .requiredOption('--out <dir>', 'where backtest.csv and its model card are written')
    .option('--folds <file>', 'patient_id,fold: patients it does not name are left out')
    .option('--horizon-days <n>', 'days from the landmark to the result', positive, 365)
    .option('--window-days <n>', 'how far from it a reading may lie', whole, 120)
    .option('--max-rejects <share>', 'the share of rejected rows of any file above which it fails', share, 0.05)
  settleOptions(verb('train', 'train the models of a contract on what is imported'))
    .option('--region <name>', 'the region (default: the only one)')
    .option('--workers <n>', 'how many workers share the work', positive)
  settleOptions(verb('settle', 'settle a contract on what is imported'))
    .option('--region <name>', 'the region (default: the only one)')
    .option('--workers <n>', 'how many workers share the work', positive)
    .option('--out <dir>', 'where the files are written')
  verb('models', 'the models there are, with their state; makes one payable, or retires it')
    .option('--approve <id>', 'make this model payable')
    .option('--retire <id>', 'retire this model')
    .option('--by <name>', 'who decides')
    .option('--on <date>', 'the day of the decision', day)
    .option('--because <reason>', 'why')
  verb('explain', 'from a cent back to its rows')
    .requiredOption('--settlement <id>', 'the settlement')
    .requiredOption('--partner <partner>', 'the partner')
    .option('--patient <patient>', 'one of its patients')
  const act = (name: string, description: string) =>
    verb(name, `${description}, in the name of the token in WINST_TOKEN`)
      .requiredOption('--settlement <id>', 'the settlement')
      .option('--on <date>', 'the day on which it is done (default: today)', day)
      .option('--note <text>', 'what there is to say about it')
  act('review', 'review a prepared settlement')
  act('release', 'release a reviewed settlement').option(
    '--provisional',
    'pay the advance share; the final comes later',
  )
  act('reject', 'reject a settlement that is not released')
  act('pay', 'pay a released settlement')
  verb('advance', 'pay the advances of a quarter day, in the name of the token in WINST_TOKEN')
    .requiredOption('--contract <id>', 'the contract, by its id')
    .requiredOption('--quarter-day <date>', 'a quarter day of its period', day)
    .option('--region <name>', 'the region (default: the only one)')
    .option('--as-of <date>', 'as known on this day (default: the latest delivery)', day)
    .option('--on <date>', 'the day on which they are paid (default: today)', day)
  verb('correct', 'settle a settlement anew on what is known by now, with its frozen models')
    .option('--settlement <id>', 'the settlement to correct')
    .addOption(new Option('--cause <cause>', 'why').choices(['late_data', 'defect']))
    .option('--note <text>', 'what was late or defective')
    .option('--dispute <n>', 'instead: a dispute that was upheld', positive)
    .option('--as-of <date>', 'as known on this day (default: the latest delivery)', day)
    .option('--workers <n>', 'how many workers share the work', positive)
    .option('--out <dir>', 'where the files are written')
  verb('dispute', 'what would change if a fact is wrong; with --file, a dispute about it')
    .requiredOption('--settlement <id>', 'the settlement')
    .requiredOption('--partner <partner>', 'the partner that disputes, whose token is in WINST_TOKEN')
    .requiredOption('--patient <patient>', 'the patient that is not its own, or of whom a value is wrong')
    .option('--measure <measure>', 'the measure whose value is wrong')
    .option('--observed-on <date>', 'the day of that value', day)
    .option('--value <number>', 'what it should be (left out: nothing was read)', decimal)
    .option('--file <evidence>', 'file it, with what shows it')
    .option('--on <date>', 'the day on which it is filed (default: today)', day)
  verb('rule', 'rule on a dispute, in the name of the token in WINST_TOKEN')
    .requiredOption('--dispute <n>', 'the dispute', positive)
    .addOption(new Option('--verdict <verdict>', 'the ruling').choices(['upheld', 'dismissed']).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why')
    .option('--on <date>', 'the day of the ruling (default: today)', day)
    .option('--correct', 'if it is upheld: run the correction that follows from it, prepared by who rules')
    .option('--workers <n>', 'how many workers share the work', positive)
  verb('ledger', 'the balances of the book, and where it ends')
    .option('--contract <id>', 'of one contract')
    .option('--posted-on <date>', 'posted up to this day', day)
    .option('--recorded <n>', 'recorded up to this entry', whole)
  verb('difference', 'what changed between two settlements of a contract, to the cent, by cause')
    .requiredOption('--from <id>', 'the one settlement')
    .requiredOption('--to <id>', 'the other')
  verb('bundle', 'the frozen inputs of a settlement, in one file')
    .requiredOption('--settlement <id>', 'the settlement')
    .requiredOption('--out <file>', 'the bundle')
  verb('verify', 'check a bundle, offline').argument('<file>', 'the bundle')
  verb('design', 'before signing: what a contract would pay under no effect and under given effects')
    .requiredOption('--contract <file>', 'the contract, YAML')
    .requiredOption('--data <dir>', 'the dataset')
    .requiredOption('--out <dir>', 'where the files are written')
  verb('generate', 'a synthetic region, with the truth beside it')
    .requiredOption('--out <dir>', 'where the files are written')
    .option('--patients <n>', 'how many patients', positive, 4000)
    .option('--seed <n>', 'the same seed writes the same bytes', whole, 1)
    .option('--effects <file>', 'the effects to plant, YAML')
  verb('serve', 'the API, with its first page')
    .option('--port <n>', 'the port (default: PORT, or 8080)', whole)
    .option('--host <host>', 'the address to listen on (default: HOST, or 127.0.0.1)')
    .option('--issue-token <role[:subject]>', 'print a new bearer token for this role, then serve')
  verb('token', 'print a new bearer token for somebody; it cannot be asked for again').argument(
    '<role[:name]>',
    'analyst:NAME, insurer:UZOVI, partner:ID or researcher:NAME',
  )
  verb('worker', 'a queue worker; any number of them').option('--concurrency <n>', 'jobs at a time', positive)
  verb('migrate', 'bring the database schema up to date')
  return root
}

/** Runs one verb; the exit status is 0 on success, 1 on a failure of the work, 2 on wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  let asked: { verb: string; options: Record<string, unknown> } | undefined
  try {
    program((verb, options) => (asked = { verb, options })).parse([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage
    throw error
  }
  if (!asked) return exitUsage
  const json = asked.options.json === true
  const terminal = openTerminal({ json, debug: debugging(process.env) })
  try {
    const { verbs } = await import('./verbs/index.ts')
    const run = await verbs[asked.verb as keyof typeof verbs]()
    const document = await run(asked.options as never, { terminal, json })
    if (json && document !== undefined) terminal.document(document)
    return 0
  } catch (error) {
    terminal.failure(error)
    return error instanceof Refusal && error.code === 'usage' ? exitUsage : exitFailure
  }
}

if (import.meta.url === `file://${process.argv[1]}` || process.argv[1]?.endsWith('/cli.ts')) {
  process.exitCode = await main(process.argv.slice(2))
}
