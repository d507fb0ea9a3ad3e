/** The seed of all randomness in training; no contract can choose it. */
export const seed = 20250101
