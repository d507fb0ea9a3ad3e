/** The text of a cell without what its writer did not mean: space around it, characters that cannot be seen, words for nothing. */
import { WORDS } from './words.ts'

const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/g
const oddSpaces = /[\u00a0\u2007\u2009\u202f]/g

/** The text as it was meant: no-break and thin spaces as spaces, nothing invisible, nothing around it. */
export const cleaned = (text: string): string =>
  isPlain(text) ? text : text.replace(invisible, '').replace(oddSpaces, ' ').trim()

const SPACE = 32
const LAST_ASCII = 126

/** Whether there is nothing to take away: ASCII that can be seen, with no space around it. */
function isPlain(text: string): boolean {
  const { length } = text
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code < SPACE || code > LAST_ASCII || (code === SPACE && (at === 0 || at === length - 1))) return false
  }
  return true
}

const longestNothing = Math.max(...[...WORDS.nothing].map((word) => word.length))

/** Whether the text stands for nothing: blank, or a word that systems write for it. */
export const isNothing = (text: string): boolean =>
  text === '' || (mayBeWord(text) && WORDS.nothing.has(text.toLowerCase()))

/** The same for an id or a code, where `NA` may be one: only what databases and data frames write for nothing. */
export const isNull = (text: string): boolean => text === '' || (mayBeWord(text) && WORDS.null.has(text.toLowerCase()))

// No word for nothing begins with a digit, as most cells do.
const mayBeWord = (text: string): boolean => {
  const first = text.charCodeAt(0)
  return text.length <= longestNothing && (first < 48 || first > 57)
}
