/** What must not compile of verbs and their options; the type check (`npm run types`) reads this, nothing runs it. */
import { day, defaulting, flag, optional, positive, required } from '../../../api/cli/options.ts'
import { declared, type Verb } from '../../../api/cli/verb.ts'

interface Options {
  readonly contract: string
  readonly workers?: number
  readonly format: 'csv' | 'fhir'
}
const load = async (): Promise<Verb<Options>> => async () => undefined
const description = 'for the type check alone'
const contract = required('<file>', 'the contract')
const workers = optional('<n>', 'how many', positive)
const format = defaulting('<format>', 'how it is written', ['csv', 'fhir'], 'csv')

export const compiles = [
  declared({ description, options: { contract, workers, format }, load }),
  declared({ description, options: { contract, format }, load }),
]

export const doesNotCompile = () => [
  // @ts-expect-error an option that the verb needs is not declared
  declared({ description, options: { contract, workers }, load }),
  // @ts-expect-error what the verb needs may be left out
  declared({ description, options: { contract: optional('<file>', 'the contract'), format }, load }),
  // @ts-expect-error an option that the verb does not take
  declared({ description, options: { contract, format, gzip: flag('gzip it') }, load }),
  // @ts-expect-error a text where the verb takes a number
  declared({ description, options: { contract, format, workers: optional('<n>', 'how many') }, load }),
  // @ts-expect-error a word that the verb does not know
  declared({ description, options: { contract, format: required('<format>', 'how', ['csv', 'omop']) }, load }),
  // @ts-expect-error a default that is not one of the words
  defaulting('<format>', 'how it is written', ['csv', 'fhir'], 'omop'),
  // @ts-expect-error a default that is not what the option is read as
  defaulting('<date>', 'as known on this day', day, 1),
]
