/** YAML text to a plain document: syntax errors, duplicate keys and unresolved tags reported with their line and column. */
import { isNode, isScalar, Lexer, LineCounter, parseDocument, visit } from 'yaml'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** Lists and mappings inside one another, at most. */
const MOST_DEPTH = 32
/** Signs, values and line ends of a text, at most: a contract of a thousand partners has a tenth. The parser's time grows with their square. */
const MOST_TOKENS = 50_000

/** The document that a YAML text writes down (YAML 1.2, so that dates stay texts).
 *  @param file named in the sentence only
 *  @throws Refusal `invalid_yaml` with the line and column of the first error */
export function yamlDocument(yaml: string, file: string): unknown {
  const lines = new LineCounter()
  refuseExcess(yaml, file)
  // For a key named twice the parser looks among all before it, and for a pretty error it copies the line: one pass does for both.
  const options = {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  } as const
  const document = parseDocument(yaml, options)
  // A warning (an unknown tag, say) would change what the text means without a word: refused like an error.
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined) throw invalidYaml(file, problem.message, lines.linePos(problem.pos[0]))
  refuseTwins(document, file, lines)
  const plain = plainOf(document, file)
  refuseUnstorable(plain, file)
  return plain
}

/** The lines of a text on which places of its document stand (`outcomes[1].price_eur`): of the value, or of the nearest that there is above it. */
export function linesOfPaths(yaml: string, paths: readonly string[]): number[] {
  const counter = new LineCounter()
  const document = parseDocument(yaml, { version: '1.2', schema: 'core', uniqueKeys: false, lineCounter: counter })
  return paths.map((path) => {
    const steps = (path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    for (let depth = steps.length; depth > 0; depth--) {
      const found = document.getIn(steps.slice(0, depth), true)
      if (isNode(found) && found.range) return counter.linePos(found.range[0]).line
    }
    return 1
  })
}

type Place = { readonly line: number; readonly col: number }

function invalidYaml(file: string, sentence: string, at?: Place): Refusal {
  const facts = { file, line: at?.line ?? null, column: at?.col ?? null }
  const where =
    at === undefined ? `${file} is not valid YAML` : `${file}, line ${at.line}, column ${at.col}: not valid YAML`
  // The parser may quote what it found, however long.
  return new Refusal('invalid_yaml', `${where}: ${sentence.slice(0, 200)}.`, facts)
}

/** One pass over the signs of the text, before a parser that keeps a place for each of them. */
function refuseExcess(yaml: string, file: string): void {
  let [tokens, offset, flow, compact] = [0, 0, 0, 0]
  for (const token of new Lexer().lex(yaml)) {
    offset += token.length
    tokens++
    if (token === '[' || token === '{') flow++
    else if ((token === ']' || token === '}') && flow > 0) flow--
    else if (token === ']' || token === '}')
      throw invalidYaml(file, `a "${token}" closes what was never opened`, placeOf(yaml, offset - 1))
    compact = token === '-' || token === '?' || token === ':' ? compact + 1 : /^[\r\n]/.test(token) ? 0 : compact
    if (flow > MOST_DEPTH || (compact > MOST_DEPTH && flow === 0))
      throw invalidYaml(file, `it is nested deeper than ${MOST_DEPTH} levels`, placeOf(yaml, offset - 1))
    if (tokens > MOST_TOKENS)
      throw invalidYaml(file, `it has more than ${MOST_TOKENS} signs and values; no document of ours has as many`)
  }
}

function placeOf(yaml: string, offset: number): Place {
  const before = yaml.slice(0, offset).split('\n')
  return { line: before.length, col: (before.at(-1)?.length ?? 0) + 1 }
}

function refuseTwins(document: ReturnType<typeof parseDocument>, file: string, lines: LineCounter): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name)) throw invalidYaml(file, 'Map keys must be unique', lines.linePos(key.range?.[0] ?? 0))
        seen.add(name)
      }
    },
  })
}

/** Refuses what no store can keep: escapes write texts that the file itself cannot hold, and an alias may stand inside its own anchor. */
function refuseUnstorable(value: unknown, file: string, depth = 0): void {
  if (depth > MOST_DEPTH) throw invalidYaml(file, `it is nested deeper than ${MOST_DEPTH} levels`)
  if (typeof value === 'string' && (value.includes('\0') || /\p{Cs}/u.test(value)))
    throw invalidYaml(file, 'a text holds the character NUL or half of a character; write whole ones')
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    refuseUnstorable(key, file)
    refuseUnstorable(each, file, depth + 1)
  }
}

/** A few aliases are convenience; aliases of aliases are how a small file grows into more than memory holds. */
const mostAliases = 100

function plainOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new Refusal('invalid_yaml', `${file} is not valid YAML: ${error.message}; write the values out.`, { file })
  }
}
