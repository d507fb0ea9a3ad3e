/** settlement.json as it stands against settlement.json as it should be: cents, counts and words exactly, statistics to what
 *  two orders of the same sum may differ. */
import type { Findings } from './bundle/findings.ts'

export interface Compared {
  /** numbers looked at, and those that are the same to the last bit */
  numbers: number
  identical: number
  /** the largest difference, relative to the larger of the two and 1 */
  furthest: number
}

/** Statistics further apart than this, relative to their size or to 1, differ. */
const TOLERANCE = 1e-9

const NAMES = ['partner_id', 'measure', 'gate', 'insurer', 'kind', 'reason'] as const

export function compareDocuments(found: unknown, recomputed: unknown, findings: Findings): Compared {
  const compared: Compared = { numbers: 0, identical: 0, furthest: 0 }
  compare(found, recomputed, { path: [], partner: null }, compared, findings)
  return compared
}

interface Place {
  readonly path: readonly string[]
  readonly partner: string | null
}

function compare(found: unknown, recomputed: unknown, place: Place, compared: Compared, findings: Findings): void {
  const differs = () =>
    findings.add({
      part: 'settlement.json',
      partner: place.partner,
      field: place.path.join('.'),
      found,
      recomputed,
    })
  if (typeof found === 'number' && typeof recomputed === 'number') {
    if (!agree(found, recomputed, place, compared)) differs()
  } else if (Array.isArray(found) && Array.isArray(recomputed)) {
    if (found.length !== recomputed.length) differs()
    else
      found.forEach((each, at) => compare(each, recomputed[at], within(place, recomputed[at], at), compared, findings))
  } else if (isObject(found) && isObject(recomputed)) {
    const keys = Object.keys(recomputed)
    if (Object.keys(found).join() !== keys.join())
      findings.add({
        part: 'settlement.json',
        partner: place.partner,
        field: [...place.path, 'keys'].join('.'),
        found: Object.keys(found).join(' '),
        recomputed: keys.join(' '),
      })
    for (const key of keys)
      compare(found[key], recomputed[key], { ...place, path: [...place.path, key] }, compared, findings)
  } else if (!sameText(found, recomputed, place)) differs()
}

function agree(found: number, recomputed: number, { path }: Place, compared: Compared): boolean {
  compared.numbers += 1
  if (found === recomputed) {
    compared.identical += 1
    return true
  }
  if (path.some((name) => name.endsWith('cents')) || (Number.isInteger(found) && Number.isInteger(recomputed)))
    return false
  const far = Math.abs(found - recomputed) / Math.max(1, Math.abs(found), Math.abs(recomputed))
  compared.furthest = Math.max(compared.furthest, far)
  return far <= TOLERANCE
}

/** What a gate shows is a number written as text. */
function sameText(found: unknown, recomputed: unknown, { path }: Place): boolean {
  if (found === recomputed) return true
  if (path.at(-1) !== 'evidence' || typeof found !== 'string' || typeof recomputed !== 'string') return false
  return found.trim() !== '' && Math.abs(Number(found) - Number(recomputed)) <= TOLERANCE
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** An item of a list goes by its own name where it has one. */
function within({ path, partner }: Place, item: unknown, at: number): Place {
  const name = isObject(item) ? NAMES.map((key) => item[key]).find((value) => typeof value === 'string') : undefined
  const isPartner = path.length === 1 && path[0] === 'partners'
  if (isPartner) return { path: [], partner: String(name) }
  return { path: [...path, String(name ?? at)], partner }
}
