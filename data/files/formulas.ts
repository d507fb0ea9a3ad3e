/** Escapes text that a spreadsheet would run as a formula, reversibly (decision 24). */

/** A sign that begins a formula, and somewhere after it what no number, code or pseudonym has: without a bracket, a bar or
 *  a quote no formula calls or fetches anything. */
const formula = /^[=+\-@\t\r][\w+\-/=.:]*[^\w+\-/=.:]/

export const isFormula = (text: string): boolean => formula.test(text)

/** As it is written for people: an apostrophe before a formula, or before one that has some already. */
export const guarded = (text: string): string => (isFormula(text.replace(/^'+/, '')) ? `'${text}` : text)

/** As it was before `guarded`. */
export const unguarded = (text: string): string =>
  text.startsWith("'") && isFormula(text.replace(/^'+/, '')) ? text.slice(1) : text
