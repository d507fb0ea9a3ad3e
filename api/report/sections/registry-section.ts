/** Models and release: why a settlement is held, the state of every model, the results of its checks. */
import type { Obstacle } from '../../../data/settlements/release-obstacles.ts'
import type { ReportCard } from '../elements/card.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text } from '../elements/table.ts'
import type { View } from '../elements/view.ts'

/** Why the settlement cannot be released, above everything else; nothing where it can. */
export function heldNotice(view: View): Html | null {
  const { held, words } = view
  if (held.length === 0) return null
  const titlesOf = (code: Obstacle['code']): string =>
    held
      .filter((each) => each.code === code)
      .map(({ measure }) => view.titleOf(measure))
      .join(', ')
  return markup`<aside class="limits" aria-label="${words.held}">
    <strong>${words.held}</strong>
    <ul>
      ${[...new Set(held.map(({ code }) => code))].map((code) => markup`<li>${words.obstacles[code](titlesOf(code))}</li>`)}
    </ul>
  </aside>`
}

export function statesTable(view: View, cards: readonly ReportCard[]): Html | null {
  const { words, format, states } = view
  const stateOf = ({ modelId }: ReportCard) => (modelId ? states[modelId] : undefined)
  if (cards.every((card) => stateOf(card) === undefined)) return null
  return tableOf(
    words.modelStates,
    [words.outcome, words.modelState, words.decidedBy, words.decidedOn, words.modelMark].map(text),
    cards.map((card) => {
      const shown = stateOf(card)
      return {
        cells: [
          view.titleOf(card.spec.measure),
          shown ? words.statesOfModel[shown.state] : '–',
          shown?.by ?? '–',
          shown ? format.day(shown.on) : '–',
          markup`<code>${card.modelId?.slice(0, 12) ?? '–'}</code>`,
        ],
      }
    }),
  )
}

type Check = NonNullable<ReportCard['validation']>['checks'][number]

export function checksTable(view: View, cards: readonly ReportCard[]): Html | null {
  const { words } = view
  const rows = cards.flatMap((card) =>
    (card.validation?.checks ?? []).map((check) => ({
      cells: [
        view.titleOf(card.spec.measure),
        words.checks[check.check] ?? check.check,
        foundText(view, check, check.found),
        check.interval === null
          ? '–'
          : words.range(foundText(view, check, check.interval[0]!), foundText(view, check, check.interval[1]!)),
        check.verdict === 'fails'
          ? markup`<strong class="fail">${words.verdicts.fails}</strong>`
          : words.verdicts[check.verdict],
      ],
    })),
  )
  if (rows.length === 0) return null
  return markup`<h3>${words.checksTitle}</h3>
    <p>${words.checksIntro}</p>
    ${tableOf(
      words.checksTitle,
      [
        ...[words.outcome, words.checkName].map(text),
        ...[words.checkFound, words.checkInterval].map(numeric),
        text(words.verdict),
      ],
      rows,
    )}`
}

const foundText = ({ format }: View, { check }: Check, value: number | null): string => {
  if (value === null) return '–'
  return check === 'calibration slope' ? format.number(value, 3) : `${format.number(100 * value, 1)}%`
}
