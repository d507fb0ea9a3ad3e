/** Of two programmes that exclude each other, the one that counts (precedence.yaml). */
import { faultTwins, fieldOf, items, mapping, refuseFaults, text, texts, word } from '../kernel/document.ts'

/** `programme` goes before each of `before`: whoever counts in it counts in none of those. */
export interface Precedence {
  readonly programme: string
  readonly before: readonly string[]
  /** always; or unless a contract says that both are paid (`bundled.beside`) */
  readonly rule: 'always' | 'unless_contracted'
  readonly source: string
}

/** The rules of a parsed `precedence.yaml`: a list of `{programme, before, rule, source}`.
 *  @throws Refusal `invalid_programme` with every fault and its path */
export function precedenceOf(document: unknown): readonly Precedence[] {
  const root = fieldOf(document)
  const list = items(root, 'rules of precedence').map((item) =>
    mapping(item, ['programme', 'before', 'rule', 'source']),
  )
  const rules = list.map((fields) => ({
    programme: text(fields.programme),
    before: texts(fields.before, 'programmes'),
    rule: word(fields.rule, ['always', 'unless_contracted']),
    source: text(fields.source),
  }))
  faultTwins(
    list.map(({ programme }) => programme),
    rules.map(({ programme }) => programme),
  )
  refuseFaults(root.faults, 'invalid_programme', 'the precedence of programmes')
  return rules
}

/** The programmes in which nobody may count to count in this one.
 *  @param beside programmes that the contract allows beside its own */
export const goingBefore = (
  rules: readonly Precedence[],
  programme: string,
  beside: readonly string[] = [],
): readonly string[] =>
  rules
    .filter((each) => each.before.includes(programme) && (each.rule === 'always' || !beside.includes(each.programme)))
    .map((each) => each.programme)
