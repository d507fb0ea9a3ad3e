/** No ratchet: good results do not raise the expectation within a contract. */
import { contractWith } from '../simulation/contract.ts'
import { exactly, type Row } from '../simulation/figure.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'
import type { Region } from '../simulation/region.ts'

/** The same region with every later reading of the contract's partners bettered. */
function bettered(region: Region, yearsBefore: readonly number[], by: number): Region {
  const chosen = new Set(region.contractPartners)
  return {
    ...region,
    years: region.years.map((year) =>
      yearsBefore.includes(year.yearsBefore)
        ? { ...year, realised: year.realised.map((y, row) => (chosen.has(year.partner[row]!) ? y - by : y)) }
        : year,
    ),
  }
}

/** What is expected of partners beyond their patients: in the first year of a contract, and in its second, when the first lies
 *  a year back and the reference still ends before it. */
function ratchetRows(scale: Scale): Row[] {
  const secondYear = contractWith({ period: { start: '2026-01-01', end: '2026-12-31' } })
  let [first, second, checked] = [0, 0, 0]
  for (const region of regionsOf(
    worldWith(HIDDEN),
    { ...scale, partnerYears: Math.min(600, scale.partnerYears) },
    [60, 0],
  )) {
    const historiesOf = (each: Region, contract = contractWith()) =>
      settledUnder(inputOf(each, contract), {}).partners.map(({ outcomes }) => outcomes[0]!.history!)
    const moved = (a: readonly number[], b: readonly number[]) => a.filter((history, p) => history !== b[p]).length
    const [was, frozen] = [historiesOf(region), historiesOf(region, secondYear)]
    for (const by of [1, 3, 9]) {
      first += moved(was, historiesOf(bettered(region, [0], by)))
      second += moved(frozen, historiesOf(bettered(region, [0, 1], by), secondYear))
    }
    checked += 3 * was.length
  }
  const row = (regime: string) => ({
    property: 'no ratchet',
    tests: 'T18',
    regime: `expectations moved, of ${checked}: ${regime}`,
  })
  return [
    exactly(row('the contract year betters'), first, 0, 'partners'),
    exactly(row('both years of a second settlement better'), second, 0, 'partners'),
  ]
}

export const ratchet: readonly Study[] = [{ name: 'ratchet', rows: ratchetRows }]
