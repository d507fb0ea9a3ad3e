/** Numbers as people and spreadsheets write them: decimal points and commas, groups of thousands, bounds. */

/** The sign between a number and its decimals. */
export type DecimalSign = '.' | ','

const ZERO = 48
const NINE = 57

/** Whether a byte is a decimal digit; where there is no byte there is none. */
export const isDigit = (code = 0): boolean => code >= ZERO && code <= NINE

/** Whether there is nothing but decimal digits. */
export function areDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(bytes[at])) return false
  return true
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const grouped = {
  '.': /^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/,
  ',': /^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/,
} as const
/** spaces and apostrophes part thousands and nothing else */
const spaced = /^[+-]?\d{1,3}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?$/
/** The sign that the column does not have. */
export const other = { '.': ',', ',': '.' } as const

/** The number that the text writes; NaN if none, or if its one sign may part thousands where the other one parts decimals. */
export function numberOf(text: string, sign: DecimalSign): number {
  const plain = plainDecimal(text, sign)
  return plain === undefined ? NaN : Number(plain)
}

/** The same number with a decimal point and nothing else between its digits. */
export function plainDecimal(text: string, sign: DecimalSign): string | undefined {
  if (sign === '.' && decimal.test(text)) return text
  const tight = spaced.test(text) ? text.replaceAll(/[ '\u2019]/g, '') : text
  const [comma, point] = [tight.indexOf(','), tight.indexOf('.')]
  if (comma >= 0 && point >= 0) {
    const last: DecimalSign = comma > point ? ',' : '.'
    return grouped[last].test(tight) ? tight.replaceAll(other[last], '').replace(',', '.') : undefined
  }
  const found: DecimalSign | null = comma >= 0 ? ',' : point >= 0 ? '.' : null
  if (found !== null && found !== sign) {
    // with decimal commas a point is read too, unless it could part thousands; a comma among points is not
    if (found === ',' || mayPartThousands(tight)) return undefined
  }
  const pointed = tight.replace(',', '.')
  return decimal.test(pointed) ? pointed : undefined
}

const mayPartThousands = (text: string): boolean => /^[+-]?(?!0[.,])\d{1,3}(?:[.,]\d{3})+$/.test(text)

/** Euros to cents, exactly; nothing if it is no amount of at most two decimals (further zeros are harmless). A sign for euros around it, and
 *  a minus after it, are read.
 *  @returns cents as an integer's text */
export function centsOf(text: string, sign: DecimalSign): string | undefined {
  const bare = text.replace(/^(?:€|EUR)\s*|\s*(?:€|EUR)$/g, '').replace(/^(\d.*)-$/, '-$1')
  const plain = plainDecimal(bare, sign)
  const parts = plain === undefined ? null : /^([+-]?)(\d{0,13})(?:\.(\d{0,2})0*)?$/.exec(plain)
  if (!parts) return undefined
  const [, minus = '', whole = '', fraction = ''] = parts
  const cents = `${whole}${fraction.padEnd(2, '0')}`.replace(/^0+(?=\d)/, '')
  return minus === '-' && cents !== '0' ? `-${cents}` : cents
}

/** Whether the text bounds a value and does not tell it: <5, >= 90, > 14 %, 120+. */
export const isBound = (text: string): boolean =>
  /^(?:[<>≤≥]=?|=[<>]|&[lg]t;)\s*[+-]?[\d.,]/.test(text) || /^\d[\d.,]*\s*\+$/.test(text)

/** Why a text is no number, and what it may be: for a reject. */
export function whyNoNumber(text: string, sign: DecimalSign): string {
  if (isBound(text)) return 'a bound, not a value'
  if (text.startsWith('#')) return 'not a number; an error of a spreadsheet'
  if (/^[\d.,]+\s*\/\s*[\d.,]+$/.test(text)) return 'not a number; two values in one cell'
  if (mayPartThousands(text)) {
    const [joined, parted] = [text.replaceAll(/[.,]/g, ''), text.replace(/[.,]/, '.')]
    return `not a number; ${joined} or ${parted}: the sign may part thousands or decimals`
  }
  if (/^[+-]?\d+,\d+$/.test(text) && sign === '.') return 'not a number; a decimal comma in a column of decimal points'
  if (/^[+-]?[\d.,]+\s*(?:%|[a-zµ][\w/%²^.µ]*)$/i.test(text) && !/^0x/i.test(text))
    return 'not a number; a unit belongs in the column unit'
  return 'not a number'
}

/** What the numbers of one column show of their decimal sign. */
export class NumberEvidence {
  /** by sign: numbers of which it must be the decimal sign, and numbers of which it may part thousands */
  private readonly proven = { '.': 0, ',': 0 }
  private readonly possible = { '.': 0, ',': 0 }

  see(written: string): void {
    // a bound, a percentage and a power of ten show the sign as well as a number does
    const text = written.replace(/^[<>≤≥=\s]+|\s*%$|[eE][+-]?\d+$/g, '')
    if (!/^[+-]?[\d.,' \u2019]+$/.test(text)) return
    const [comma, point] = [text.includes(','), text.includes('.')]
    if (!comma && !point) return
    const last: DecimalSign = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'
    if (comma && point) this.proven[last]++
    else if (!mayPartThousands(text)) this.proven[last]++
    else if (text.indexOf(last) === text.lastIndexOf(last)) this.possible[last]++
    else this.proven[other[last]]++
  }

  /** Whether any number of the column has the sign, to part decimals or thousands. */
  has(sign: DecimalSign): boolean {
    return this.proven[sign] + this.possible[sign] > 0
  }

  /** The decimal sign of every number of the column: the file's own, unless the column is written with the other throughout. */
  signOr(own: DecimalSign): DecimalSign {
    const others = other[own]
    const throughout = this.proven[others] > 0 && !this.has(own)
    return throughout ? others : own
  }
}
