/** Numbers as people and spreadsheets write them. */

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const thousands = /^[+-]?\d{1,3}(?:\.\d{3})+$/

/** The number that the text writes; NaN if none. With decimal commas a point is read too, unless it could part thousands. */
export function numberOf(text: string, decimalComma: boolean): number {
  if (!decimalComma) return decimal.test(text) ? Number(text) : NaN
  if (!text.includes(',')) return thousands.test(text) ? NaN : numberOf(text, false)
  return text.includes('.') ? NaN : numberOf(text.replace(',', '.'), false)
}

/** Euros to cents, exactly; nothing if it is no amount of at most two decimals (further zeros are harmless).
 *  @returns cents as an integer's text */
export function centsOf(text: string, decimalComma: boolean): string | undefined {
  if (Number.isNaN(numberOf(text, decimalComma))) return undefined
  const parts = /^([+-]?)(\d{0,13})(?:\.(\d{0,2})0*)?$/.exec(text.replace(',', '.'))
  if (!parts) return undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  const cents = `${whole}${fraction.padEnd(2, '0')}`.replace(/^0+(?=\d)/, '')
  return sign === '-' && cents !== '0' ? `-${cents}` : cents
}
