/** Gains against expectations, and the steps from there to the payment. */
import type {
  OutcomeStatement,
  PartnerOutcomeStatement,
  PartnerStatement,
} from '../../../engine/settlement/statement.ts'
import { Z90 } from '../../../engine/settlement/payment.ts'
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { markup, type Html } from '../elements/html.ts'
import { intervalChart, type IntervalLine } from '../charts/interval-chart.ts'
import { stepsOf } from '../../../engine/disclosure/steps.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { measuredShareText, reasonText, type View } from '../elements/view.ts'
import { boundOf, waterfallChart } from '../charts/waterfall.ts'

/** More waterfalls than this tell a board nothing more; the table has them all. */
const MOST_DRAWN = 12
const DECIMALS = 2

export const gains = (view: View): Html =>
  markup`<p>${view.words.gainIntro}</p>
    ${view.settlement.outcomes.map((outcome, i) => gainsOf(view, outcome, i))}`

/** Caterpillar and table of one outcome; partners without a figure stand in the table only. */
function gainsOf(view: View, outcome: OutcomeStatement, index: number): Html {
  const { words, format } = view
  const title = view.titleOf(outcome.measure)
  const heading = words.gainUnit(title, view.unitOf(outcome.measure))
  const rows = view.panels.shown.flatMap((partner) => {
    const row = partner.outcomes.find((candidate) => candidate.measure === outcome.measure)
    return row ? [{ partner, row }] : []
  })
  const lines = rows.flatMap(({ partner, row }) => lineOf(view, partner, row)).sort((a, b) => b.value - a.value)
  // A standard error of nothing: no control partner had a figure to learn the trend from.
  const trend =
    view.contract.trend === 'control' && outcome.trend_se === 0
      ? words.trendUnknown
      : view.contract.trend === 'control'
        ? words.trendLine(format.signed(outcome.trend, DECIMALS), format.number(outcome.trend_se, DECIMALS))
        : words.trendNone
  return markup`<h3>${heading}</h3>
    ${
      lines.length === 0
        ? null
        : markup`<figure>
            ${intervalChart({
              id: `gain-${index}`,
              label: `${words.gainTitle}, ${heading}: ${lines.map((line) => `${line.name} ${line.note}`).join('; ')}`,
              lines,
              axis: `${words.netGain} (${words.interval90})`,
              tick: (value) => format.number(value, Math.abs(value) < 10 ? 1 : 0),
              ...(outcome.collective_mean === null
                ? {}
                : { average: { value: outcome.collective_mean, label: words.collective } }),
            })}
          </figure>`
    }
    <p>${trend}</p>
    ${tableOf(
      heading,
      [
        text(words.partner),
        ...[
          words.patients,
          words.measured,
          words.meanGain,
          words.history,
          words.netGain,
          words.interval90,
          words.credibility,
          words.credible,
        ].map(numeric),
      ],
      rows.map(({ partner, row }) => gainRow(view, partner, row)),
    )}`
}

function lineOf(view: View, partner: PartnerStatement, row: PartnerOutcomeStatement): IntervalLine[] {
  if (row.eligible < SMALLEST_GROUP || row.net_gain === null || row.variance === null) return []
  const reach = Z90 * Math.sqrt(row.variance)
  return [
    {
      name: view.nameOf(partner.partner_id),
      low: row.net_gain - reach,
      value: row.net_gain,
      high: row.net_gain + reach,
      ...(row.credible_gain === null ? {} : { diamond: row.credible_gain }),
      note: view.format.signed(row.net_gain, DECIMALS),
    },
  ]
}

function gainRow(view: View, partner: PartnerStatement, row: PartnerOutcomeStatement): Row {
  const { format, words } = view
  if (row.eligible < SMALLEST_GROUP)
    return { cells: [view.nameOf(partner.partner_id), words.fewerThanTen, ...Array.from({ length: 7 }, () => '–')] }
  const reach = row.variance === null ? null : Z90 * Math.sqrt(row.variance)
  const interval =
    row.net_gain === null || reach === null
      ? '–'
      : words.range(format.signed(row.net_gain - reach, DECIMALS), format.signed(row.net_gain + reach, DECIMALS))
  return {
    cells: [
      view.nameOf(partner.partner_id),
      format.count(row.eligible),
      measuredShareText(view, row.measured, row.eligible),
      format.signed(row.mean_gain, DECIMALS),
      format.signed(row.history, DECIMALS),
      markup`<strong>${format.signed(row.net_gain, DECIMALS)}</strong>`,
      interval,
      format.number(row.credibility, DECIMALS),
      format.signed(row.credible_gain, DECIMALS),
    ],
  }
}

/** A waterfall for the largest payments, and all steps of all partners in a table. */
export function steps(view: View): Html {
  const { words, format, contract } = view
  const all = view.panels.shown.map((partner) => ({ partner, steps: stepsOf(partner, contract) }))
  const size = ({ partner }: (typeof all)[number]): number => Math.abs(partner.payment_cents)
  const drawn = new Set([...all].sort((a, b) => size(b) - size(a)).slice(0, MOST_DRAWN))
  const bound = boundOf(all.map(({ steps }) => steps))
  const figures = all
    .filter((entry) => drawn.has(entry))
    .map(({ partner, steps }, i) => {
      const perYear = steps.at(-1)?.to ?? 0
      const outcome =
        partner.reason === null
          ? words.timesYears(
              format.euros(perYear),
              format.number(partner.patient_years, 1),
              format.cents(partner.payment_cents),
            )
          : words.noPaymentYet(reasonText(view, partner.reason))
      return markup`<figure>
        <figcaption><strong>${view.nameOf(partner.partner_id)}</strong><br />${outcome}</figcaption>
        ${waterfallChart(view, `steps-${i}`, partner, steps, bound)}
      </figure>`
    })
  const columns = [text(words.partner), ...(all[0]?.steps ?? []).map((step) => numeric(words[step.name]))]
  const rows: Row[] = all.map(({ partner, steps }) => ({
    cells: [view.nameOf(partner.partner_id), ...steps.map((step) => format.euros(step.to))],
  }))
  return markup`<p>${words.stepsIntro}</p>
    <div class="grid">${figures}</div>
    ${all.length > MOST_DRAWN ? markup`<p>${words.notDrawn(format.count(MOST_DRAWN))}</p>` : null}
    ${all.length === 0 ? null : tableOf(words.afterEachStep, columns, rows)}`
}
