/** A page as its reader has it: visible text, tables as rows of cells, equations, and arithmetic on printed numbers. */
import type { Lang } from '../../../api/report/words/format.ts'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** Text without marks, as it is read: spaces run together, but one that does not break stays. */
export const textOf = (html: string): string =>
  html
    .replace(/<(style|svg)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<br \/>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)
    .replace(/[ \n\t]+/g, ' ')
    .trim()

export interface ReadTable {
  readonly caption: string
  readonly heads: readonly string[]
  readonly rows: readonly { readonly kind: string; readonly cells: readonly string[] }[]
}

export const tablesOf = (html: string): ReadTable[] =>
  [...html.matchAll(/<table[^>]*>([\s\S]*?)<\/table>/g)].map(([, table = '']) => ({
    caption: textOf(/<caption>([\s\S]*?)<\/caption>/.exec(table)?.[1] ?? ''),
    heads: cellsOf(/<thead>([\s\S]*?)<\/thead>/.exec(table)?.[1] ?? ''),
    rows: [
      ...(/<tbody>([\s\S]*?)<\/tbody>/.exec(table)?.[1] ?? '').matchAll(/<tr(?: class="([a-z]+)")?>([\s\S]*?)<\/tr>/g),
    ].map(([, kind = '', row = '']) => ({ kind, cells: cellsOf(row) })),
  }))

const cellsOf = (row: string): string[] =>
  [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => textOf(cell))

/** The section of a page by its id. */
export const sectionOf = (html: string, id: string): string =>
  new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? ''

export const equationsOf = (html: string): string[] =>
  [...html.matchAll(/<span class="equation"\s*>([\s\S]*?)<\/span\s*>/g)].map(([, equation = '']) => textOf(equation))

/** An exact fraction, with the decimals that its number was printed with. */
export interface Printed {
  readonly up: bigint
  readonly down: bigint
  readonly decimals: number
}

const NUMBERS = { nl: /[0-9]+(?:\.[0-9]{3})*(?:,[0-9]+)?%?/y, en: /[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?/y } as const

/** A printed number without its sign: 1.234,50 or 50%. */
function printedOf(text: string, lang: Lang): Printed {
  const [thousands, decimal] = lang === 'nl' ? ['.', ','] : [',', '.']
  const [whole = '', fraction = ''] = text.replace('%', '').replaceAll(thousands, '').split(decimal)
  const down = 10n ** BigInt(fraction.length) * (text.endsWith('%') ? 100n : 1n)
  return { up: BigInt(whole + fraction), down, decimals: fraction.length }
}

/** The number that a text is, with its sign; null where it has words, or none or more than one. */
export function numberIn(text: string, lang: Lang): number | null {
  if (/\p{L}/u.test(text)) return null
  const found = [...text.matchAll(new RegExp(NUMBERS[lang].source, 'g'))]
  if (found.length !== 1) return null
  const { up, down } = printedOf(found[0]![0], lang)
  return ((text.includes('\u2212') ? -1 : 1) * Number(up)) / Number(down)
}

/** What an equation says on its left, worked out exactly, and what it says on its right. Words and the euro sign are read over. */
export function workedOut(equation: string, lang: Lang): { readonly left: Printed; readonly right: Printed } {
  const [left, right, ...more] = equation.split('=').map((side) => new Reading(side, lang).sum())
  if (!left || !right || more.length > 0) throw new Error(`This has one equals sign: ${equation}`)
  return { left, right }
}

/** Whether the left, rounded half away from zero to the decimals of the right, is the right. */
export const holds = ({ left, right }: ReturnType<typeof workedOut>): boolean => {
  const scale = 10n ** BigInt(right.decimals)
  const [up, down] = [left.up * scale, left.down]
  const size = up < 0n ? -up : up
  const rounded = (2n * size + down) / (2n * down)
  return (up < 0n ? -rounded : rounded) * right.down === right.up * scale
}

/** sum = product {(+|\u2212) product}; product = factor {(×|÷) factor}; factor = [sign] number | (sum). */
class Reading {
  private at = 0
  private readonly signs: readonly string[]

  constructor(text: string, lang: Lang) {
    const marks = [...text.matchAll(new RegExp(`${NUMBERS[lang].source}|[+\u2212×÷()]`, 'g'))].map(([mark]) => mark)
    this.signs = marks
    this.lang = lang
  }

  private readonly lang: Lang

  sum(): Printed {
    let total = this.product()
    for (;;) {
      const sign = this.signs[this.at]
      if (sign !== '+' && sign !== '\u2212') return total
      this.at++
      const next = this.product()
      const taken = sign === '+' ? next.up : -next.up
      total = { up: total.up * next.down + taken * total.down, down: total.down * next.down, decimals: total.decimals }
    }
  }

  private product(): Printed {
    let result = this.factor()
    for (;;) {
      const sign = this.signs[this.at]
      if (sign !== '×' && sign !== '÷') return result
      this.at++
      const next = this.factor()
      const [up, down] = sign === '×' ? [next.up, next.down] : [next.down, next.up]
      const turn = down < 0n ? -1n : 1n
      result = { up: turn * result.up * up, down: turn * result.down * down, decimals: result.decimals }
    }
  }

  private factor(): Printed {
    const sign = this.signs[this.at++]
    if (sign === '+') return this.factor()
    if (sign === '\u2212') {
      const { up, ...rest } = this.factor()
      return { ...rest, up: -up }
    }
    if (sign !== '(') return printedOf(sign ?? '', this.lang)
    const inside = this.sum()
    this.at++
    return inside
  }
}
