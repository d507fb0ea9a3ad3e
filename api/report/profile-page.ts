/** The profile of a delivery as a self-contained page. */
import type { Profile } from '../../data/profile/shape.ts'
import type { DisclosedMissing, DisclosedProfile } from '../views/profile.ts'
import { formatOf, type Lang } from './words/format.ts'
import { markup, type Html } from './elements/html.ts'
import { pageOf } from './elements/page.ts'
import { countOf, sentencesOf, type ProfileText } from './words/profile-sentences.ts'
import { PROFILE_WORDS } from './words/profile-words.ts'
import { numeric, tableOf, text } from './elements/table.ts'

/** A disclosed profile with the words of one language. */
export const inWords = (
  profile: DisclosedProfile,
  { names, titles }: Pick<Profile, 'names' | 'titles'>,
  lang: Lang,
): ProfileText => ({
  profile,
  words: PROFILE_WORDS[lang],
  format: formatOf(lang),
  titleOf: (measure) => titles[measure]?.[lang] ?? measure,
  nameOf: (partner) => names[partner] ?? partner,
})

/** The whole page as HTML text; every text from outside is escaped. */
export function profilePageOf(view: ProfileText): string {
  const { profile, words, format } = view
  return pageOf({
    lang: format.lang,
    title: `${words.title}: ${profile.region}`,
    skip: words.skip,
    cover: markup`
            <h1>${words.title}<br />${profile.region}</h1>
            <p>
              ${words.delivered} ${format.day(profile.delivered_on)} · ${words.readings}: ${countOf(view, profile.readings)}
            </p>
          `,
    lead: markup`<p class="lead">${words.intro}</p>`,
    sections: profileSections(view),
  })
}

/** What the page says, part by part; those with nothing to say are left out. */
export function profileSections(
  view: ProfileText,
): { readonly id: string; readonly title: string; readonly body: Html }[] {
  const { words } = view
  const sections: readonly (readonly [string, string, Html | null])[] = [
    ['look', words.look, lookOf(view)],
    ['measures', words.measures, measuresOf(view)],
    ['missing', words.missing, missingOf(view)],
    ['digits', words.digits, digitsOf(view)],
    ['refused', words.refused, refusedOf(view)],
    ['rules', words.rules, rulesOf(view)],
  ]
  return sections.flatMap(([id, title, body]) => (body === null ? [] : [{ id, title, body }]))
}

function lookOf(view: ProfileText): Html {
  const sentences = sentencesOf(view)
  if (sentences.length === 0) return markup`<p>${view.words.nothing}</p>`
  return markup`<ul class="limits">${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`
}

function measuresOf(view: ProfileText): Html {
  const { profile, words, format, titleOf } = view
  const decimals = (x: number): string => format.number(x, Number.isInteger(x) ? 0 : x < 1 ? 2 : 1)
  const unitsOf = (units: DisclosedProfile['measures'][number]['units']): string =>
    units
      .map(({ unit, converted, rows }) => {
        const name = unit === '' ? words.noUnit : unit
        return `${name}: ${countOf(view, rows)}${converted ? ` (${words.converted})` : ''}`
      })
      .join('; ')
  return markup`<p>${words.measuresIntro}</p>
    ${tableOf(
      words.measures,
      [
        text(words.measure),
        numeric(words.readings),
        numeric(words.patients),
        numeric(words.spread),
        numeric(words.unusual),
        text(words.units),
      ],
      profile.measures.map(({ measure, unit, readings, patients, quantiles, unusual, units }) => ({
        cells: [
          `${titleOf(measure)} (${unit})`,
          countOf(view, readings),
          countOf(view, patients),
          quantiles === null ? '–' : quantiles.map(decimals).join(' · '),
          countOf(view, unusual),
          unitsOf(units),
        ],
      })),
    )}`
}

/** A table a programme: partners down, measures across. */
function missingOf(view: ProfileText): Html | null {
  const { profile, words, titleOf } = view
  if (profile.missing.length === 0) return null
  const programmes = [...new Set(profile.missing.map(({ programme }) => programme))]
  return markup`<p>${words.missingIntro}</p>
    ${programmes.map((programme) => {
      const rows = profile.missing.filter((row) => row.programme === programme)
      const measures = [...new Set(rows.map(({ measure }) => measure))]
      const groups = [...new Map(rows.map((row) => [row.partners.join('\n'), row])).values()]
      const cellOf = (group: DisclosedMissing, measure: string): string =>
        shareOf(
          view,
          rows.find((row) => row.measure === measure && row.partners.join('\n') === group.partners.join('\n'))
            ?.missing ?? null,
        )
      return tableOf(
        programme,
        [text(words.partner), numeric(words.enrolled), ...measures.map((measure) => numeric(titleOf(measure)))],
        groups.map((group) => ({
          cells: [
            groupName(view, group),
            countOf(view, group.enrolled),
            ...measures.map((measure) => cellOf(group, measure)),
          ],
          ...(group.partners.length > 1 ? { kind: 'folded' as const } : {}),
        })),
      )
    })}`
}

const groupName = ({ words, format, nameOf }: ProfileText, { partners }: DisclosedMissing): string =>
  partners.length === 1 ? nameOf(partners[0] ?? '') : words.together(format.count(partners.length))

function shareOf({ words, format }: ProfileText, share: DisclosedMissing['missing']): string {
  if (share === null) return '–'
  if ('lessThan' in share) return `${words.lessThan} ${format.percent(share.lessThan)}`
  return 'moreThan' in share ? `${words.moreThan} ${format.percent(share.moreThan)}` : format.percent(share.share)
}

function digitsOf({ profile, words, format, titleOf }: ProfileText): Html | null {
  const rows = profile.measures.filter(({ digits }) => digits !== null)
  if (rows.length === 0) return null
  const cellOf = (share: number, loud: boolean) =>
    loud ? markup`<strong>${format.percent(share)}</strong>` : format.percent(share)
  return markup`<p>${words.digitsIntro}</p>
    ${tableOf(
      words.digits,
      [text(words.measure), ...Array.from({ length: 10 }, (_, digit) => numeric(String(digit)))],
      rows.map(({ measure, digits, preferred }) => ({
        cells: [titleOf(measure), ...(digits ?? []).map((share, digit) => cellOf(share, preferred.includes(digit)))],
      })),
    )}`
}

function refusedOf(view: ProfileText): Html | null {
  const { profile, words, titleOf } = view
  if (profile.causes.length === 0) return null
  return markup`<p>${words.refusedIntro}</p>
    ${tableOf(
      words.refused,
      [text(words.cause), text(words.measure), numeric(words.rows)],
      profile.causes.map(({ measure, cause, faults }) => ({
        cells: [
          words.names[cause] ?? cause,
          measure === null ? words.anyMeasure : titleOf(measure),
          countOf(view, faults),
        ],
      })),
    )}`
}

const rulesOf = ({ profile, words }: ProfileText): Html =>
  tableOf(
    words.rules,
    [text(words.rule), text(words.source)],
    Object.entries(profile.sources).map(([rule, source]) => ({ cells: [words.names[rule] ?? rule, source] })),
  )
