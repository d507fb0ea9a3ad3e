/** Constants with a source: what is so from one day to another, who says it, and how sure that is. */
import type { Day } from '../kernel/calendar.ts'
import { Refusal } from '../kernel/refusal.ts'

/** S: read in a public source. D: derived from such. GK: general knowledge. GK-low: a weak memory of it. NF: looked for and not found. */
export const CERTAINTIES = ['S', 'D', 'GK', 'GK-low', 'NF'] as const
export type Certainty = (typeof CERTAINTIES)[number]

export interface Constant {
  readonly key: string
  /** null: nobody knows it yet (NF alone) */
  readonly value: number | string | null
  readonly unit: string
  readonly validFrom: Day
  /** the last day; null: until further notice */
  readonly validTo: Day | null
  readonly source: string
  readonly certainty: Certainty
}

/** By key, each in order of its days, which do not overlap. */
export type Constants = ReadonlyMap<string, readonly Constant[]>

/** The constant that holds on a day.
 *  @throws Refusal `unknown_constant`, or `constant_out_of_date` if the key is known and has no value for that day */
export function constantOn(constants: Constants, key: string, day: Day): Constant {
  const known = constants.get(key)
  if (known === undefined)
    throw new Refusal('unknown_constant', `There is no constant ${key}; add it in the region's constants/*.yaml.`, {
      key,
    })
  const found = known.find(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
  if (found) return found
  const spans = known.map(({ validFrom, validTo }) => `${validFrom} to ${validTo ?? 'further notice'}`).join(', ')
  throw new Refusal(
    'constant_out_of_date',
    `Constant ${key} has no value on ${day}; it holds from ${spans}. Add one for that day in the region's constants/*.yaml.`,
    { key, day },
  )
}

/** Its value as a number. @throws Refusal those of `constantOn`, and `constant_not_supplied` where it is no number */
export function numberOn(constants: Constants, key: string, day: Day): number {
  const { value } = constantOn(constants, key, day)
  if (typeof value === 'number') return value
  throw new Refusal(
    'constant_not_supplied',
    `Constant ${key} is ${value === null ? 'not known' : `the text "${value}"`} on ${day}; a number is needed here: give the region's own in constants/*.yaml.`,
    { key, day },
  )
}

/** Whether a contract may be computed with it and not be released: the region has to supply its own first. */
const holdsBack = ({ certainty, value }: Constant): boolean =>
  certainty === 'GK-low' || certainty === 'NF' || value === null

/** What keeps a release from being made, a sentence for each constant that holds it back, in order of key. */
export const releaseHeldBy = (used: readonly Constant[]): readonly string[] =>
  [...new Map(used.filter(holdsBack).map((constant) => [constant.key, constant])).values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(
      ({ key, certainty, source }) =>
        `Constant ${key} is marked ${certainty} (${source}): with it a contract is computed and shown, and released when the region has supplied its own in constants/*.yaml.`,
    )
