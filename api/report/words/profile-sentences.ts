/** The suspicions of a profile as sentences, on the page and at the terminal. */
import type { DisclosedProfile } from '../../views/profile.ts'
import type { Format } from './format.ts'
import type { ProfileWords } from './profile-words.ts'

/** Names and titles in the reader's language. */
export interface Told {
  readonly profile: DisclosedProfile
  readonly words: ProfileWords
  readonly format: Format
  readonly titleOf: (measure: string) => string
  readonly nameOf: (partner: string) => string
}

export function sentencesOf(told: Told): string[] {
  const { profile, words, format } = told
  const { late } = profile
  return [
    ...pairSentences(told),
    ...daySentences(told),
    ...digitSentences(told),
    ...(late.after !== null && late.readings !== 0
      ? [words.late(countOf(told, late.readings), format.day(late.after))]
      : []),
  ]
}

export const countOf = ({ words, format }: Told, count: number | null): string =>
  count === null ? words.few : format.count(count)

const pairSentences = (told: Told): string[] =>
  told.profile.pairs.map(({ rule, measure, pairs, partners }) => {
    const named = partners.map(({ partner, pairs: own }) => `${told.nameOf(partner)} (${told.format.count(own)})`)
    const sentence = rule === 'jump' ? told.words.jump : told.words.swapped
    const of = named.length === 0 ? '' : told.words.ofPartners(named.join(', '))
    return sentence(told.titleOf(measure), countOf(told, pairs), of)
  })

const daySentences = (told: Told): string[] =>
  told.profile.days.map(({ rule, of, name, day, share }) => {
    const whose = of === 'measure' ? told.titleOf(name) : told.nameOf(name)
    const date = day.length > 5 ? told.format.day(day) : told.format.day(`0000-${day}`).replace(/ 0000$/, '')
    return (rule === 'placeholder_day' ? told.words.placeholder : told.words.outlying)(
      whose,
      date,
      told.format.percent(share),
    )
  })

function digitSentences({ profile, words, format, titleOf, nameOf }: Told): string[] {
  return profile.measures.flatMap(({ measure, digits, preferred, preferring }) => {
    const shown = (digit: number, share: number | undefined): string => `${digit} (${format.percent(share ?? null)})`
    const all = preferred.map((digit) => shown(digit, digits?.[digit]))
    const some = preferring
      .filter(({ digit }) => !preferred.includes(digit))
      .map(({ partner, digit, share }) => words.digit(`${titleOf(measure)}, ${nameOf(partner)}`, shown(digit, share)))
    return all.length === 0 ? some : [words.digit(titleOf(measure), all.join(', ')), ...some]
  })
}
