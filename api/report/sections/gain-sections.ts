/** Gains against expectations, outcome by outcome. */
import type {
  OutcomeStatement,
  PartnerOutcomeStatement,
  PartnerStatement,
} from '../../../engine/settlement/statement.ts'
import { Z90 } from '../../../engine/settlement/payment.ts'
import { SMALLEST_GROUP } from '../../../engine/disclosure/small-groups.ts'
import { FUNNEL_PARTNERS, funnelOf, type Funnel, type FunnelPoint } from '../../../engine/explain/funnel.ts'
import { funnelChart } from '../charts/funnel-chart.ts'
import { markup, type Html } from '../elements/html.ts'
import { intervalChart, type IntervalLine } from '../charts/interval-chart.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { listed, measuredShareText, type View } from '../elements/view.ts'

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
    ${lines.length === 0 ? null : markup`<figure>${chartOfGains(view, index, lines)}</figure>`}
    <p>${trend}</p>
    ${tableOf(
      heading,
      [
        text(words.partner),
        ...[words.patients, words.measured, words.netGain, words.interval90, words.credibility, words.credible].map(
          numeric,
        ),
      ],
      rows.map(({ partner, row }) => gainRow(view, partner, row)),
    )}`
}

/** A line for each partner, or from fifteen up a funnel. */
function chartOfGains(view: View, index: number, lines: readonly IntervalLine[]): Html {
  const { words, format, settlement } = view
  const outcome = settlement.outcomes[index]!
  const heading = words.gainUnit(view.titleOf(outcome.measure), view.unitOf(outcome.measure))
  const tick = (value: number) => format.number(value, Math.abs(value) < 10 ? 1 : 0)
  const label = `${words.gainTitle}, ${heading}: ${lines.map((line) => `${line.name} ${line.note}`).join('; ')}`
  const id = `gain-${index}`
  if (lines.length < FUNNEL_PARTNERS)
    return intervalChart({
      id,
      label,
      lines,
      axis: `${words.netGain} (${words.interval90})`,
      tick,
      ...(outcome.collective_mean === null
        ? {}
        : { average: { value: outcome.collective_mean, label: words.collective } }),
    })
  const shown = view.panels.shown.filter(({ outcomes }) => outcomes[index]!.eligible >= SMALLEST_GROUP)
  const funnel = funnelOf(
    settlement,
    index,
    shown.map(({ partner_id }) => partner_id),
  )
  return markup`<figcaption>${funnelText(view, funnel)}</figcaption>
    ${funnelChart({ id, label, funnel, nameOf: (partner) => view.nameOf(partner), axes: [words.precision, words.netGain], tick })}`
}

/** What a funnel shows, and who lies beyond which limit. */
function funnelText(view: View, { points }: Funnel): string {
  const { words } = view
  const namesBeyond = (limit: FunnelPoint['beyond']) =>
    points.filter(({ beyond }) => beyond === limit).map(({ partner_id }) => view.nameOf(partner_id))
  const [outer, inner] = [namesBeyond('99.8'), namesBeyond('95')]
  return [
    words.funnelIntro,
    ...(outer.length > 0 ? [words.funnelOuter(listed(view, outer))] : []),
    ...(inner.length > 0 ? [words.funnelInner(listed(view, inner))] : []),
    ...(outer.length + inner.length === 0 ? [words.funnelNobody] : []),
  ].join(' ')
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
    return { cells: [view.nameOf(partner.partner_id), words.fewerThanTen, ...Array.from({ length: 5 }, () => '–')] }
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
      markup`<strong>${format.signed(row.net_gain, DECIMALS)}</strong>`,
      interval,
      format.number(row.credibility, DECIMALS),
      format.signed(row.credible_gain, DECIMALS),
    ],
  }
}
