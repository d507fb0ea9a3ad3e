/** The accuracy of the models on held-out patients, from their cards. */
import { dayOf } from '../../../engine/kernel/calendar.ts'
import { isDisclosed, peopleOf, sharesOf, tenthsOf, type ReportCard } from '../elements/card.ts'
import { driftOfModels } from './drift-section.ts'
import { markup, type Html } from '../elements/html.ts'
import { reliabilityChart } from '../charts/reliability-chart.ts'
import { checksTable, statesTable } from './registry-section.ts'
import { numeric, tableOf, text } from '../elements/table.ts'
import type { View } from '../elements/view.ts'

export function models(view: View): Html {
  const { words } = view
  if (view.cards.length === 0) return markup`<p>${words.noCard}</p>`
  const order = view.settlement.outcomes.map((outcome) => outcome.measure)
  const cards = [...view.cards].sort((a, b) => order.indexOf(a.spec.measure) - order.indexOf(b.spec.measure))
  return markup`<p>${words.modelIntro}</p>
    ${warnings(view, cards)}
    <div class="grid">${cards.map((card, i) => figureOf(view, card, i))}</div>
    ${summaryTable(view, cards)} ${statesTable(view, cards)} ${checksTable(view, cards)} ${driftOfModels(view)}
    ${peopleTable(view, cards)}
    <p>${words.notKnown}</p>
    <details open>
      <summary>${words.tenths}</summary>
      ${tenthsTable(view, cards)}
    </details>
    <details open>
      <summary>${words.familiesTitle}</summary>
      ${familiesTable(view, cards)}
    </details>
    <details open>
      <summary>${words.makingTitle}</summary>
      ${makingTable(view, cards)}
    </details>`
}

const cover = ({ format }: View, share: number): string => `${format.number(share * 100, 1)}%`

function figureOf(view: View, card: ReportCard, index: number): Html {
  const { words, format } = view
  const trainedOn = `${words.trainedOn} ${words.trainedRows(format.count(card.landmarks), format.count(card.patients))}`
  const covered = `${words.coverage90}: ${cover(view, card.blend.cover90)} (${words.coverageGoal})`
  return markup`<figure>
    <figcaption>
      <strong>${view.titleOf(card.spec.measure)}</strong><br />${trainedOn}<br />${covered}
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
      .filter(isDisclosed)
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
      .filter(isDisclosed)
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

/** What the data could not carry, as training found it. */
function warnings(view: View, cards: readonly ReportCard[]): Html | null {
  const { words } = view
  const found = cards.flatMap((card) =>
    (card.warnings ?? []).map((warning) => {
      const sentence = typeof warning === 'string' ? warning : (words.warnings[warning.code] ?? warning.sentence)
      return `${view.titleOf(card.spec.measure)}: ${sentence}`
    }),
  )
  if (found.length === 0) return null
  return markup`<ul class="limits">
    ${found.map((sentence) => markup`<li>${sentence}</li>`)}
  </ul>`
}

/** Every family that competed, with its weight and its scores alone. */
function familiesTable(view: View, cards: readonly ReportCard[]): Html {
  const { words, format } = view
  const scoresOf = (of: { mae?: number; rmse?: number; r2?: number | null; crps?: number }): readonly string[] => [
    ...[of.mae, of.rmse, of.crps].map((value) => format.number(value ?? null, 3)),
    format.number(of.r2 ?? null, 3),
  ]
  const rows = cards.flatMap((card) => [
    ...card.families.map((family) => ({
      cells: [
        `${view.titleOf(card.spec.measure)}, ${words.families[family.name] ?? family.name}`,
        format.percent(family.weight),
        ...scoresOf(family),
      ],
    })),
    {
      kind: 'total' as const,
      cells: [`${view.titleOf(card.spec.measure)}, ${words.together}`, '', ...scoresOf(card.blend)],
    },
  ])
  const heads = [words.weight, words.meanError, words.rmse, words.crps, words.r2]
  return tableOf(words.familiesTitle, [text(words.modelFamily), ...heads.map(numeric)], rows)
}

/** From what and how the models were made. Time and memory stand in model-card.json: a statement of the same inputs is the same bytes. */
function makingTable(view: View, cards: readonly ReportCard[]): Html {
  const { words, format } = view
  const days = (window: readonly number[] | undefined): string =>
    window ? words.range(format.day(dayOf(window[0]!)), format.day(dayOf(window[1]!))) : '–'
  const rows = cards.map((card) => ({
    cells: [
      view.titleOf(card.spec.measure),
      days(card.window),
      card.backend ?? '–',
      format.number(card.bytes === undefined ? null : card.bytes / 1e6, 2),
      markup`<code>${card.modelId ?? '–'}</code>`,
    ],
  }))
  return tableOf(
    words.makingTitle,
    [...[words.outcome, words.landmarkDays, words.tensors].map(text), numeric(words.size), text(words.modelMark)],
    rows,
  )
}
