/** The attacker: everything published about a population, held together, to find a group of one to nine persons. */
import { RESEARCH_DIMENSIONS, type ResearchDimension } from '../../engine/research/dimensions.ts'
import type { Random } from '../../engine/kernel/random.ts'
import { boundsOf } from './bounds.ts'
import { follows, groupsFound, reduced } from './elimination.ts'
import { isIn, knowledgeOf, type Knowledge } from './knowledge.ts'
import { CONTROL, SETTLEMENTS, type Person, type Profile, type Seen } from './population.ts'
import type { Published } from './researchers.ts'

/** A group that was singled out. */
export interface Found {
  readonly by: 'subtraction' | 'bounds'
  readonly counted: 'measured' | 'missing'
  readonly persons: number
  readonly where: string
}

const isFew = (persons: number): boolean => persons > 0 && persons < 10

/** Groups of one to nine persons that follow from what was published.
 *  @param programs how many groups linear programming tries, of those that it may find */
export function audited(
  published: readonly Published[],
  persons: readonly Person[],
  dice: Random,
  programs: number,
): Found[] {
  const counted = inAnswers(persons)
  return (['measured', 'missing'] as const).flatMap((kind) => {
    const knowledge = knowledgeOf(published, counted, kind)
    if (knowledge.equations.length === 0) return []
    const targets = smallGroups(knowledge)
    const found = [...bySubtraction(knowledge, targets), ...byBounds(knowledge, targets, dice, programs)]
    return found.map((each) => ({ ...each, counted: kind }))
  })
}

/** Persons as answers count them: of a group and sex with one to nine measured, none is in any. */
function inAnswers(persons: readonly Person[]): Person[] {
  const pairOf = (seen: Seen): string => `${valueOf(seen.profile, 'group')} ${seen.profile.sex}`
  const sizes = Array.from({ length: SETTLEMENTS }, (_, settlement) => {
    const size = new Map<string, number>()
    for (const { seen } of persons) {
      const at = seen[settlement]
      if (at?.isMeasured) size.set(pairOf(at), (size.get(pairOf(at)) ?? 0) + 1)
    }
    return size
  })
  const isLeftOut = (seen: Seen, settlement: number) => isFew(sizes[settlement]!.get(pairOf(seen)) ?? 0)
  return persons.map(({ id, seen }) => ({ id, seen: seen.map((at, of) => (at && isLeftOut(at, of) ? null : at)) }))
}

interface Target {
  readonly where: string
  readonly set: ReadonlySet<number>
  readonly persons: number
}

/** Every place of one to nine persons in any table of up to three dimensions, and every profile of one to nine. */
function smallGroups({ unknowns }: Knowledge): Target[] {
  const targets: Target[] = []
  const standing = unknowns.map((unknown) => unknown.standing.find((profile) => profile !== null) ?? null)
  for (const dimensions of [...subsets(RESEARCH_DIMENSIONS, 3), RESEARCH_DIMENSIONS]) {
    const places = new Map<string, number[]>()
    for (const [at, profile] of standing.entries()) {
      if (!profile) continue
      const key = dimensions.map((dimension) => valueOf(profile, dimension)).join(' ')
      places.set(key, [...(places.get(key) ?? []), at])
    }
    for (const [key, set] of places) {
      const inside = set.reduce((sum, at) => sum + unknowns[at]!.truth, 0)
      if (isFew(inside)) targets.push({ where: `${dimensions.join()}: ${key}`, set: new Set(set), persons: inside })
    }
  }
  return targets
}

const valueOf = (profile: Profile, dimension: ResearchDimension): string | number => {
  if (dimension === 'group') return profile.partner === CONTROL ? 'control' : 'contract'
  return dimension === 'age_band' ? profile.age : profile[dimension]
}

function subsets<T>(of: readonly T[], most: number): T[][] {
  let all: T[][] = [[]]
  for (const each of of) all = [...all, ...all.filter((set) => set.length < most).map((set) => [...set, each])]
  return all
}

function* bySubtraction(knowledge: Knowledge, targets: readonly Target[]): Generator<Omit<Found, 'counted'>> {
  const echelon = reduced(knowledge)
  for (const members of groupsFound(echelon, knowledge)) {
    const changed = new Set(members.flatMap((at) => knowledge.unknowns[at]!.changed ?? []))
    const isOfChanged = members.every((at) => knowledge.unknowns[at]!.changed)
    const persons = isOfChanged ? changed.size : members.reduce((sum, at) => sum + knowledge.unknowns[at]!.truth, 0)
    if (isFew(persons)) yield { by: 'subtraction', persons, where: whereOf(knowledge, members) }
  }
  for (const { set, persons, where } of targets) if (follows(echelon, set)) yield { by: 'subtraction', persons, where }
}

const whereOf = ({ unknowns }: Knowledge, members: readonly number[]): string =>
  members
    .filter((at) => unknowns[at]!.truth > 0)
    .map((at) => unknowns[at]!.changed?.join() ?? Object.values(unknowns[at]!.standing[0]!).join('/'))
    .join('; ')

function* byBounds(
  knowledge: Knowledge,
  targets: readonly Target[],
  dice: Random,
  programs: number,
): Generator<Omit<Found, 'counted'>> {
  const bounds = boundsOf(knowledge)
  try {
    for (let program = 0; program < programs && targets.length > 0; program++) {
      const { set, persons, where } = targets[dice.below(targets.length)]!
      const { least, most } = bounds.of(set)
      if (persons < least || persons > most) throw new Error(`${where} holds ${persons}, not ${least} to ${most}`)
      if (least >= 1 && most <= 9) yield { by: 'bounds', persons, where: `${where} (${least} to ${most})` }
    }
  } finally {
    bounds.close()
  }
}

/** What a store without a guard would publish: every count of ten or more, of any table of any settlement. */
export function unguarded(persons: readonly Person[], settlement: number, by: readonly ResearchDimension[]): Published {
  const profiles = inAnswers(persons).flatMap(({ seen }) =>
    seen[settlement]?.isMeasured ? [seen[settlement].profile] : [],
  )
  const places = new Map<string, Published['rows'][number]['at']>()
  for (const profile of profiles) {
    const values = by.map((dimension) => [
      dimension,
      dimension === 'age_band' ? `${profile.age}-${profile.age + 9}` : String(valueOf(profile, dimension)),
    ])
    places.set(JSON.stringify(values), Object.fromEntries(values) as Published['rows'][number]['at'])
  }
  const rows = [...places.values()].map((at) => ({
    at,
    measured: profiles.filter((profile) => isIn(profile, at)).length,
    eligible: null,
  }))
  return { settlement, rows: rows.filter(({ measured }) => measured >= 10) }
}
