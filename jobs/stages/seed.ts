/** All chance in training comes from here: no contract can choose it, so nobody can choose a lucky one. */
export const seed = 20250101
