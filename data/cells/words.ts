/** Words that files write in place of those of the interface (words.yaml): for nothing, for a sex, for yes and no. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const kinds = ['sex', 'boolean', 'main_practitioner', 'end_reason', 'kind', 'code_system'] as const
export type WordKind = (typeof kinds)[number]

interface WordFile extends Readonly<Record<WordKind, Readonly<Record<string, readonly string[]>>>> {
  readonly null: readonly string[]
  readonly nothing: readonly string[]
  readonly no_day: readonly string[]
  readonly sex_numbers: Readonly<Record<string, string>>
}

const file = parse(readFileSync(new URL('words.yaml', import.meta.url), 'utf8')) as WordFile

/** The interface's word by every word that stands for it, itself among them. */
const meanings = (words: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(words).flatMap(([meaning, others]) =>
      [meaning.toLowerCase(), ...others].map((word) => [word, meaning] as const),
    ),
  )

export const WORDS = {
  null: new Set(file.null),
  nothing: new Set([...file.null, ...file.nothing]),
  noDay: new Set(file.no_day),
  sexNumbers: new Map(Object.entries(file.sex_numbers)),
  ...(Object.fromEntries(kinds.map((kind) => [kind, meanings(file[kind])])) as Record<
    WordKind,
    ReadonlyMap<string, string>
  >),
} as const

/** What a word means in the interface; undefined if nobody says. */
export const meaningOf = (kind: WordKind, word: string): string | undefined => WORDS[kind].get(word.toLowerCase())
