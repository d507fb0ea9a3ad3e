/** Patients drawn for a contract, with what became of them. */
import { countingYearsOf } from '../../../engine/assessment/assessed-years.ts'
import { isAskedForDeaths, mortalityYearsOf } from '../../../engine/assessment/deaths.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { addYears, dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import type { Random } from '../../../engine/kernel/random.ts'
import { oneOf } from './simulated-contract.ts'

/** A patient on an index date, one outcome. */
export interface Assessed {
  readonly status: string
  readonly expected: number
  readonly realised: number | null
  readonly gain: number | null
  readonly pi: number
  readonly m: number
  readonly contribution: number | null
}

export interface Patient {
  readonly id: string
  readonly partner: string
  readonly practice: string
  readonly insurer: string
  readonly days: number
  readonly indexOn: Day
  readonly died: boolean
  /** null: nobody could be learned from */
  readonly deathProbability: number | null
  readonly outcomes: readonly Assessed[]
}

export interface BeforeYear {
  readonly yearsBefore: number
  readonly patients: readonly Patient[]
}

/** Every partner, and its practices, that exist: contract, control, and one of the reference. */
export function partnersOf(dice: Random, contract: Contract): ReadonlyMap<string, readonly string[]> {
  const practices = oneOf(dice, [1, 3])
  const ids = [...(contract.partners ?? []), ...contract.control, 'r1']
  return new Map(
    ids.map((id) => [id, Array.from({ length: 1 + dice.below(practices) }, (_, g) => (g === 0 ? id : `${id}.${g}`))]),
  )
}

export function patientsOf(
  dice: Random,
  contract: Contract,
  partners: ReadonlyMap<string, readonly string[]>,
  size: number,
  yearsBefore: number,
): Patient[] {
  const sides = [...partners.keys()].filter((id) => yearsBefore > 0 || id !== 'r1')
  const patients = sides.flatMap((partner, place) => {
    const standing = 0.4 * dice.normal()
    return Array.from({ length: dice.below(size + 1) }, (_, i) => {
      const id = `u${place}-${String(i).padStart(3, '0')}${i === 7 ? ' "x", y' : ''}`
      const row = (of: string) => patientOf(dice, contract, partners, { id, partner: of, yearsBefore, standing })
      if (dice.uniform() >= 0.2) return [row(partner)]
      // another episode; in a term a patient may go on to another partner
      if (contract.index) return [row(partner), row(oneOf(dice, sides))]
      const movesTo = contract.term && yearsBefore === 0 ? oneOf(dice, sides) : partner
      return movesTo === partner ? [row(partner)] : [row(partner), row(movesTo)]
    }).flat()
  })
  const key = ({ id, indexOn, partner }: Patient) => `${id} ${indexOn} ${partner}`
  const distinct = new Map(patients.map((patient) => [key(patient), patient]))
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, patient]) => patient)
}

interface Whose {
  readonly id: string
  readonly partner: string
  readonly yearsBefore: number
  /** how far the partner stands from the others */
  readonly standing: number
}

function patientOf(
  dice: Random,
  contract: Contract,
  partners: ReadonlyMap<string, readonly string[]>,
  { id, partner, yearsBefore, standing }: Whose,
): Patient {
  const late = yearsBefore > 0 || dice.uniform() < 0.7 ? 0 : dice.below(365)
  const indexOn = indexOnOf(dice, contract, yearsBefore, late)
  const mortality = isAskedForDeaths(contract) && mortalityYearsOf(contract).length > 0
  return {
    id,
    partner,
    practice: oneOf(dice, partners.get(partner)!),
    insurer: oneOf(dice, ['7095', '3311', '']),
    days: contract.index ? 1 : yearsBefore > 0 ? 365 : 1 + dice.below(365 - late),
    indexOn,
    died: mortality && dice.uniform() < 0.08,
    deathProbability: mortality ? quantised(0.12 * dice.uniform()) : null,
    outcomes: contract.outcomes.map((_, k) => assessed(dice, contract, k, indexOn, yearsBefore, standing)),
  }
}

const startOf = ({ term, period }: Contract): Day => (term ?? period).start

/** So many days after the first of a year under the contract, or on the one day of a year before it; of an episode any day of those included. */
function indexOnOf(dice: Random, contract: Contract, yearsBefore: number, late: number): Day {
  if (contract.inclusion) {
    const { start, end } = contract.inclusion
    const [first, last] = [start, end].map((day) => epochDayOf(addYears(day, -yearsBefore))) as [number, number]
    return dayOf(first + dice.below(1 + last - first))
  }
  if (yearsBefore > 0) return earlier(startOf(contract), yearsBefore)
  const year = dice.below(yearsBehind(contract) + 1)
  return dayOf(epochDayOf(addYears(startOf(contract), year)) + late)
}

/** Years of the term before the period. */
const yearsBehind = ({ term, period }: Contract): number =>
  term ? Number(period.start.slice(0, 4)) - Number(term.start.slice(0, 4)) : 0

/** Years of the term between an index date and the period; of a year before the contract as many as the period has behind it. */
export function yearsSince(contract: Contract, indexOn: Day, yearsBefore: number): number {
  const behind = yearsBehind(contract)
  if (yearsBefore > 0) return behind
  const years = Array.from({ length: behind }, (_, at) => addYears(startOf(contract), at + 1))
  return behind - years.filter((starts) => starts <= indexOn).length
}

/** The same calendar day before; of these periods only 29 February has none. */
function earlier(start: Day, years: number): Day {
  const year = Number(start.slice(0, 4)) - years
  return start.endsWith('02-29') ? `${year}-02-28` : (`${year}${start.slice(4)}` as Day)
}

function assessed(
  dice: Random,
  contract: Contract,
  k: number,
  indexOn: Day,
  yearsBefore: number,
  standing: number,
): Assessed {
  const outcome = contract.outcomes[k]!
  const counts = yearsBefore === 0 || countingYearsOf(contract, outcome).includes(yearsBefore)
  const horizon = outcome.horizonDays + 365 * yearsSince(contract, indexOn, yearsBefore)
  const opens = epochDayOf(indexOn) + horizon - outcome.windowDays
  const late = yearsBefore === 0 && !contract.index && opens > epochDayOf(contract.period.end)
  const status = late
    ? 'enrolled_late'
    : oneOf(dice, ['measured', 'measured', 'measured', 'measured', 'missing', 'left', 'died', 'no_baseline'])
  const expected = quantised(dice.normal())
  const realised = status === 'measured' && counts ? quantised(3 * dice.normal() - standing) : null
  const gain = realised === null ? null : quantised(healthOf(contract, k, realised) - expected)
  const pi = quantised(0.1 + 0.9 * dice.uniform())
  const m = quantised(0.3 * dice.normal())
  const eligible = counts && (status === 'measured' || status === 'missing')
  const robust = gain === null ? m : quantised(m + (gain - m) / pi)
  const plain = gain ?? (contract.missing === 'zero' ? 0 : null)
  const contribution = eligible ? (contract.missing === 'doubly_robust' ? robust : plain) : null
  return { status: counts ? status : 'no_baseline', expected, realised, gain, pi, m, contribution }
}

export const better = (measure: string) => (measure === 'egfr' ? 'higher' : 'lower')

export function healthOf({ outcomes }: Contract, k: number, y: number): number {
  const { countedRange, target, measure } = outcomes[k]!
  const c = countedRange ? Math.max(countedRange[0], Math.min(countedRange[1], y)) : y
  if (target) return -Math.max(0, c - target[1], target[0] - c)
  return better(measure) === 'lower' ? -c : c
}
