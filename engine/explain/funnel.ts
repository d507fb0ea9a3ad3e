/** Net gains of partners against how surely each is known, with the limits that chance alone would seldom pass.
 *  @see Spiegelhalter (2005), Funnel plots for comparing institutional performance, Stat Med 24, 1185-1202 */

/** From this many partners up a funnel tells more than a line for each. */
export const FUNNEL_PARTNERS = 15

/** Normal quantiles of two-sided 95 and 99.8% limits. */
export const FUNNEL_LIMITS = { '95': 1.96, '99.8': 3.09 } as const

export interface FunnelPoint {
  readonly partner_id: string
  /** 1 / sqrt(U): U is the variance of the net gain that is the partner's own */
  readonly precision: number
  readonly netGain: number
  /** the outermost limit that it passes */
  readonly beyond: keyof typeof FUNNEL_LIMITS | null
}

export interface Funnel {
  /** the mean of the partners, mu where the settlement has one, in the unit of the measure */
  readonly centre: number
  readonly points: readonly FunnelPoint[]
}

/** What a funnel is drawn of: a settlement, or what of it a reader may know. */
export interface FunnelOf {
  readonly outcomes: readonly { readonly collective_mean: number | null; readonly trend_se: number }[]
  readonly partners: readonly {
    readonly partner_id: string
    readonly outcomes: readonly { readonly net_gain: number | null; readonly variance: number | null }[]
  }[]
}

/** The funnel of outcome `k`: limits at a precision x lie at centre +- z / x. Partners without statistics have no point.
 *  @param partnerIds those that may be shown; the centre is of all */
export function funnelOf({ outcomes, partners }: FunnelOf, k: number, partnerIds: readonly string[]): Funnel {
  const { collective_mean, trend_se } = outcomes[k]!
  const known = partners.flatMap(({ partner_id, outcomes: own }) => {
    const { net_gain, variance } = own[k]!
    return net_gain === null || variance === null
      ? []
      : [{ partner_id, netGain: net_gain, own: variance - trend_se ** 2 }]
  })
  const weights = known.reduce((sum, { own }) => sum + 1 / own, 0)
  const mean = known.reduce((sum, { netGain, own }) => sum + netGain / own, 0) / weights
  const centre = collective_mean ?? mean
  return {
    centre,
    points: known
      .filter(({ partner_id }) => partnerIds.includes(partner_id))
      .map(({ partner_id, netGain, own }) => {
        const distance = Math.abs(netGain - centre) / Math.sqrt(own)
        const beyond = distance > FUNNEL_LIMITS['99.8'] ? '99.8' : distance > FUNNEL_LIMITS['95'] ? '95' : null
        return { partner_id, precision: 1 / Math.sqrt(own), netGain, beyond }
      }),
  }
}

/** The limits at precisions from the least to the most of the points, evenly spaced: for lines.
 *  @returns [precision, lower, upper] */
export function limitLine({ centre, points }: Funnel, z: number, steps = 40): (readonly [number, number, number])[] {
  const [least, most] = [Math.min, Math.max].map((of) => of(...points.map(({ precision }) => precision))) as [
    number,
    number,
  ]
  const [from, to] = [0.9 * least, 1.05 * most]
  return Array.from({ length: steps + 1 }, (_, at) => {
    const precision = from + ((to - from) * at) / steps
    return [precision, centre - z / precision, centre + z / precision] as const
  })
}
