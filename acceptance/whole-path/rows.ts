/** The results of whole-path regions, compared with their known truth. */
import { atMost, between, meanOf, nothing, Tally, reported, type Row } from '../simulation/figure.ts'
import { bonusesOf, malusesOf, shareOf } from '../simulation/partner-figures.ts'
import type { Kind } from './regions.ts'
import type { WholePathSettlement } from './settled-regions.ts'
import { subgroupRows } from './subgroups.ts'

/** One outcome of one partner, in residual sd of the outcome so that measures can be combined. */
interface PartnerFigures {
  readonly net: number
  readonly raw: number
  readonly credible: number
  readonly truth: number
  readonly risk: number
}

/** @param settled the twenty  @param trended those with a trend alone, besides the twenty  @param idle forty more without any effect */
export function wholePathRows(
  settled: readonly WholePathSettlement[],
  trended: readonly WholePathSettlement[],
  idle: readonly WholePathSettlement[],
): Row[] {
  const of = (...kinds: Kind[]) => settled.filter(({ region }) => kinds.includes(region.kind))
  const without = of('nothing', 'hidden case mix', 'trend')
  const unmoved = of('nothing', 'hidden case mix')
  return [
    ...noPay(without, [...without, ...trended, ...idle]),
    covered(settled),
    ...theRightPay(of('effects')),
    ...netGain(settled, trended),
    ...subgroupRows(unmoved),
  ]
}

const whole = (regions: readonly WholePathSettlement[]): string => {
  const partners = regions.reduce((sum, { settlement }) => sum + settlement.partners.length, 0)
  return `whole path, ${regions.length} regions, ${partners} partners`
}

const tallied = (values: readonly number[]): Tally => {
  const tally = new Tally()
  for (const value of values) tally.add(value)
  return tally
}

const over = (regions: readonly WholePathSettlement[], figure: (settled: WholePathSettlement) => number): Tally =>
  tallied(regions.map(figure))

/** Cells of a row that is reported, not judged. */
const unlimited = { limit: '', figure: '', error: '', holds: null, excess: 0 } as const

/** @param few those of the twenty, told apart  @param all without an effect */
function noPay(few: readonly WholePathSettlement[], all: readonly WholePathSettlement[]): Row[] {
  const row = (regions: readonly WholePathSettlement[], what: string) => ({
    property: 'no effect, no pay',
    tests: 'T1 T8',
    regime: `${what}: ${whole(regions)}`,
  })
  const shares = [
    ['false bonus', bonusesOf],
    ['false malus', malusesOf],
  ] as const
  return shares.flatMap(([what, shareIn]) => {
    const [some, every] = [few, all].map((regions) => over(regions, ({ settlement }) => shareIn(settlement)))
    const percent = (share: number) => `${(100 * share).toFixed(1)}%`
    return [
      atMost(row(all, what), every!, 0.05),
      reported(
        { ...row(few, `${what}, those of the twenty`), ...unlimited },
        percent(some!.mean),
        percent(some!.se),
        'the partners of a region share the error of its trend: one region of fifteen is 6.7%',
      ),
    ]
  })
}

/** Whether d ± 1.96 sqrt(V) holds what was planted: a share of partners. */
function covered(regions: readonly WholePathSettlement[]): Row {
  const row = { property: 'right intervals', tests: 'T4', regime: `95% interval of d_p: ${whole(regions)}` }
  const coverage = ({ settlement, truth }: WholePathSettlement) =>
    shareOf(settlement, ({ partner_id, outcomes: [outcome] }) => {
      const { net_gain, variance } = outcome!
      return Math.abs(net_gain! - truth.get(partner_id)!) <= 1.96 * Math.sqrt(variance!)
    })
  return between(row, over(regions, coverage), 0.92, 0.98)
}

const partnersOf = ({ region, settlement, truth }: WholePathSettlement): PartnerFigures[] => {
  const sd = settlement.outcomes[0]!.residual_sd!
  return settlement.partners.map(({ partner_id, outcomes: [outcome] }) => ({
    net: outcome!.net_gain! / sd,
    raw: outcome!.mean_gain! / sd,
    credible: outcome!.credible_gain! / sd,
    truth: truth.get(partner_id)! / sd,
    risk: region.risk.get(partner_id)!,
  }))
}

const rootMeanSquare = (errors: readonly number[]): number => Math.sqrt(meanOf(errors.map((error) => error * error)))

/** The slope of y on x, both about their means. */
function slopeOf(pairs: readonly (readonly [x: number, y: number])[]): number {
  const [x, y] = [meanOf(pairs.map((pair) => pair[0])), meanOf(pairs.map((pair) => pair[1]))]
  const product = (a: 0 | 1) => pairs.reduce((sum, pair) => sum + (pair[0] - x) * (pair[a] - (a === 0 ? x : y)), 0)
  return product(1) / product(0)
}

function theRightPay(regions: readonly WholePathSettlement[]): Row[] {
  const errorOf = (claim: 'credible' | 'raw') => (settled: WholePathSettlement) =>
    rootMeanSquare(partnersOf(settled).map((partner) => partner[claim] - partner.truth))
  const [own, raw] = [over(regions, errorOf('credible')), over(regions, errorOf('raw'))]
  const property = 'the right pay for an effect'
  const slope = over(regions, (settled) => slopeOf(partnersOf(settled).map(({ truth, net }) => [truth, net])))
  const bias = over(regions, (settled) =>
    slopeOf(partnersOf(settled).map(({ risk, net, truth }) => [risk, net - truth])),
  )
  return [
    {
      property,
      tests: '',
      regime: `error of credible_p against observed minus expected: ${whole(regions)}`,
      limit: `< ${raw.mean.toFixed(3)} sd`,
      figure: `${own.mean.toFixed(3)} sd`,
      error: own.se.toFixed(3),
      holds: own.mean < raw.mean,
      excess: own.mean < raw.mean ? 0 : (own.mean - raw.mean) / own.se,
    },
    reported(
      { property, tests: '', regime: `net gain for each unit planted: ${whole(regions)}`, ...unlimited },
      slope.mean.toFixed(3),
      slope.se.toFixed(3),
      'the method sets no limit on it; 1 is all of it',
    ),
    {
      ...nothing(
        {
          property,
          tests: 'T7',
          regime: `error of d_p for each sd that a partner's patients are worse off, planted correlation 0.5: ${whole(regions)}`,
        },
        bias,
        'sd',
      ),
      limit: 'within ± 0.05 sd, ± 2 MC se',
      holds: Math.abs(bias.mean) <= 0.05 + 2 * bias.se,
      excess: Math.max(0, Math.abs(bias.mean) - 0.05) / bias.se,
    },
  ]
}

/** Where everybody got better and nothing was planted, nobody gained; over all regions the net gain is what was planted.
 *  The five of the twenty with a trend are reported separately, and with all others of their kind: none is left out. */
function netGain(regions: readonly WholePathSettlement[], trended: readonly WholePathSettlement[]): Row[] {
  const error = (settled: WholePathSettlement) => meanOf(partnersOf(settled).map(({ net, truth }) => net - truth))
  const row = (members: readonly WholePathSettlement[], what: string) => ({
    property: 'trend is not merit',
    tests: 'T14',
    regime: `${what}: ${whole(members)}`,
  })
  const [everybody, better] = ['mean of d_p less what was planted', 'mean net gain, everybody better']
  const few = regions.filter(({ region }) => region.kind === 'trend')
  const shown = (members: readonly WholePathSettlement[], what: string, because: string) => {
    const { mean, se } = over(members, error)
    return reported({ ...row(members, what), ...unlimited }, `${mean.toFixed(4)} sd`, se.toFixed(4), because)
  }
  return [
    nothing(row(trended, better), over(trended, error), 'sd'),
    nothing(row(regions, everybody), over(regions, error), 'sd'),
    shown(few, `${better}, those of the twenty`, 'an error taken from five regions is itself uncertain'),
    shown([...few, ...trended], `${better}, all there are`, 'the twenty judged and the five together'),
  ]
}
