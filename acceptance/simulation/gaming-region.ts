/** Regions with nothing to find, or with something planted with partner 0: for the detectors of gaming. */
import { countDigit, noDigits } from '../../engine/gaming/digits.ts'
import type { Signs } from '../../engine/gaming/signals.ts'
import { EARLIER, type Baselines } from '../../engine/gaming/surprise.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'

export const PARTNERS = 20
const SIZE = 300

/** What may be planted with partner 0, and how partners differ besides. */
export interface Planted {
  /** share of patients whose baseline is the worse of two readings */
  readonly bestOfTwo?: number
  /** sd between partners of how far their baselines lie off without anybody gaming, as by a device; in both years */
  readonly devices?: number
  /** share of readings rounded to 0 or 5 in the contract year */
  readonly rounded?: number
  /** how much worse leavers are, and newcomers better, in sd of risk */
  readonly dropped?: number
  readonly skimmed?: number
  /** days later than a year before */
  readonly later?: number
  /** more conditions a patient */
  readonly coded?: number
}

/** A region of 20 partners with 300 patients each: levels of sd 9, visits of sd 4, innovations of sd 4 a year, four quarterly readings before the
 *  baseline. Partners differ in scheduling, coding and rounding without anybody gaming. */
export function gamingRegion(seed: number, planted: Planted = {}): Signs {
  const dice = randomOf(seed, 0x9a3e)
  const rows = PARTNERS * SIZE
  const column = (of: (p: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row % PARTNERS))
  const partner = Int32Array.from({ length: rows }, (_, row) => row % PARTNERS)
  const if0 = (p: number, value: number | undefined) => (p === 0 ? (value ?? 0) : 0)
  const device = Array.from({ length: PARTNERS }, () => (planted.devices ?? 0) * dice.normal())
  const baselines = baselinesOf(dice, (p) => ({ again: if0(p, planted.bestOfTwo), device: device[p]! }))
  const habit = Array.from({ length: PARTNERS }, () => 10 * dice.normal())
  const coding = Array.from({ length: PARTNERS }, () => 0.05 * dice.normal())
  const left = Uint8Array.from({ length: rows }, () => (dice.uniform() < 0.08 ? 1 : 0))
  const isNew = Uint8Array.from({ length: rows }, () => (dice.uniform() < 0.1 ? 1 : 0))
  const risk = Float64Array.from({ length: rows }, (_, row) => {
    const p = row % PARTNERS
    return (
      dice.normal() + 0.3 * left[row]! + left[row]! * if0(p, planted.dropped) - isNew[row]! * if0(p, planted.skimmed)
    )
  })
  const offset = (p: number, later = 0) => habit[p]! + later + 30 * dice.normal()
  return {
    partner,
    practice: partner,
    risk,
    left,
    isNew,
    conditionGrowth: column((p) => coding[p]! + if0(p, planted.coded) + (dice.uniform() < 0.3 ? 1 : 0)),
    outcomes: [
      {
        measure: 'sbp',
        baselines,
        offsetDays: column((p) => offset(p, if0(p, planted.later))),
        before: {
          partner,
          practice: partner,
          baselines: baselinesOf(randomOf(seed, 0xbef0), (p) => ({ again: 0, device: device[p]! })),
          offsetDays: column((p) => offset(p)),
        },
        digits: Array.from({ length: PARTNERS }, (_, p) => {
          const [now, before] = [noDigits(), noDigits()]
          const fives = 0.05 + 0.02 * (p % 5)
          for (let reading = 0; reading < 4 * SIZE; reading++) {
            countDigit(now, sbp(dice, fives + if0(p, planted.rounded)))
            countDigit(before, sbp(dice, fives))
          }
          return { now, before }
        }),
      },
    ],
  }
}

/** @param of how a partner takes baselines: the share that is the worse of two, and how far all of them lie off */
function baselinesOf(dice: Random, of: (p: number) => { readonly again: number; readonly device: number }): Baselines {
  const rows = PARTNERS * SIZE
  const [baseline, gapDays] = [new Float64Array(rows), new Float64Array(rows).fill(91)]
  const earlier = new Float64Array(rows * EARLIER)
  for (let row = 0; row < rows; row++) {
    let level = 60 + 9 * dice.normal()
    for (let quarter = EARLIER - 1; quarter >= 0; quarter--) {
      earlier[row * EARLIER + quarter] = level + 4 * dice.normal()
      level += 2 * dice.normal()
    }
    const { again, device } = of(row % PARTNERS)
    const first = 4 * dice.normal()
    baseline[row] = level + device + (dice.uniform() < again ? Math.max(first, 4 * dice.normal()) : first)
  }
  return { baseline, earlier, gapDays }
}

function sbp(dice: Random, fives: number): number {
  const value = Math.round(135 + 15 * dice.normal())
  return dice.uniform() < fives ? 5 * Math.round(value / 5) : value
}
