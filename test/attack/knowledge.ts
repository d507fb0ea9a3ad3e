/** What an attacker can write down of a population: unknowns, and an equation for each figure that was published. */
import type { ResearchDimension } from '../../engine/research/dimensions.ts'
import { CONTROL, type Person, type Profile } from './population.ts'
import type { Published, PublishedRow } from './researchers.ts'

/** An unknown number of persons. */
export interface Unknown {
  /** how many there are in truth; the attacker does not look */
  readonly truth: number
  /** of persons who are not the same in all settlements that were asked about: those persons; null: of everybody else of a profile */
  readonly changed: readonly string[] | null
  /** where they stand, by settlement; null: nowhere */
  readonly standing: readonly (Profile | null)[]
}

export interface Equation {
  readonly unknowns: readonly number[]
  readonly sum: number
}

export interface Knowledge {
  readonly unknowns: readonly Unknown[]
  readonly equations: readonly Equation[]
}

type Counted = 'measured' | 'missing'

/** The equations of the measured or of the missing. Everybody who is the same in the settlements asked about is an unknown for each profile that
 *  there could be, whether or not it exists. Whoever is not, is an unknown by himself, in each state that he is known in: the attacker is even
 *  told who these are. */
export function knowledgeOf(published: readonly Published[], persons: readonly Person[], counted: Counted): Knowledge {
  const asked = [...new Set(published.map(({ settlement }) => settlement))].sort((a, b) => a - b)
  const unknowns = [...profiles(persons), ...changedPersons(persons, asked, counted)]
  const numbers = new Map(
    unknowns.flatMap(({ changed, standing }, at) => (changed ? [] : [[keyOf(standing[0]!), at] as const])),
  )
  const truths = unknowns.map(({ truth }) => truth)
  for (const { seen } of persons) {
    const at = asked.map((settlement) => seen[settlement] ?? null)
    if (isSame(at) && counts(at[0] ?? null, counted)) truths[numbers.get(keyOf(at[0]!.profile))!]! += 1
  }
  const whole = unknowns.map((unknown, at) => ({ ...unknown, truth: truths[at]! }))
  return { unknowns: whole, equations: equationsOf(published, whole, counted) }
}

const counts = (seen: Person['seen'][number], counted: Counted): boolean =>
  seen !== null && seen.isMeasured === (counted === 'measured')
const keyOf = (profile: Profile): string => JSON.stringify(Object.values(profile))
const isSame = (at: Person['seen']): boolean => at.every((seen) => JSON.stringify(seen) === JSON.stringify(at[0]))

function profiles(persons: readonly Person[]): Unknown[] {
  const seen = persons.flatMap((person) => person.seen.flatMap((each) => (each ? [each.profile] : [])))
  const valuesOf = (name: keyof Profile) => [...new Set(seen.map((profile) => profile[name]))]
  let all: Partial<Record<keyof Profile, string | number>>[] = [{}]
  for (const name of ['partner', 'year', 'postcode_area', 'condition', 'age', 'sex'] as const)
    all = all.flatMap((profile) => valuesOf(name).map((value) => ({ ...profile, [name]: value })))
  return all.map((profile) => ({ truth: 0, changed: null, standing: Array<Profile>(5).fill(profile as Profile) }))
}

/** One unknown for each state in which a person is counted; it stands where the person is in that state. */
function changedPersons(persons: readonly Person[], asked: readonly number[], counted: Counted): Unknown[] {
  return persons.flatMap(({ id, seen }) => {
    if (isSame(asked.map((settlement) => seen[settlement] ?? null))) return []
    const states = new Set(seen.filter((each) => counts(each, counted)).map((each) => JSON.stringify(each)))
    return [...states].map((state): Unknown => ({
      truth: 1,
      changed: [id],
      standing: seen.map((each) => (each && JSON.stringify(each) === state ? each.profile : null)),
    }))
  })
}

function equationsOf(published: readonly Published[], unknowns: readonly Unknown[], counted: Counted): Equation[] {
  const equations = new Map<string, Equation>()
  for (const { settlement, rows } of published)
    for (const row of rows) {
      const sum = counted === 'measured' ? row.measured : row.eligible === null ? null : row.eligible - row.measured
      if (sum === null) continue
      const inside = [...unknowns.keys()].filter((at) => {
        const profile = unknowns[at]!.standing[settlement]
        return profile !== null && profile !== undefined && isIn(profile, row.at)
      })
      const found = inside.reduce((all, at) => all + unknowns[at]!.truth, 0)
      if (found !== sum) throw new Error(`${JSON.stringify(row)} says ${sum} ${counted} and there are ${found}`)
      equations.set(inside.join(), { unknowns: inside, sum })
    }
  return [...equations.values()]
}

/** Whether a profile is in a place of a table. */
export function isIn(profile: Profile, at: PublishedRow['at']): boolean {
  return (Object.entries(at) as [ResearchDimension, string][]).every(([dimension, value]) => {
    if (dimension === 'group') return (profile.partner === CONTROL ? 'control' : 'contract') === value
    if (dimension !== 'age_band') return profile[dimension] === value
    const [from, to] = value.split('-').map(Number)
    return profile.age >= from! && profile.age + 9 <= to!
  })
}
