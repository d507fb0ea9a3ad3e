/** x * x, for everything that a payment rests on: the power operator may differ in its last bit from one runtime to the next. */
export const squared = (x: number): number => x * x
