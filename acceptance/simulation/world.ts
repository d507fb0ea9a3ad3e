/** The truth of a simulated region, which never enters the engine: patients, practices and partners without a contract's effect. */

/** One kind of region; sd's of partners and practices are in the measure's unit (mmol/mol), shifts in residual sd where named so. */
export interface World {
  readonly partners: number
  readonly controls: number
  /** practices of each partner; `mixed`: 1 to 40, a different number for each */
  readonly practices: number | 'mixed'
  /** median panel of a partner; panels are log-normal about it */
  readonly panel: number
  /** sd of the log of a panel */
  readonly panelSpread: number
  /** share of the residual variance that patients of one practice have in common in one year */
  readonly practiceIcc: number
  /** whether that lasts over the years, as its doctors and its quarter do, or is drawn afresh each year */
  readonly practiceLasting: boolean
  /** sd between partners of hidden case mix in the furthest placebo year, and sd of its step from year to year */
  readonly caseMixSd: number
  readonly driftSd: number
  /** sd of what befalls a partner in one year only, in residual sd */
  readonly shockSd: number
  /** what moves everybody's gain in the contract year, in residual sd */
  readonly trendSd: number
  /** the effects that contracts have on their partners' patients */
  readonly effectMean: number
  readonly effectSd: number
  /** share of outcomes that go missing at random: by what is known at the index date and by readings in between */
  readonly missingShare: number
}

/** Nothing sets partners apart but chance and their practices. */
const QUIET: World = {
  partners: 12,
  controls: 4,
  practices: 'mixed',
  panel: 150,
  panelSpread: 0.4,
  practiceIcc: 0.01,
  practiceLasting: true,
  caseMixSd: 0,
  driftSd: 0,
  shockSd: 0,
  trendSd: 0,
  effectMean: 0,
  effectSd: 0,
  missingShare: 0,
}

/** Hidden case mix as in the simulations that the method was chosen by. */
export const HIDDEN = { caseMixSd: 0.7, driftSd: 0.2 } as const

export const worldWith = (clauses: Partial<World>): World => ({ ...QUIET, ...clauses })
