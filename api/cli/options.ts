/** The options that a verb takes, declared once: how they are written and explained, and the type in which the verb gets them. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Day, isDay } from '../../engine/kernel/calendar.ts'

/** Reads the value of an option.
 *  @throws InvalidArgumentError which says what is wanted */
export type Reader<Value> = (text: string) => Value

/** One option. Its name is the key under which it is declared: `asOf` is written `--as-of`. */
export interface Declared<Value, Given extends boolean = boolean> {
  /** what stands for the value in the help; null: the option has none */
  readonly placeholder: string | null
  readonly description: string
  /** how the value is read, or the few words it may be; null: any text */
  readonly kind: Reader<Value> | readonly Value[] | null
  /** the value where it is left out */
  readonly otherwise: Value | undefined
  /** the verb always gets a value: it must be given, or has one of its own */
  readonly given: Given
}

export type Declarations = { readonly [name: string]: Declared<unknown> }

type ValueOf<D> = D extends Declared<infer Value> ? Value : never
type Given<D> = { [Name in keyof D]: D[Name] extends Declared<unknown, true> ? Name : never }[keyof D]

/** What a verb gets that declares these options. */
export type OptionsOf<D> = { readonly [Name in Given<D>]: ValueOf<D[Name]> } & {
  readonly [Name in Exclude<keyof D, Given<D>>]?: ValueOf<D[Name]>
}

type Kind<Value> = NonNullable<Declared<Value>['kind']>

/** An option that must be given. */
export function required(placeholder: string, description: string): Declared<string, true>
export function required<const V>(placeholder: string, description: string, kind: Kind<V>): Declared<V, true>
export function required<V>(
  placeholder: string,
  description: string,
  kind: Kind<V> | null = null,
): Declared<V | string, true> {
  return { placeholder, description, kind, otherwise: undefined, given: true }
}

/** An option that may be left out. */
export function optional(placeholder: string, description: string): Declared<string, false>
export function optional<const V>(placeholder: string, description: string, kind: Kind<V>): Declared<V, false>
export function optional<V>(
  placeholder: string,
  description: string,
  kind: Kind<V> | null = null,
): Declared<V | string, false> {
  return { placeholder, description, kind, otherwise: undefined, given: false }
}

/** An option that has a value of its own where it is left out. */
export const defaulting = <const V>(
  placeholder: string,
  description: string,
  kind: Kind<V>,
  otherwise: NoInfer<V>,
): Declared<V, true> => ({ placeholder, description, kind, otherwise, given: true })

/** An option without a value: it is there or not. */
export const flag = (description: string): Declared<true, false> => ({
  placeholder: null,
  description,
  kind: null,
  otherwise: undefined,
  given: false,
})

export const day: Reader<Day> = (text) => {
  if (!isDay(text)) throw new InvalidArgumentError('a day is written YYYY-MM-DD.')
  return text
}

const numberReader =
  (holds: (value: number) => boolean, wanted: string): Reader<number> =>
  (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && holds(value)) return value
    throw new InvalidArgumentError(`${wanted} is wanted.`)
  }

export const positive = numberReader((x) => Number.isInteger(x) && x >= 1, 'a whole number from 1 up')
export const whole = numberReader((x) => Number.isInteger(x) && x >= 0, 'a whole number from 0 up')
export const decimal = numberReader(() => true, 'a number')
export const share = numberReader((x) => x >= 0 && x <= 1, 'a share from 0 to 1')

/** Tells a command of the options, in their order. */
export function addOptions(command: Command, declarations: Declarations): void {
  for (const [name, { placeholder, description, kind, otherwise, given }] of Object.entries(declarations)) {
    const written = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    const option = new Option(placeholder === null ? written : `${written} ${placeholder}`, description)
    if (typeof kind === 'function') option.argParser(kind)
    else if (kind) option.choices(kind.map(String))
    if (otherwise !== undefined) option.default(otherwise)
    command.addOption(option.makeOptionMandatory(given && otherwise === undefined))
  }
}
