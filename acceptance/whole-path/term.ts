/** A constant effect over a term of three years through the whole path, models included: is it credited in each of them? */
import { join } from 'node:path'
import { NO_EFFECTS, type SyntheticEffects } from '../../data/synthetic/effects.ts'
import { regionOf } from '../../data/synthetic/region.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { importedFor, recordsOf, settlementUnder, type Path } from './settled-regions.ts'

const PATIENTS = 4000
/** What the contract does to HbA1c, in mmol/mol: from its first day on, of every patient from the index date on. */
export const GAIN = 2.5
export const TERM_YEARS = [1, 2, 3] as const

/** One region of 4,000 patients; its twin is the same people, visits and readings without the effect. */
export interface TermRegion {
  readonly seed: number
  readonly planted: boolean
}

/** A year of the term. Means are over patients, in mmol/mol. */
export interface TermYear {
  /** net gain of the contract's partners, weighted by their contributions, and its standard error by the settlement's own variances */
  readonly net: number
  readonly se: number
  readonly residualSd: number
  /** mean contributions, nothing taken off */
  readonly contract: number
  readonly control: number
}

/** Every other practice signs for itself; the others are the controls: with arms as large as this the trend is known as well as it can be. */
function armsOf(seed: number) {
  const { practices } = regionOf(PATIENTS, seed, { ...NO_EFFECTS, termYears: TERM_YEARS.length })
  const ids = practices.map(({ partnerId }) => partnerId)
  return { partners: ids.filter((_, at) => at % 2 === 0), control: ids.filter((_, at) => at % 2 === 1) }
}

type Arms = ReturnType<typeof armsOf>

const plantedIn = ({ partners }: Arms, planted: boolean): SyntheticEffects => ({
  ...NO_EFFECTS,
  termYears: TERM_YEARS.length,
  effects: planted ? partners.map((partner) => ({ partner, measure: 'hba1c', from: '2025-01-01', shift: -GAIN })) : [],
})

const contractText = ({ partners, control }: Arms, year: number): string =>
  JSON.stringify({
    contract: 'term-of-three-years',
    title: 'A synthetic region over a term',
    programme: 'dm2',
    partners,
    control,
    term: { start: '2025-01-01', end: '2027-12-31' },
    period: { start: `${2024 + year}-01-01`, end: `${2024 + year}-12-31` },
    reference: { start: '2019-01-01', end: '2024-12-31' },
    outcomes: [{ measure: 'hba1c', price_eur: 10, horizon_days: 365, window_days: 120, baseline_days: 450 }],
    trend: 'control',
    share: { gain: 1, loss: 1 },
  })

/** The three years of a region, settled in turn. */
export function termYearsOf(path: Path, { seed, planted }: TermRegion): Promise<TermYear[]> {
  const arms = armsOf(seed)
  const name = `term-${seed}-${planted ? 'effect' : 'none'}`
  return importedFor(path, name, { patients: PATIENTS, seed, effects: plantedIn(arms, planted) }, async (dir) => {
    const years: TermYear[] = []
    for (const year of TERM_YEARS) {
      const out = join(dir, `year-${year}`)
      const settlement = await settlementUnder(path, name, contractText(arms, year), out)
      years.push({ ...creditedIn(settlement), ...(await contributionsOf(out, arms)) })
    }
    return years
  })
}

function creditedIn({ partners, outcomes: [outcome] }: Settlement) {
  const trendVariance = outcome!.trend_se ** 2
  let [weights, weighted, squares] = [0, 0, 0]
  for (const { outcomes } of partners) {
    const { eligible: weight, net_gain, variance } = outcomes[0]!
    weights += weight
    weighted += weight * net_gain!
    squares += weight ** 2 * (variance! - trendVariance)
  }
  const se = Math.sqrt(squares / weights ** 2 + trendVariance)
  return { net: weighted / weights, se, residualSd: outcome!.residual_sd! }
}

async function contributionsOf(out: string, { partners }: Arms) {
  const own = new Set(partners)
  const sums = { contract: { sum: 0, number: 0 }, control: { sum: 0, number: 0 } }
  for await (const { partner_id, contribution } of recordsOf(join(out, 'expectations.csv'))) {
    if (contribution === '') continue
    const arm = sums[own.has(partner_id!) ? 'contract' : 'control']
    arm.sum += Number(contribution)
    arm.number++
  }
  const { contract, control } = sums
  return { contract: contract.sum / contract.number, control: control.sum / control.number }
}
