/** The suspicions of a profile as sentences, on the page and at the terminal. */
import type { DisclosedProfile } from '../../views/profile.ts'
import type { Format } from './format.ts'
import type { ProfileWords } from './profile-words.ts'

/** Names and titles in the reader's language. */
export interface ProfileText {
  readonly profile: DisclosedProfile
  readonly words: ProfileWords
  readonly format: Format
  readonly titleOf: (measure: string) => string
  readonly nameOf: (partner: string) => string
}

export function sentencesOf(text: ProfileText): string[] {
  const { profile, words, format } = text
  const { late } = profile
  return [
    ...pairSentences(text),
    ...daySentences(text),
    ...digitSentences(text),
    ...(late.after !== null && late.readings !== 0
      ? [words.late(countOf(text, late.readings), format.day(late.after))]
      : []),
    ...profile.outside_lives.map(({ table, when, rows }) =>
      words.outsideLife[when](words.tables[table], countOf(text, rows)),
    ),
  ]
}

export const countOf = ({ words, format }: ProfileText, count: number | null): string =>
  count === null ? words.few : format.count(count)

const pairSentences = (text: ProfileText): string[] =>
  text.profile.pairs.map(({ rule, measure, pairs, partners }) => {
    const named = partners.map(({ partner, pairs: own }) => `${text.nameOf(partner)} (${text.format.count(own)})`)
    const sentence = rule === 'jump' ? text.words.jump : text.words.swapped
    const of = named.length === 0 ? '' : text.words.ofPartners(named.join(', '))
    return sentence(text.titleOf(measure), countOf(text, pairs), of)
  })

const daySentences = (text: ProfileText): string[] =>
  text.profile.days.map(({ rule, of, name, day, share }) => {
    const whose = of === 'measure' ? text.titleOf(name) : text.nameOf(name)
    const date = day.length > 5 ? text.format.day(day) : text.format.day(`0000-${day}`).replace(/ 0000$/, '')
    return (rule === 'placeholder_day' ? text.words.placeholder : text.words.outlying)(
      whose,
      date,
      text.format.percent(share),
    )
  })

function digitSentences({ profile, words, format, titleOf, nameOf }: ProfileText): string[] {
  return profile.measures.flatMap(({ measure, digits, preferred, preferring }) => {
    const shown = (digit: number, share: number | undefined): string => `${digit} (${format.percent(share ?? null)})`
    const all = preferred.map((digit) => shown(digit, digits?.[digit]))
    const some = preferring
      .filter(({ digit }) => !preferred.includes(digit))
      .map(({ partner, digit, share }) => words.digit(`${titleOf(measure)}, ${nameOf(partner)}`, shown(digit, share)))
    return all.length === 0 ? some : [words.digit(titleOf(measure), all.join(', ')), ...some]
  })
}
