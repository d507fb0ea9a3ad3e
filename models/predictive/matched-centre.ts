/** The centre of a distribution on possible values at which its mean is the one that was foretold. */
import { fromScale, onScale, possible, type LogOffset, type Support } from './support.ts'

/** Levels of z between two shapes: lower + share x (upper - lower), ascending. */
interface Shaped {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/** How far from the foretold mean the centre is sought, in scales; by so many halvings on every eighth level, then by so many on all, from somewhat
 *  wider than where the first ended. */
const [reach, roughHalvings, halvings, again] = [8, 8, 9, 0.15]

/** The centre, on the scale of errors, at which the mean of the possible values is `mean`: rounding and the ends of the range move nobody's
 *  expectation. By halving, since the mean rises with the centre.
 *  @param isRough every eighth level will do, as while shapes are still estimated */
export function matchedCentre(
  between: Shaped,
  share: number,
  mean: number,
  scale: number,
  { support, offset, isRough = false }: { support: Support; offset: LogOffset; isRough?: boolean },
): number {
  const { low, high } = support
  const room = 1e-6 * (high - low)
  const wanted = Math.min(high - room, Math.max(low + room, mean))
  const about = onScale(wanted, support, offset)
  const sought = { between, share, wanted, scale, support, offset }
  const rough = halved(sought, [about - reach * scale, about + reach * scale], roughHalvings + (isRough ? 5 : 0), 8)
  return isRough ? rough : halved(sought, [rough - again * scale, rough + again * scale], halvings, 1)
}

interface Sought {
  readonly between: Shaped
  readonly share: number
  readonly wanted: number
  readonly scale: number
  readonly support: Support
  readonly offset: LogOffset
}

function halved(
  { between: { lower, upper }, share, wanted, scale, support, offset }: Sought,
  [from, to]: [number, number],
  times: number,
  every: number,
): number {
  for (let halving = 0; halving < times; halving++) {
    const centre = (from + to) / 2
    let [sum, count] = [0, 0]
    for (let k = every >> 1; k < lower.length; k += every, count++) {
      const z = lower[k]! + share * (upper[k]! - lower[k]!)
      sum += possible(fromScale(centre + scale * z, support, offset), support)
    }
    if (sum < wanted * count) from = centre
    else to = centre
  }
  return (from + to) / 2
}
