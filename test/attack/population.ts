/** A population that is hard to protect, and five settlements of one contract on it: corrections of a few persons, later days of more. */
import { randomOf, type Random } from '../../engine/kernel/random.ts'

/** What an answer may break down by, of one person in one settlement. */
export interface Profile {
  readonly partner: string
  readonly year: string
  readonly postcode_area: string
  readonly condition: string
  readonly age: number
  readonly sex: string
}

/** A person as one settlement knows it, for one measure. */
export interface Seen {
  readonly profile: Profile
  readonly isMeasured: boolean
  readonly value: number
}

export interface Person {
  readonly id: string
  /** by settlement; null: not eligible there */
  readonly seen: readonly (Seen | null)[]
}

export const PARTNERS = ['p01', 'p02', 'p03', 'p04', 'p05', 'p90'] as const
export const CONTROL = 'p90'
export const SETTLEMENTS = 5
export const MEASURE = 'hba1c'

const pick = <T>(dice: Random, values: readonly (readonly [value: T, weight: number])[]): T => {
  let left = dice.uniform() * values.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of values) if ((left -= weight) <= 0) return value
  return values[0]![0]
}

/** Whether the contract's period lies in two calendar years. */
export const isBrokenPeriod = (seed: number): boolean => seed % 4 === 0

/** Persons, the same for the same seed. */
export function populationOf(seed: number): Person[] {
  const dice = randomOf(seed, 1)
  const size = 150 + dice.below(750)
  const persons = Array.from({ length: size }, (_, at) =>
    lifeOf(dice, `s${String(at).padStart(5, '0')}`, isBrokenPeriod(seed)),
  )
  for (let settlement = 1; settlement < SETTLEMENTS; settlement++) {
    const changes = pick(dice, [
      [1, 4],
      [2, 2],
      [5, 1],
      [9, 1],
      [30, 2],
      [90, 1],
    ])
    for (const person of persons) person.seen.push(person.seen[settlement - 1]!)
    for (let change = 0; change < changes; change++) {
      const person = persons[dice.below(persons.length)]!
      person.seen[settlement] = changed(dice, person.seen[settlement]!, person.first)
    }
  }
  return persons
}

/** A person with all that it could be: who enters later is not there at first. */
function lifeOf(dice: Random, id: string, isBroken: boolean): { id: string; first: Seen; seen: (Seen | null)[] } {
  const first = seenOf(dice, isBroken)
  return { id, first, seen: [dice.uniform() < 0.97 ? first : null] }
}

function changed(dice: Random, seen: Seen | null, first: Seen): Seen | null {
  if (!seen) return first
  const { profile, isMeasured } = seen
  return pick<() => Seen | null>(dice, [
    [() => ({ ...seen, isMeasured: true, value: valueOf(dice) }), 5],
    [() => ({ ...seen, isMeasured: !isMeasured }), 2],
    [() => ({ ...seen, profile: { ...profile, partner: partnerOf(dice) } }), 2],
    [() => null, 1],
  ])()
}

const valueOf = (dice: Random): number => Math.round(53 + 9 * dice.normal())
const partnerOf = (dice: Random): string =>
  pick(
    dice,
    PARTNERS.map((partner, at) => [partner, [8, 5, 3, 1, 0.4, 5][at]!] as const),
  )

function seenOf(dice: Random, isBroken: boolean): Seen {
  return {
    profile: {
      partner: partnerOf(dice),
      year: pick(dice, [
        ['2025', 15],
        ['2026', isBroken ? 2 : 0],
      ]),
      postcode_area: pick(dice, [
        ['23', 8],
        ['24', 4],
        ['25', 1],
        ['unknown', 0.3],
      ]),
      condition: pick(dice, [
        ['none', 8],
        ['ICPC-1 K', 4],
        ['ICPC-1 P', 1],
        ['several', 3],
      ]),
      age: pick(dice, [
        [40, 1],
        [50, 3],
        [60, 5],
        [70, 5],
        [80, 2],
        [90, 0.3],
      ]),
      sex: pick(dice, [
        ['f', 10],
        ['m', 10],
        ['x', 0.15],
      ]),
    },
    isMeasured: dice.uniform() < 0.82,
    value: valueOf(dice),
  }
}
