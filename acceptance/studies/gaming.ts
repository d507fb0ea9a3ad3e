/** Signs of gaming: power of the detectors, and false alarms without gaming. */
import { DETECTORS, type Detector } from '../../engine/gaming/detectors.ts'
import { signalsOf } from '../../engine/gaming/signals.ts'
import { atLeast, atMost, Tally, type Row } from '../simulation/figure.ts'
import { gamingRegion, PARTNERS, type Planted } from '../simulation/gaming-region.ts'
import type { Scale, Study } from '../simulation/scale.ts'

const ALPHA = 0.01
/** Regions for each: a share of 0.4 is known to 0.016. */
const regionsOf = ({ partnerYears }: Scale): number => Math.ceil(partnerYears / 2)

const row = (regime: string) => ({ property: 'no skimming, no hiding', tests: 'T6', regime })

/** How often the one who takes the worse of two baselines is called, tested alone. */
function power(bestOfTwo: number, least: number): Study {
  const what = `best-of-two baselines of ${100 * bestOfTwo}% of 300 patients are seen at 0.01`
  const rows = (scale: Scale): Row[] => {
    const detected = new Tally()
    for (let r = 0; r < regionsOf(scale); r++) {
      const signals = signalsOf(gamingRegion(scale.seed + r, { bestOfTwo }), PARTNERS)
      const own = signals.find(({ detector, partner }) => detector === 'baseline_surprise' && partner === 0)!
      detected.add(own.p <= ALPHA ? 1 : 0)
    }
    const { mean, se } = detected
    const judged = atLeast(row(what), detected, least)
    // as anchors.md 2.14 has its limits: Monte-Carlo error added
    return [{ ...judged, limit: `${judged.limit}, ± 2 MC se`, holds: mean >= least - 2 * se }]
  }
  return { name: `gaming ${bestOfTwo}`, rows }
}

/** The rate of regions with a false alarm without gaming, corrected for all partners and outcomes. */
function falseAlarms(where: string, planted: Planted): Study {
  const detectors = Object.keys(DETECTORS) as Detector[]
  const rows = (scale: Scale): Row[] => {
    const pointing = new Map(detectors.map((detector) => [detector, new Tally()]))
    for (let r = 0; r < regionsOf(scale); r++) {
      const found = signalsOf(gamingRegion(scale.seed + 1e6 + r, planted), PARTNERS).filter(
        ({ standsOut }) => standsOut,
      )
      for (const [detector, tally] of pointing) tally.add(found.some((signal) => signal.detector === detector) ? 1 : 0)
    }
    const family = `regions of 20 partners without gaming that a detector points in, ${where}`
    return detectors.map((detector) => ({
      ...atMost(row(`${detector} points at somebody, nobody games, ${where}`), pointing.get(detector)!, 0.05),
      family,
    }))
  }
  return { name: `no gaming, ${where}`, rows }
}

export const gaming: readonly Study[] = [
  power(1, 0.99),
  power(0.3, 0.4),
  falseAlarms('devices alike', {}),
  falseAlarms('devices that differ by an sd of 0.5 between partners', { devices: 0.5 }),
]
