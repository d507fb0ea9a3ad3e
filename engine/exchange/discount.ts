/** What lies in later years, counted today. */

/** sum of v_t / (1 + r)^t, t = 0, 1, 2: the first year is not discounted.
 *  @param rate a year: of costs and of effects it differs (data/exchange/discounting.yaml)
 *  @see Zorginstituut Nederland (2024), Richtlijn voor het uitvoeren van economische evaluaties, 2.6.1.2 */
export const presentValueOf = (yearly: readonly number[], rate: number): number =>
  yearly.reduce((sum, value, year) => sum + value / (1 + rate) ** year, 0)
