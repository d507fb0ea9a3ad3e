/** Numbers, amounts and days as the reader's language writes them. Our own rather than Intl: the same bytes on every Node. */
import { decimalOf, roundedTo, type Decimal } from '../../../engine/kernel/decimal.ts'

export type Lang = 'nl' | 'en'

const MARKS = { nl: { thousands: '.', decimal: ',' }, en: { thousands: ',', decimal: '.' } } as const
const MONTHS = {
  nl: 'januari februari maart april mei juni juli augustus september oktober november december'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const

export type DecimalStyle = 'plain' | 'signed' | 'euros'

export interface Format {
  readonly lang: Lang
  /** 1.234 */
  count(n: number): string
  /** 1.234,50 with a fixed number of decimals; an en dash for what is not there */
  number(x: number | null, decimals: number): string
  /** +0,42 or −0,42: a difference carries its sign */
  signed(x: number | null, decimals: number): string
  /** a number with the decimals that it has: −€ 1.234,5678 */
  decimal(value: Decimal, style: DecimalStyle): string
  /** € 1.234,56 or −€ 1.234,56 from whole cents; the euro sign and its amount stay on one line */
  cents(cents: number): string
  /** € 1.234,56 from euros */
  euros(eur: number | null): string
  /** 83% */
  percent(share: number | null): string
  /** 31 december 2025 */
  day(day: string): string
}

const MINUS = '\u2212'
/** Between a euro sign and its amount, and in a number that may not break. */
const NO_BREAK = '\u00a0'

/** |x| with thousands marks, all its decimals written out. */
function digitsOf({ digits, exponent }: Decimal, lang: Lang): string {
  const text = String(digits < 0n ? -digits : digits).padStart(1 - exponent, '0')
  const [whole, fraction] = [text.slice(0, text.length + exponent), text.slice(text.length + exponent)]
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, MARKS[lang].thousands)
  return fraction === '' ? grouped : `${grouped}${MARKS[lang].decimal}${fraction}`
}

const ABSENT = '–'

/** The ways a language writes what a statement holds. */
export function formatOf(lang: Lang): Format {
  const euroSign = lang === 'nl' ? `€${NO_BREAK}` : '€'
  const decimal: Format['decimal'] = (value, style) => {
    const sign = value.digits < 0n ? MINUS : style === 'signed' && value.digits > 0n ? '+' : ''
    return `${sign}${style === 'euros' ? euroSign : ''}${digitsOf(value, lang)}`
  }
  const styled = (x: number | null, decimals: number, style: DecimalStyle): string =>
    x === null || !Number.isFinite(x) ? ABSENT : decimal(roundedTo(decimalOf(x), decimals), style)
  const number: Format['number'] = (x, decimals) => styled(x, decimals, 'plain')
  return {
    lang,
    count: (n) => number(n, 0),
    number,
    signed: (x, decimals) => styled(x, decimals, 'signed'),
    decimal,
    euros: (eur) => styled(eur, 2, 'euros'),
    cents: (cents) => decimal({ digits: BigInt(cents), exponent: -2 }, 'euros'),
    percent: (share) => (share === null ? ABSENT : `${number(share * 100, 0)}%`),
    day: (day) => `${Number(day.slice(8, 10))} ${MONTHS[lang][Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`,
  }
}
