/** The likely cause of a rejected value: stated after the fault, counted by kind, never used to change a value. */
import type { Measure } from '../../engine/contract/programme.ts'
import type { Suspicions } from './suspicions.ts'

export const CAUSES = [
  'zero_for_missing',
  'unit_mix',
  'decimal_shift',
  'future_date',
  'two_main_practitioners',
] as const
export type Cause = (typeof CAUSES)[number]

export interface LikelyCause {
  readonly cause: Cause
  /** follows "probably" */
  readonly words: string
}

/** The likely cause of a value that is not plausible; the first rule that fits.
 *  @param read the value as it was delivered
 *  @param value the same in the measure's unit
 *  @param unit as delivered; blank is the measure's own */
export function likelyCause(
  suspicions: Suspicions,
  measure: Measure,
  read: number,
  value: number,
  unit: string,
): LikelyCause | null {
  if (read === 0 && suspicions.zeroForMissing.includes(measure.key))
    return { cause: 'zero_for_missing', words: '0 written for what was not measured' }
  const delivered = unit === '' ? measure.unit : unit
  const mix = suspicions.unitMixes.find(
    (each) => each.measure === measure.key && each.delivered === delivered && within(read, each.values),
  )
  if (mix) return { cause: 'unit_mix', words: `a value in ${mix.meant} delivered as ${mix.delivered}` }
  const known = suspicions.measures.get(measure.key)
  if (known?.step == null) return null
  const factor = suspicions.shiftFactors.find((each) => within(value * each, known.usual))
  if (factor === undefined) return null
  const shift = factor < 1 ? `${Math.round(1 / factor)} times too large` : `${factor} times too small`
  return { cause: 'decimal_shift', words: `a decimal shift (${shift})` }
}

const within = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most
