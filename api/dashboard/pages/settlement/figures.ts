/** The charts of a settlement: the bridge to its total, and its partners as a forest or as funnels. */
import { FUNNEL_PARTNERS, funnelOf } from '../../../../engine/explain/funnel.ts'
import { funnelChart } from '../../../report/charts/funnel-chart.ts'
import { intervalChart } from '../../../report/charts/interval-chart.ts'
import { barsChart, boundOf, type Bar } from '../../../report/charts/waterfall.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf } from '../../ask.ts'
import { figureOf } from '../../elements/figure.ts'
import { settlementWords } from '../../words/settlement.ts'
import type { PartnerRow, Settled } from './settled.ts'

export type Calculation = AnswerOf<'/v1/settlements/{settlement}/calculation', 'get'>
type Bridge = NonNullable<Calculation['bridge']>

/** From bonuses and maluses to the total. */
export function bridgeChart(
  { gains_cents, losses_cents, small_panels_cents, total_cents }: Bridge,
  format: Format,
): Html {
  const words = settlementWords[format.lang].bridge
  const steps = [
    [words.gains, gains_cents],
    [words.losses, losses_cents],
    ...(small_panels_cents === 0 ? [] : [[words.small, small_panels_cents] as const]),
  ] as const
  let at = 0
  const bars: Bar[] = steps.map(([label, cents], i) => {
    const from = at
    at += cents
    return { label, from: from / 100, to: at / 100, isEnd: i === 0 }
  })
  bars.push({ label: words.total, from: 0, to: total_cents / 100, isEnd: true })
  return barsChart(
    { format },
    {
      id: 'bridge',
      what: words.title,
      bars,
      bound: boundOf([bars]),
      width: 860,
      height: 260,
      decimals: 2,
    },
  )
}

/** More lines than these do not fit one look. */
const MOST_LINES = 30

/** Payments with their intervals, the largest first. */
export function forestChart(partners: readonly PartnerRow[], nameOf: (id: string) => string, format: Format): Html {
  const words = settlementWords[format.lang].forest
  const euros = (cents: number): number => cents / 100
  const drawn = [...partners].sort((a, b) => b.payment_cents - a.payment_cents).slice(0, MOST_LINES)
  return intervalChart({
    id: 'forest',
    label: words.title,
    axis: words.axis,
    tick: (value) => `€ ${format.number(value, 0)}`,
    lines: drawn.map(({ partner_id, payment_cents, interval90_cents: [low = 0, high = 0] }) => ({
      name: nameOf(partner_id),
      low: euros(low),
      value: euros(payment_cents),
      high: euros(high),
      note: format.cents(payment_cents),
    })),
  })
}

/** A forest of the partners; from fifteen up a funnel for each outcome. */
export function partnerFigures({ settlement, names }: Settled, format: Format): Html | null {
  const words = settlementWords[format.lang]
  const { partners = [], outcomes } = settlement
  if (partners.length === 0) return null
  if (partners.length < FUNNEL_PARTNERS)
    return markup`${figureOf(words.forest.title, forestChart(partners, names.nameOf, format))}<p class="soft">${words.forest.about}</p>`
  const ids = partners.map(({ partner_id }) => partner_id)
  const figures = outcomes.map(({ measure }, k) => {
    const funnel = funnelOf({ outcomes, partners }, k, ids)
    if (funnel.points.length === 0) return null
    const title = words.funnel.title(names.titleOf(measure))
    const chart = funnelChart({
      id: `funnel-${measure}`,
      label: title,
      funnel,
      nameOf: names.nameOf,
      axes: [words.funnel.precision, words.funnel.gain(names.unitOf(measure))],
      tick: (value) => format.number(value, Math.abs(value) < 10 && value % 1 !== 0 ? 1 : 0),
    })
    return figureOf(title, chart)
  })
  return markup`${figures}<p class="soft">${words.funnel.about}</p>`
}
