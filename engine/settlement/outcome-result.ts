/** One outcome of a contract, from contributions to credible gains (method.md 4). */
import type { SettlementInput } from '../assessment/assessment.ts'
import { credibilityOf } from './credibility.ts'
import { yearsBehindOf } from '../contract/term.ts'
import { countingYearsOf } from '../assessment/assessed-years.ts'
import { historiesOf, noHistories, type Histories } from './own-history.ts'
import { hasStatistics, partnerMeansOf, residualSdOf, type PartnerMeans } from './partner-mean.ts'
import { caseMixRandomWalkOf, standingOf, type CaseMixRandomWalk } from './placebo.ts'
import { NO_TREND, trendOf, type Trend } from './trend.ts'

/** One contract partner with statistics. */
export interface PartnerResult {
  /** index in `partnerIds` */
  readonly partner: number
  readonly meanGain: number
  readonly se: number
  readonly history: number
  /** d = g - history - trend */
  readonly netGain: number
  /** V = se^2 + post + trend_se^2 */
  readonly variance: number
  /** post + trend_se^2 */
  readonly sharedVariance: number
  readonly credibility: number
  readonly credibleGain: number
  /** S = the squared error of the credible gain */
  readonly credibleVariance: number
}

export interface OutcomeResult {
  readonly trend: Trend
  readonly randomWalk: CaseMixRandomWalk
  readonly collectiveMean: number | null
  readonly betweenVariance: number | null
  /** NaN with fewer than two measured */
  readonly residualSd: number
  /** contributions per partner of the region */
  readonly contributions: Int32Array
  /** by partner; one without statistics is absent */
  readonly partners: ReadonlyMap<number, PartnerResult>
}

/** What the contributions to one outcome say of every partner, before anything is taken off: sections 4.1 to 4.3 of method.md. */
export interface OutcomeStatistics {
  readonly means: PartnerMeans
  readonly randomWalk: CaseMixRandomWalk
  readonly histories: Histories
  /** NaN with fewer than two measured */
  readonly residualSd: number
}

/** Of outcome `k` of the contract; all that follows from patients, so that another trend needs none of it again. */
export function outcomeStatisticsOf(input: SettlementInput, k: number): OutcomeStatistics {
  const { contract, contractYear, contractPartners, partnerIds } = input
  const { status, gain, contribution } = contractYear.outcomes[k]!
  const randomWalk = randomWalkOf(input, k)
  return {
    means: partnerMeansOf(contractYear.partner, contractYear.practice, contribution, partnerIds.length),
    randomWalk,
    histories:
      contract.history === 'own'
        ? historiesOf(randomWalk, contract.levelWeight, partnerIds.length, yearsBehindOf(contract))
        : noHistories(partnerIds.length),
    residualSd: residualSdOf(status, gain, contractYear.partner, new Set(contractPartners)),
  }
}

/** Sections 4.4 to 4.6 of method.md for outcome `k` of the contract. */
export function outcomeResultOf(
  { contract, contractPartners, controlPartners }: SettlementInput,
  k: number,
  { means, randomWalk, histories, residualSd }: OutcomeStatistics,
): OutcomeResult {
  const trend = contract.trend === 'control' ? trendOf(means, histories, controlPartners) : NO_TREND
  const withStatistics = contractPartners.filter((partner) => hasStatistics(means, partner))
  const net = withStatistics.map((partner) => netResultOf(partner, means, histories, trend))
  const { measure } = contract.outcomes[k]!
  const credibility = credibilityOf(net, contract.credibility, measure, trend.se * trend.se)
  return {
    trend,
    randomWalk,
    collectiveMean: credibility.collectiveMean,
    betweenVariance: credibility.betweenVariance,
    residualSd,
    contributions: means.contributions,
    partners: new Map(net.map((result, at) => [result.partner, { ...result, ...credibility.partners[at]! }])),
  }
}

/** Section 4.5: d, U and V of one partner. */
function netResultOf(partner: number, means: PartnerMeans, histories: Histories, trend: Trend) {
  const [meanGain, se] = [means.mean[partner]!, means.se[partner]!]
  const [history, post] = [histories.expected[partner]!, histories.variance[partner]!]
  const ownVariance = se * se + post
  return {
    partner,
    meanGain,
    se,
    history,
    netGain: meanGain - history - trend.trend,
    ownVariance,
    variance: ownVariance + trend.se * trend.se,
    sharedVariance: post + trend.se * trend.se,
  }
}

/** Section 4.2. A year that counts does so even if nobody was there: then no partner has all years, and there is no history. */
function randomWalkOf({ contract, placeboYears, partnerIds }: SettlementInput, k: number): CaseMixRandomWalk {
  const nobody = { partner: new Int32Array(0), practice: new Int32Array(0), contribution: new Float64Array(0) }
  const years = countingYearsOf(contract, contract.outcomes[k]!).map((yearsBefore) => {
    const year = placeboYears.find((each) => each.yearsBefore === yearsBefore)
    const contribution = year?.contributions[k]
    const { partner, practice, contribution: a } = year && contribution ? { ...year, contribution } : nobody
    return standingOf(yearsBefore, partnerMeansOf(partner, practice, a, partnerIds.length))
  })
  return caseMixRandomWalkOf(years)
}
