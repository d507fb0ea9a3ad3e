/** The text of a cell without what its writer did not mean: space around it, characters that cannot be seen, words for nothing. */
import { WORDS } from './words.ts'

const plain = /^(?:[!-~](?:[ -~]*[!-~])?)?$/
const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/g
const oddSpaces = /[\u00a0\u2007\u2009\u202f]/g

/** The text as it was meant: no-break and thin spaces as spaces, nothing invisible, nothing around it. */
export const cleaned = (text: string): string =>
  plain.test(text) ? text : text.replace(invisible, '').replace(oddSpaces, ' ').trim()

const longestNothing = Math.max(...[...WORDS.nothing].map((word) => word.length))

/** Whether the text stands for nothing: blank, or a word that systems write for it. */
export const isNothing = (text: string): boolean =>
  text === '' || (text.length <= longestNothing && WORDS.nothing.has(text.toLowerCase()))

/** The same for an id or a code, where `NA` may be one: only what databases and data frames write for nothing. */
export const isNull = (text: string): boolean =>
  text === '' || (text.length <= longestNothing && WORDS.null.has(text.toLowerCase()))
