/** Signs of gaming, each with its statistic and level. They change no payment: they are evidence for review. */

/** At which a corrected p-value stands out. The tails are approximations, so that it is called at 0.03 to point at anybody in at most 5 of 100 regions
 *  where nobody games (as simulated: BENCHMARKS.md). */
export const LEVEL = 0.03
/** Figures of fewer people are not reported. */
export const FEWEST_PEOPLE = 10

export const DETECTORS = {
  baseline_surprise: {
    sentence: 'Readings up to the index date that are worse than the earlier readings of the same patients foretell.',
    formula:
      'mean of X0 - E[X0 | up to four earlier readings] against the other partners, one-sided; what partners differ by without gaming from the year before too',
    source:
      'the mirror of regression to the mean: Barnett, van der Pols and Dobson (2005), Regression to the mean: what it is and how to deal with it, Int J Epidemiol 34, 215-220',
  },
  digit_preference: {
    sentence: 'Last digits that are spread differently in the contract year than in the two years before it.',
    formula: 'chi-square of homogeneity of the ten last digits, own two years before against the contract year',
    source:
      'Nietert et al. (2006), Effect of terminal digit preference on blood pressure measurement and treatment in primary care, Am J Hypertens 19, 147-152',
  },
  outflow: {
    sentence: 'Patients who leave and were expected to do worse than those who stay, more than elsewhere.',
    formula: 'mean predicted risk of leavers less stayers, against the other partners, one-sided',
    source:
      'providers act on denominators too: Gravelle, Sutton and Ma (2010), Doctor behaviour under a pay for performance contract: treating, cheating and case finding?, Econ J 120, F129-F156',
  },
  inflow: {
    sentence: 'Newcomers who are expected to do better than those already there, more than elsewhere.',
    formula: 'mean predicted risk of newcomers less the others, against the other partners, one-sided',
    source:
      'Chang, Lin and Aron (2012), A pay-for-performance program in Taiwan improved care for some diabetes patients, but doctors may have excluded sicker ones, Health Aff 31, 93-102',
  },
  timing: {
    sentence: 'Results read earlier or later than a year before, more than elsewhere.',
    formula:
      'mean days from target to reading, contract year less the year before, against the other partners, two-sided',
    source: 'difference in differences of the days between target and reading',
  },
  coding_growth: {
    sentence: 'Conditions per patient that grow faster than elsewhere.',
    formula:
      'mean growth of open conditions, from a year before the index date to the end, against the other partners, one-sided',
    source:
      'Kronick and Welch (2014), Measuring coding intensity in the Medicare Advantage program, Medicare Medicaid Res Rev 4(2)',
  },
} as const satisfies Record<string, { sentence: string; formula: string; source: string }>

export type Detector = keyof typeof DETECTORS

/** The result of a detector for one partner. */
export interface Signal {
  readonly detector: Detector
  /** null: the detector looks at no measure */
  readonly measure: string | null
  /** index in the partners of the region */
  readonly partner: number
  /** people (for digits: readings) looked at, 10 or more */
  readonly counted: number
  /** the figure itself, in `unit` */
  readonly value: number
  /** standard errors away from what was to be expected; for digits the chi-square's normal equivalent */
  readonly z: number
  readonly p: number
  /** corrected for all partners and outcomes that the detector looked at (Holm) */
  readonly adjusted: number
  readonly standsOut: boolean
}
