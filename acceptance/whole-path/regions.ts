/** Small regions that go through the whole path, models included: files with a known truth, and the contracts on them. */
import { NO_EFFECTS, type PlantedEffect, type SyntheticEffects } from '../../data/synthetic/effects.ts'
import { MEASURE_MODELS } from '../../data/synthetic/measures.ts'
import { regionOf } from '../../data/synthetic/region.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { Z } from '../simulation/contract.ts'
import { meanOf } from '../simulation/figure.ts'

export type Kind = 'nothing' | 'hidden case mix' | 'trend' | 'effects'

/** One region: what is planted, and who signs. */
export interface WholeRegion {
  readonly name: string
  readonly kind: Kind
  readonly seed: number
  /** what the contract pays for */
  readonly measure: PaidMeasure
  readonly planted: SyntheticEffects
  readonly partners: readonly string[]
  readonly control: readonly string[]
  /** how much worse off each partner's patients are than the average partner's, in sd between partners */
  readonly risk: ReadonlyMap<string, number>
}

export const PATIENTS = 1600
export const MEASURES = ['hba1c', 'sbp'] as const
export type PaidMeasure = (typeof MEASURES)[number]
const KINDS: readonly Kind[] = ['nothing', 'hidden case mix', 'trend', 'effects']
const REGIONS_OF_A_KIND = 5
const REGIONS_WITH_A_TREND = 20
const MORE_WITHOUT_EFFECT = 40

/** Between care groups, in sd of a reading. */
const HIDDEN_SD = 0.3
const TREND = { hba1c: -2.5, sbp: -3 }
/** sd between partners of the gain that the contract brings, in the measure's unit. */
const EFFECT_SD = { hba1c: 2, sbp: 3 }
/** Correlation between how badly off a partner's patients are and what the contract does for them. */
const RISK_CORRELATION = 0.5

/** Twenty regions, five of each kind. */
export const wholeRegions = (seed: number): WholeRegion[] =>
  KINDS.flatMap((kind, k) =>
    Array.from({ length: REGIONS_OF_A_KIND }, (_, r) =>
      wholeRegionOf(kind, seed + KINDS.length * r + k, r, MEASURES[(k + r) % 2]!),
    ),
  )

/** Twenty more with hidden case mix and a trend, and no effects: five are too few to tell a trend that leaks into merit from chance.
 *  None of them is one of the twenty above. */
export const trendRegions = (seed: number): WholeRegion[] =>
  Array.from({ length: REGIONS_WITH_A_TREND }, (_, r) => ({
    ...wholeRegionOf('trend', seed + 100 + r, r, MEASURES[r % 2]!),
    name: `trend-alone-${r + 1}`,
  }))

/** Forty more without any effect: all partners of a region share the error of its trend and are paid for nothing together or not at all, so that
 *  fifteen regions, or one of them, say little of a share of 5%. None of them is one of the forty above. */
export const regionsWithoutEffect = (seed: number): WholeRegion[] =>
  Array.from({ length: MORE_WITHOUT_EFFECT }, (_, r) => ({
    ...wholeRegionOf(KINDS[r % 3]!, seed + 200 + r, r, MEASURES[r % 2]!),
    name: `no-effect-${r + 1}`,
  }))

function wholeRegionOf(kind: Kind, seed: number, r: number, measure: PaidMeasure): WholeRegion {
  const planted: SyntheticEffects = {
    ...NO_EFFECTS,
    trend: kind === 'trend' || kind === 'effects' ? TREND : {},
    hiddenCaseMixSd: kind === 'nothing' ? 0 : HIDDEN_SD,
  }
  const { practices, contractPartners } = regionOf(PATIENTS, seed, planted)
  // the first care group signs with all its practices, every other practice for itself
  const [group] = contractPartners
  const alone = practices.filter(({ control, groupId }) => !control && groupId !== group)
  const partners = [group!, ...alone.map(({ partnerId }) => partnerId)]
  const at = MEASURE_MODELS.findIndex(({ key }) => key === measure)
  const levels = partners.map((partner) =>
    meanOf(practices.filter((p) => p.partnerId === partner || p.groupId === partner).map((p) => p.level[at]!)),
  )
  const standing = standardised(levels)
  const risk = new Map(partners.map((partner, p) => [partner, standing[p]!]))
  return {
    name: `${kind.replaceAll(' ', '-')}-${r + 1}`,
    kind,
    seed,
    measure,
    planted: kind === 'effects' ? { ...planted, effects: effectsOf(partners, risk, measure, seed) } : planted,
    partners,
    control: practices.filter(({ control }) => control).map(({ partnerId }) => partnerId),
    risk,
  }
}

function effectsOf(
  partners: readonly string[],
  risk: WholeRegion['risk'],
  measure: PaidMeasure,
  seed: number,
): PlantedEffect[] {
  const dice = randomOf(seed, 77)
  const own = Math.sqrt(1 - RISK_CORRELATION * RISK_CORRELATION)
  return partners.map((partner) => {
    const gain = EFFECT_SD[measure] * (RISK_CORRELATION * risk.get(partner)! + own * dice.normal())
    return { partner, measure, from: '2025-01-01', shift: -gain }
  })
}

function standardised(values: readonly number[]): number[] {
  const mean = meanOf(values)
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1))
  return values.map((x) => (x - mean) / sd)
}

/** The contract on a region, as a file of interface.md 3: all of a gain and of a loss shared beyond what chance does. */
export const contractFileOf = ({ name, measure, partners, control }: WholeRegion): string =>
  JSON.stringify({
    contract: name,
    title: 'A synthetic region through the whole path',
    programme: 'dm2',
    partners,
    control,
    period: { start: '2025-01-01', end: '2025-12-31' },
    reference: { start: '2021-01-01', end: '2024-12-31' },
    outcomes: [{ measure, price_eur: 10, horizon_days: 365, window_days: 120, baseline_days: 450 }],
    trend: 'control',
    share: { gain: 1, loss: 1 },
    dead_band: { eur: 0, z: Z },
  })
