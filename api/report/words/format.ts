/** Numbers, amounts and days as the reader's language writes them. Our own rather than Intl: the same bytes on every Node. */

export type Lang = 'nl' | 'en'

const MARKS = { nl: { thousands: '.', decimal: ',' }, en: { thousands: ',', decimal: '.' } } as const
const MONTHS = {
  nl: 'januari februari maart april mei juni juli augustus september oktober november december'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const

export interface Format {
  readonly lang: Lang
  /** 1.234 */
  count(n: number): string
  /** 1.234,50 with a fixed number of decimals; an en dash for what is not there */
  number(x: number | null, decimals: number): string
  /** +0,42 or -0,42: a difference carries its sign */
  signed(x: number | null, decimals: number): string
  /** € 1.234,56 from whole cents */
  cents(cents: number): string
  /** € 1.234,56 from euros */
  euros(eur: number | null): string
  /** 83% */
  percent(share: number | null): string
  /** 31 december 2025 */
  day(day: string): string
}

/** |x| with thousands marks; rounds half away from zero on the decimal text, as a reader would. */
function digitsOf(x: number, decimals: number, lang: Lang): string {
  const scale = 10 ** decimals
  const units = Math.round(Math.abs(x) * scale * (1 + Number.EPSILON))
  const whole = String(Math.floor(units / scale)).replace(/\B(?=(\d{3})+(?!\d))/g, MARKS[lang].thousands)
  return decimals === 0 ? whole : `${whole}${MARKS[lang].decimal}${String(units % scale).padStart(decimals, '0')}`
}

const ABSENT = '–'

/** The ways a language writes what a statement holds. */
export function formatOf(lang: Lang): Format {
  const isZero = (digits: string): boolean => !/[1-9]/.test(digits)
  const number = (x: number | null, decimals: number): string => {
    if (x === null || !Number.isFinite(x)) return ABSENT
    const digits = digitsOf(x, decimals, lang)
    return x < 0 && !isZero(digits) ? `-${digits}` : digits
  }
  const signed = (x: number | null, decimals: number): string => {
    const text = number(x, decimals)
    return x !== null && x > 0 && text !== ABSENT && !isZero(text) ? `+${text}` : text
  }
  const euros = (eur: number | null): string => {
    const text = number(eur, 2)
    if (text === ABSENT || lang === 'nl') return text === ABSENT ? text : `€ ${text}`
    return text.startsWith('-') ? `-€${text.slice(1)}` : `€${text}`
  }
  return {
    lang,
    count: (n) => number(n, 0),
    number,
    signed,
    euros,
    cents: (cents) => euros(cents / 100),
    percent: (share) => (share === null ? ABSENT : `${number(share * 100, 0)}%`),
    day: (day) => `${Number(day.slice(8, 10))} ${MONTHS[lang][Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`,
  }
}
