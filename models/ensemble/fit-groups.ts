/** Which families learn in one thread: training is cut by family, so that one outcome can keep two cores busy. */

/** By name; each lane takes about as long as the other. */
export const LANES: readonly (readonly string[])[] = [
  ['sequence', 'mixed'],
  ['trees', 'ridge', 'residual', 'mean', 'last'],
]
