/** What goes wrong with a file between two systems: each is a plain record, so that fast-check can shrink what broke something. */
import { gzipSync } from 'node:zlib'
import { array, constantFrom, nat, oneof, record } from 'fast-check'
import type { Arbitrary } from 'fast-check'

export interface Corruption {
  readonly what: keyof typeof CORRUPTIONS
  /** where it begins, as a share of the file */
  readonly at: number
  /** how much of it, likewise */
  readonly size: number
  /** which column, or which of the texts below */
  readonly which: number
}

/** A thousand digits and letters that nothing compresses. */
const noise = (length: number): string => {
  let [text, state] = ['', 1]
  while (text.length < length) text += (state = Math.imul(state, 48_271) >>> 0).toString(36)
  return text.slice(0, length)
}

/** Texts that a field should not hold, or only just. */
const ODD_TEXTS: readonly string[] = [
  // numbers, or nearly
  '0|-0|-|007|1e308|1e999|-1e-400|999999999999999999999999999999|NaN|Infinity|0x10|1.234,5|1,5|1.5|12.345|%',
  // days, or nearly
  '2025-02-30|0000-00-00|9999-12-31|2199-12-31|1800-01-01|31-12-2024|2024-1-1|2024-01-01T25:00|infinity|123456782',
  // what other programs read as more than a text
  "=1+f(1)|@SUM(A1)|null|__proto__|constructor|toString|\\N|\\.|'; drop table observation; --|\\u0000|\\ud800",
  '{|[]|&|&amp;|<|]]>|<!--|"|""|,|;|\t|\r|\n||  |é|e\u0301|👩‍⚕️|\u202E|\uFEFF|\u0000|\u2028|\u00A0',
  `${noise(300)}|${noise(3000)}|${noise(11_000)}|${'é'.repeat(2000)}`,
].flatMap((line) => line.split('|'))

/** Bytes that are no UTF-8, or that no text file has. */
const odd = [
  '\xff\xfe',
  '\xfe\xff',
  '\xef\xbb\xbf',
  '\xed\xa0\x80',
  '\xc3',
  '\x80',
  '\0',
  '\r',
  '\n',
  '"',
  '\\',
  '\x1a',
  ';',
]

// Files are handled as latin1, one character a byte, so that nothing is repaired on the way.
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const place = (text: string, share: number): number => Math.floor(share * text.length)
const oddText = (which: number): string => bytesOf(ODD_TEXTS[which % ODD_TEXTS.length] as string)

const lined =
  (change: (lines: string[], from: number, count: number) => string[]) =>
  (text: string, { at, size }: Corruption): string => {
    const lines = text.split('\n')
    const from = Math.min(lines.length - 1, Math.floor(at * lines.length))
    return change(lines, from, 1 + Math.floor(size * size * (lines.length - from))).join('\n')
  }

const delimiterOf = (text: string): string => (/^[^\n]*;/.test(text) ? ';' : /^[^\n,]*\t/.test(text) ? '\t' : ',')

/** Changes the fields of the lines from `at` on; the header too if it says so. Quotes are not respected: that is a corruption too. */
const fielded =
  (change: (fields: string[], which: number, line: number) => string[]) =>
  (text: string, { at, size, which }: Corruption): string => {
    const delimiter = delimiterOf(text)
    return lined((lines, from, count) =>
      lines.map((line, i) =>
        i < from || i >= from + count ? line : change(line.split(delimiter), which, i).join(delimiter),
      ),
    )(text, { what: 'truncated', at, size, which })
  }

/** The token of JSON or XML, or the field of a CSV, that begins after `at`, with another text in its place. */
function otherToken(text: string, { at, which }: Corruption): string {
  const from = place(text, at)
  const token = /(?<=")[^"\n]*(?=")|(?<=[,;:>])[^,;:<>"\n]+/g
  token.lastIndex = from
  const found = token.exec(text)
  return found ? text.slice(0, found.index) + oddText(which) + text.slice(found.index + found[0].length) : text
}

/** A value of JSON or XML after `at` with another in its place, of another kind perhaps, and what is around it still sound. */
function otherValue(text: string, { at, size, which }: Corruption): string {
  const value = /(?<=":\s?)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false|null)|(?<= value=)"[^"]*"/g
  value.lastIndex = place(text, at)
  const found = value.exec(text)
  if (!found) return otherToken(text, { what: 'a token replaced', at, size, which })
  const odd = Buffer.from(oddText(which), 'latin1').toString('utf8')
  const kinds = ['null', '[]', '{}', '[[1]]', '[null]', '-1', '1e400', 'true', '{"value":[{}]}']
  const inXml = text[found.index - 1] === '='
  const replacement = inXml
    ? `"${odd.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`
    : (kinds[which % 18] ?? JSON.stringify(odd))
  return text.slice(0, found.index) + bytesOf(replacement) + text.slice(found.index + found[0].length)
}

const CORRUPTIONS = {
  truncated: (text: string, { at }: Corruption) => text.slice(0, place(text, at)),
  'a piece lost': (text: string, { at, size }: Corruption) =>
    text.slice(0, place(text, at)) + text.slice(place(text, at) + 1 + Math.floor(size * size * 2000)),
  'a piece twice': (text: string, { at, size }: Corruption) => {
    const from = place(text, at)
    const to = from + 1 + Math.floor(size * size * 2000)
    return text.slice(0, to) + text.slice(from)
  },
  'a byte changed': (text: string, { at, which }: Corruption) =>
    text.slice(0, place(text, at)) + String.fromCharCode(which % 256) + text.slice(place(text, at) + 1),
  'bytes put in': (text: string, { at, which }: Corruption) =>
    text.slice(0, place(text, at)) + odd[which % odd.length] + text.slice(place(text, at)),
  'a token replaced': otherToken,
  'a value replaced': otherValue,
  'lines lost': lined((lines, from, count) => lines.toSpliced(from, count)),
  'lines twice': lined((lines, from, count) => lines.toSpliced(from, 0, ...lines.slice(from, from + count))),
  'lines reversed': lined((lines, from, count) =>
    lines.toSpliced(from, count, ...lines.slice(from, from + count).reverse()),
  ),
  'line ends of Windows': lined((lines, from, count) =>
    lines.map((line, i) => (i >= from && i < from + count ? `${line}\r` : line)),
  ),
  'line ends of old': (text: string, { at }: Corruption) =>
    text.slice(0, place(text, at)) + text.slice(place(text, at)).replaceAll('\n', '\r'),
  'blank lines': lined((lines, from, count) =>
    lines.toSpliced(from, 0, ...Array.from({ length: count % 50 }, () => '')),
  ),
  'columns swapped': fielded((fields, which) => {
    const at = which % fields.length
    return [...fields.slice(at), ...fields.slice(0, at)]
  }),
  'a column lost': fielded((fields, which) => fields.toSpliced(which % fields.length, 1)),
  'a column twice': fielded((fields, which) =>
    fields.toSpliced(which % fields.length, 0, fields[which % fields.length]!),
  ),
  'a field replaced': fielded((fields, which, line) =>
    fields.with(which % fields.length, oddText(Math.floor(which / fields.length) + line)),
  ),
  'a field in quotes': fielded((fields, which) =>
    fields.with(which % fields.length, `"${fields[which % fields.length]}"`),
  ),
  'a quote left open': fielded((fields, which) =>
    fields.with(which % fields.length, `"${fields[which % fields.length]}`),
  ),
  'semicolons and decimal commas': (text: string) => text.replaceAll(',', ';').replaceAll(/(?<=\d)\.(?=\d)/g, ','),
  tabs: (text: string) => text.replaceAll(/[,;]/g, '\t'),
  'UTF-16': (text: string, { which }: Corruption) => {
    const wide = Buffer.from(`\uFEFF${Buffer.from(text, 'latin1').toString('utf8')}`, 'utf16le')
    return (which % 2 ? wide : wide.swap16()).toString('latin1')
  },
  'Latin-1': (text: string) => Buffer.from(Buffer.from(text, 'latin1').toString('utf8'), 'latin1').toString('latin1'),
  'a byte order mark': (text: string) => `\xef\xbb\xbf${text}`,
  nested: (text: string, { at, which }: Corruption) => {
    const [open, close] = [
      ['[', ']'],
      ['{"a":', '}'],
      ['<div>', '</div>'],
      ['<a>', '</a>'],
    ][which % 4] as [string, string]
    const times = 1 + (which % 3000)
    return text.slice(0, place(text, at)) + open.repeat(times) + '1' + close.repeat(times) + text.slice(place(text, at))
  },
} as const satisfies Record<string, (text: string, how: Corruption) => string>

const share = (): Arbitrary<number> => nat(9999).map((parts) => parts / 10_000)

/** Those after which a file can still be read: drawn more often, for they come further. */
const GENTLE: readonly Corruption['what'][] = [
  'a token replaced',
  'a value replaced',
  'lines lost',
  'lines twice',
  'lines reversed',
  'blank lines',
  'line ends of Windows',
  'columns swapped',
  'a field replaced',
  'a field in quotes',
  'a piece twice',
]

const ALL = Object.keys(CORRUPTIONS) as Corruption['what'][]

const oneOf = (kinds: readonly Corruption['what'][]): Arbitrary<Corruption> =>
  record({ what: constantFrom(...kinds), at: share(), size: share(), which: nat(100_000) })

/** One to four of them, one after the other; half the time only other values, for little else leaves JSON or XML that can be read. */
export const corruptions: Arbitrary<Corruption[]> = oneof(
  array(oneOf(['a value replaced']), { minLength: 1, maxLength: 4 }),
  array(oneof({ weight: 4, arbitrary: oneOf(GENTLE) }, { weight: 1, arbitrary: oneOf(ALL) }), {
    minLength: 1,
    maxLength: 4,
  }),
)

export const corrupted = (bytes: Buffer, how: readonly Corruption[]): Buffer =>
  Buffer.from(
    how.reduce((text, each) => CORRUPTIONS[each.what](text, each), bytes.toString('latin1')),
    'latin1',
  )

/** As a whole gzip file, one cut off, one with a bit turned, one with rubbish behind it, or two in a row. */
export const GZIPPED = {
  whole: (bytes: Buffer) => gzipSync(bytes),
  'cut off': (bytes: Buffer) => gzipSync(bytes).subarray(0, -9),
  'a bit turned': (bytes: Buffer) => {
    const zipped = gzipSync(bytes)
    zipped[zipped.length >> 1]! ^= 16
    return zipped
  },
  'rubbish behind': (bytes: Buffer) => Buffer.concat([gzipSync(bytes), Buffer.from('rubbish')]),
  'two in a row': (bytes: Buffer) => {
    const half = bytes.length >> 1
    return Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))])
  },
  'not at all': (bytes: Buffer) => bytes,
} as const satisfies Record<string, (bytes: Buffer) => Buffer>
