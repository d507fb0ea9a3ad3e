/** Lines to fields: split by hand where a block has no quotes, by RFC 4180 where it has. */

/** Takes one record. The array is the same each time, `count` of its places are filled.
 *  @param malformed a quote stands where RFC 4180 allows none */
export type OnRecord = (fields: readonly string[], count: number, line: number, malformed: boolean) => void

const CR = 13
const LF = 10
const QUOTE = 34

/** Records of text without any quote. Blank lines are no records.
 *  @returns the number of lines */
export function plainRecords(
  text: string,
  firstLine: number,
  delimiter: string,
  fields: string[],
  onRecord: OnRecord,
): number {
  let line = firstLine
  // Looked up once per delimiter, also across lines: a row without any must not scan the block to its end each time.
  let next = indexOrEnd(text, delimiter, 0)
  for (let from = 0; from < text.length; line++) {
    const end = indexOrEnd(text, '\n', from)
    const stop = end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end
    if (stop > from) {
      let count = 0
      let at = from
      while (next < stop) {
        fields[count++] = text.slice(at, next)
        at = next + 1
        next = indexOrEnd(text, delimiter, at)
      }
      fields[count++] = text.slice(at, stop)
      onRecord(fields, count, line, false)
    }
    from = end + 1
  }
  return line - firstLine
}

const indexOrEnd = (text: string, part: string, from: number): number => {
  const index = text.indexOf(part, from)
  return index < 0 ? text.length : index
}

/** Records of text that may have quotes, doubled quotes and line breaks inside them.
 *  @returns where the record that a quote leaves open begins (text.length: none), and its line */
export function quotedRecords(
  text: string,
  firstLine: number,
  delimiter: string,
  onRecord: OnRecord,
): { readonly rest: number; readonly line: number } {
  const separator = delimiter.charCodeAt(0)
  let line = firstLine
  let at = 0
  while (at < text.length) {
    const start = at
    const startLine = line
    const fields: string[] = []
    let malformed = false
    for (let open = true; open;) {
      const field = fieldAt(text, at, separator)
      if (field === undefined) return { rest: start, line: startLine }
      fields.push(field.value)
      malformed ||= field.malformed
      line += field.breaks
      open = field.end < text.length && text.charCodeAt(field.end) === separator
      at = open ? field.end + 1 : endOfLine(text, field.end)
    }
    line++
    if (fields.length > 1 || fields[0] !== '') onRecord(fields, fields.length, startLine, malformed)
  }
  return { rest: text.length, line }
}

interface Field {
  readonly value: string
  /** where its delimiter, line end or the end of the text stands */
  readonly end: number
  readonly breaks: number
  readonly malformed: boolean
}

/** The field that begins at `from`; nothing if its closing quote is not in the text. */
function fieldAt(text: string, from: number, separator: number): Field | undefined {
  if (text.charCodeAt(from) !== QUOTE) {
    const end = endOfField(text, from, separator)
    const value = text.slice(from, end)
    return { value, end, breaks: 0, malformed: value.includes('"') }
  }
  let close = text.indexOf('"', from + 1)
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2)
  if (close < 0) return undefined
  const inside = text.slice(from + 1, close)
  const end = endOfField(text, close + 1, separator)
  const after = text.slice(close + 1, end)
  const value = inside.includes('"') ? inside.replaceAll('""', '"') : inside
  return { value: value + after, end, breaks: countOf(inside, '\n'), malformed: after !== '' }
}

function endOfField(text: string, from: number, separator: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === separator || code === LF) break
    if (code === CR && (at + 1 === text.length || text.charCodeAt(at + 1) === LF)) break
  }
  return at
}

/** The start of the next line, from where a record ends. */
const endOfLine = (text: string, at: number): number => at + (text.charCodeAt(at) === CR ? 2 : 1)

function countOf(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++
  return count
}
