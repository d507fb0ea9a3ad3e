/** How well the models predict people they had not seen, as their cards have it. */
import { SMALLEST_GROUP } from '../disclosure.ts'
import { peopleOf, sharesOf, tenthsOf, type ReportCard } from './card.ts'
import { markup, type Html } from './html.ts'
import { reliabilityChart } from './reliability-chart.ts'
import { numeric, tableOf, text } from './table.ts'
import type { View } from './view.ts'

export function models(view: View): Html {
  const { words } = view
  if (view.cards.length === 0) return markup`<p>${words.noCard}</p>`
  const order = view.settlement.outcomes.map((outcome) => outcome.measure)
  const cards = [...view.cards].sort((a, b) => order.indexOf(a.spec.measure) - order.indexOf(b.spec.measure))
  return markup`<p>${words.modelIntro}</p>
    <div class="grid">${cards.map((card, i) => figureOf(view, card, i))}</div>
    ${summaryTable(view, cards)} ${peopleTable(view, cards)}
    <details>
      <summary>${words.tenths}</summary>
      ${tenthsTable(view, cards)}
    </details>`
}

const cover = ({ format }: View, share: number): string => `${format.number(share * 100, 1)}%`

function figureOf(view: View, card: ReportCard, index: number): Html {
  const { words, format } = view
  const learned = `${words.trainedOn} ${words.trainedRows(format.count(card.landmarks), format.count(card.patients))}`
  const covered = `${words.coverage90}: ${cover(view, card.blend.cover90)} (${words.coverageGoal})`
  return markup`<figure>
    <figcaption>
      <strong>${view.titleOf(card.spec.measure)}</strong><br />${learned}<br />${covered}
    </figcaption>
    ${tenthsOf(card).length < 2 ? null : reliabilityChart(view, card, `reliability-${index}`)}
  </figure>`
}

function summaryTable(view: View, cards: readonly ReportCard[]): Html {
  const { words, format } = view
  return tableOf(
    words.modelTitle,
    [...[words.outcome, words.modelFamily].map(text), ...[words.cases, words.meanError, words.coverage90].map(numeric)],
    cards.map((card) => ({
      cells: [
        view.titleOf(card.spec.measure),
        sharesOf(card)
          .map(({ name, weight }) => `${name} ${format.percent(weight)}`)
          .join(', '),
        format.count(card.blend.rows),
        format.number(card.blend.mae, 3),
        cover(view, card.blend.cover90),
      ],
    })),
  )
}

/** The figures behind the reliability plots. */
function tenthsTable(view: View, cards: readonly ReportCard[]): Html {
  const { words, format } = view
  const rows = cards.flatMap((card) =>
    tenthsOf(card)
      .filter((tenth) => tenth.rows >= SMALLEST_GROUP)
      .map((tenth, i) => ({
        cells: [
          `${view.titleOf(card.spec.measure)}, ${i + 1}/10`,
          format.number(tenth.expected, 2),
          format.number(tenth.realised, 2),
          cover(view, tenth.cover90),
        ],
      })),
  )
  return tableOf(
    words.tenths,
    [text(words.outcome), ...[words.predicted, words.observed, words.coverage90].map(numeric)],
    rows,
  )
}

function peopleTable(view: View, cards: readonly ReportCard[]): Html {
  const { words, format } = view
  const rows = cards.flatMap((card) =>
    peopleOf(card)
      .filter((group) => group.rows >= SMALLEST_GROUP)
      .map((group) => ({
        cells: [
          `${view.titleOf(card.spec.measure)}, ${words.groups[group.group] ?? group.group}`,
          format.count(group.rows),
          format.signed(group.bias, 2),
          cover(view, group.cover90),
        ],
      })),
  )
  return tableOf(
    words.peopleGroups,
    [text(words.group), ...[words.cases, words.bias, words.coverage90].map(numeric)],
    rows,
  )
}
