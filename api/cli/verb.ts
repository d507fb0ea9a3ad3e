/** What a verb of the command line is, and how one is declared. */
import type { Declarations, OptionsOf } from './options.ts'
import type { Terminal } from './terminal.ts'

/** What every verb is given besides its own options. */
export interface VerbContext {
  readonly terminal: Terminal
  readonly json: boolean
}

/** A verb does its work and returns the one document that `--json` prints. */
export type Verb<Options> = (options: Options, context: VerbContext) => Promise<unknown>

/** The words that follow a verb, in their order. */
export interface Arguments {
  readonly arguments: readonly string[]
}

export interface DeclaredVerb {
  readonly description: string
  /** the word that must follow it, as the help writes it and what it is; null: none may */
  readonly argument: readonly [placeholder: string, description: string] | null
  readonly options: Declarations
  /** Loads what the verb needs, and runs it with its options as they were read. */
  readonly run: Verb<unknown>
}

/** Nothing more where the verb can work with what it is declared to take, and takes all that is declared; else a type that nothing has. */
type Fits<D, Options> = [OptionsOf<D> & Arguments] extends [Options]
  ? [Exclude<keyof D, keyof Options>] extends [never]
    ? unknown
    : { readonly notTakenByTheVerb: Exclude<keyof D, keyof Options> }
  : { readonly notEnoughForTheVerb: Options }

/** Declares a verb. What does the work is named by `load`, which is called only when the verb is asked for: it may import what it likes. */
export function declared<D extends Declarations, Options>(
  verb: {
    readonly description: string
    readonly argument?: DeclaredVerb['argument']
    readonly options: D
    readonly load: () => Promise<Verb<Options>>
  } & Fits<D, Options>,
): DeclaredVerb {
  const { description, argument = null, options, load } = verb
  // What was read for `options` is of the type that `Fits` compared with the verb's.
  const run: DeclaredVerb['run'] = async (given, context) => (await load())(given as Options, context)
  return { description, argument, options, run }
}
