/** Decimals in JSON digit for digit as they are kept: 12.50 stays 12.50. JSON has decimals; JavaScript's numbers are not. */

// no text of the store has a NUL in it, so that no other text can be taken for a number
const mark = '\0'
const marked = /"\\u0000([-+.\deE]+)"/g

/** A number that `jsonOf` writes as these digits.
 *  @param decimal a number as JSON writes it */
export const asWritten = (decimal: string): string => mark + decimal

/** The JSON of a value. */
export const jsonOf = (value: unknown): string => JSON.stringify(value).replaceAll(marked, '$1')
