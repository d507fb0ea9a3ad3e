/** Bodies of requests as text and JSON, bounded by one scan before anything is parsed. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** Lists and mappings inside one another, at most. */
const MOST_DEPTH = 32
/** Values of a body, at most: of lists, of mappings, and these themselves. */
const MOST_VALUES = 20_000

const unreadable = (sentence: string): Refusal => new Refusal('unreadable_body', sentence)

/** The text of a body.
 *  @throws Refusal `unreadable_body` where it is not UTF-8, `unsupported_media_type` where the content type names another charset */
export function textOfBody(request: FastifyRequest, body: Buffer): string {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  if (!/^utf-?8$/i.test(charset))
    throw new Refusal('unsupported_media_type', 'The body announces another charset than UTF-8, which is the one read.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw unreadable('The body is not UTF-8: a byte of it is no part of a character.')
  }
}

/** The value that a JSON text writes down.
 *  @throws Refusal `unreadable_body` for what is no JSON, deeper than 32 levels, or names a key twice; `body_too_large` for more than
 *  20,000 values */
export function jsonOf(text: string): unknown {
  if (text.trim() === '') throw unreadable('The body is empty; its content type announces JSON.')
  refuseExcess(text)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the input.
    throw unreadable('The body of the request is not what its content type and length say: it is no JSON.')
  }
}

/** One pass over the text: depth, number of values, keys named twice. What is no JSON is left to the parser. */
function refuseExcess(text: string): void {
  // of every open list null, of every open mapping its keys so far
  const open: (Set<string> | null)[] = []
  let [values, atKey] = [0, false]
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]
    if (sign === '"') {
      const end = endOfText(text, i)
      const keys = open.at(-1)
      if (atKey && keys) refuseTwin(keys, text.slice(i, end + 1))
      atKey = false
      i = end
    } else if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? new Set() : null)
      if (open.length > MOST_DEPTH) throw unreadable(`The body is nested deeper than ${MOST_DEPTH} levels.`)
      atKey = sign === '{'
      values++
    } else if (sign === '}' || sign === ']') open.pop()
    else if (sign === ',') {
      atKey = open.at(-1) !== null
      values++
    }
    if (values > MOST_VALUES)
      throw new Refusal('body_too_large', `The body has more than ${MOST_VALUES} values; no document has as many.`)
  }
}

/** The place of the quote that ends the text which begins at `from`; the end of the body where there is none. */
function endOfText(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return text.length
}

function refuseTwin(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? unescaped(quoted) : quoted.slice(1, -1)
  if (key === '__proto__') throw unreadable('The body names a key "__proto__", which no document has.')
  if (keys.has(key)) throw unreadable('The body names a key twice in one mapping; name it once.')
  keys.add(key)
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted // no JSON: the parser says so
  }
}

export const bodies = fp(
  async (app: FastifyInstance) => {
    // No route reads plain text; without its parser it is refused as a content type.
    app.removeContentTypeParser(['text/plain', 'application/json'])
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
      jsonOf(textOfBody(request, body)),
    )
  },
  { name: 'bodies' },
)
