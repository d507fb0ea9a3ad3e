/** Which families are fitted in one thread: training is cut by family, so that one outcome can keep two cores busy. */

/** By name; each group takes about as long as the other. */
export const FIT_GROUPS: readonly (readonly string[])[] = [
  ['sequence', 'mixed'],
  ['trees', 'ridge', 'residual', 'mean', 'last', 'log'],
]
