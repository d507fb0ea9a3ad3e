/** YAML text to a plain document: syntax errors, duplicate keys and unresolved tags reported with their line and column. */
import { parseDocument } from 'yaml'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** The document that a YAML text writes down (YAML 1.2, so that dates stay texts).
 *  @param file named in the sentence only
 *  @throws Refusal `invalid_yaml` with the line and column of the first error */
export function yamlDocument(yaml: string, file: string): unknown {
  const document = parseDocument(yaml, { version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: true })
  // A warning (an unknown tag, say) would change what the text means without a word: refused like an error.
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem === undefined) return plainOf(document, file)
  const at = problem.linePos?.[0]
  const [sentence = problem.message] = problem.message.split(/ at line \d+/)
  throw new Refusal(
    'invalid_yaml',
    at === undefined
      ? `${file} is not valid YAML: ${sentence}.`
      : `${file}, line ${at.line}, column ${at.col}: not valid YAML: ${sentence}.`,
    { file, line: at?.line ?? null, column: at?.col ?? null },
  )
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
