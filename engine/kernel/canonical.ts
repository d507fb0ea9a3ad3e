/** Canonical JSON, the text that hashes are computed over. */
import { invariant } from './refusal.ts'

/** JSON with the keys of every mapping in code-unit order, no spaces, numbers as their shortest round trip, and
 *  absent (undefined) keys left out; lists keep their order.
 *  @example canonicalJson({b: 1.0, a: [null]}) = '{"a":[null],"b":1}' */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  invariant(typeof value !== 'number' || Number.isFinite(value), 'a canonical text has finite numbers only')
  const text: string | undefined = JSON.stringify(value)
  invariant(text !== undefined, `a canonical text has values only, not ${typeof value}`)
  return text
}
