/** Whether the expectations still hold after training: month by month, controls and contract apart. */
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import type { KeptDrift } from '../../../data/runs/drift.ts'
import { driftChart } from '../charts/drift-chart.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text } from '../elements/table.ts'
import type { View } from '../elements/view.ts'

export function driftOfModels(view: View): Html | null {
  const { words, drift } = view
  const outcomes = drift
    .map((each) => ({ ...each, months: each.months.filter(({ measured }) => measured >= SMALLEST_GROUP) }))
    .filter(({ months }) => months.length > 0)
  if (outcomes.length === 0) return null
  return markup`<h3>${words.driftTitle}</h3>
    <p>${view.contract.control.length === 0 ? words.driftNoControls : words.driftIntro}</p>
    <ul>
      ${outcomes.map((each) => markup`<li>${verdictOf(view, each)}</li>`)}
    </ul>
    <div class="grid">${outcomes.map((each, i) => figureOf(view, each, `drift-${i}`))}</div>
    <details open>
      <summary>${words.driftMonths}</summary>
      ${monthsTable(view, outcomes)}
    </details>`
}

function verdictOf(view: View, { measure, months, alarm }: KeptDrift): string {
  const { words } = view
  const title = view.titleOf(measure)
  if (alarm) return words.driftAlarm(title, words.driftKinds[alarm.kind], monthText(view, alarm.month))
  const tested = months.filter(({ evidence }) => evidence !== null)
  return tested.length === 0 ? words.driftUntested(title) : words.driftNone(title, view.format.count(tested.length))
}

const monthText = ({ format }: View, month: string): string => format.day(month).replace(/^1 /, '')

function figureOf(view: View, { measure, months }: KeptDrift, id: string): Html {
  return markup`<figure>
    <figcaption><strong>${view.titleOf(measure)}</strong><br />${view.words.driftCaption}</figcaption>
    ${driftChart(view, { id, measure, months })}
  </figure>`
}

function monthsTable(view: View, drifts: readonly KeptDrift[]): Html {
  const { words, format } = view
  const rows = drifts.flatMap(({ measure, months }) =>
    months.map((each) => ({
      cells: [
        `${view.titleOf(measure)}, ${monthText(view, each.month)}, ${words.sides[each.side]}`,
        format.count(each.measured),
        format.signed(each.bias, 2),
        format.signed(each.biasSd, 2),
        format.number(each.slope, 2),
        format.number(each.evidence, 1),
      ],
    })),
  )
  return tableOf(
    words.driftMonths,
    [text(words.outcome), ...[words.cases, words.bias, words.biasSd, words.slope, words.evidence].map(numeric)],
    rows,
  )
}
