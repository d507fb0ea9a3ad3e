/** Deaths that were to be expected of each patient of the contract year, from the years before it (method.md 5, gate `max_excess_deaths`). */
import { countingYearsOf } from './assessed-years.ts'
import type { Deaths } from './assessment.ts'
import type { Contract } from '../contract/contract.ts'
import { horizonAfter, yearsElapsedOf } from '../contract/term.ts'
import { FOLDS } from '../kernel/fold.ts'
import { quantised } from '../kernel/quantise.ts'
import type { FactColumn, Facts } from './facts.ts'
import { logisticPredictions } from './logistic.ts'

/** What a death is expected from. */
export const MORTALITY_FACTS = ['age_years', 'age_years_squared', 'female', 'sex_x', 'conditions'] as const

/** One assessed year as deaths are counted in it; a row per index date. */
export interface MortalityYear {
  /** MORTALITY_FACTS */
  readonly facts: Facts
  /** days from the index date to the death; NaN: none is known of */
  readonly diedAfter: FactColumn
  /** of the patient, in [0, FOLDS) */
  readonly fold: Uint8Array
}

/** The same of any of the years. */
export type MortalityOfYear = MortalityYear & { readonly yearsBefore: number }

export const isAskedForDeaths = ({ gates }: Pick<Contract, 'gates'>): boolean =>
  gates.some(({ gate }) => gate === 'max_excess_deaths')

/** Days from an index date in which deaths count: the longest horizon less window of the outcomes, without years of a term. */
const mortalityDaysOf = ({ outcomes }: Pick<Contract, 'outcomes'>): number =>
  Math.max(...outcomes.map(({ horizonDays, windowDays }) => horizonDays - windowDays))

/** The same for every row of the contract year, with the years of a term that have passed since its index date.  @param indexOn epoch days */
function daysCountedOf(contract: Contract, indexOn: Int32Array): Int32Array {
  const days = mortalityDaysOf(contract)
  return indexOn.map((day) => horizonAfter({ horizonDays: days }, yearsElapsedOf(contract, day)))
}

/** The placebo years in which all of those days lie within the reference: those that count for the outcome that takes longest. */
export function mortalityYearsOf(contract: Contract): readonly number[] {
  const longest = contract.outcomes.find(
    ({ horizonDays, windowDays }) => horizonDays - windowDays === mortalityDaysOf(contract),
  )
  return longest === undefined ? [] : countingYearsOf(contract, longest)
}

/** Deaths of the contract year, as the contract counts them. Null where the contract year is not among the years, or nobody is there to learn
 *  from.
 *  @param years the contract year, and those before it   @param indexOn of the contract year's rows, epoch days */
export function contractDeathsOf(
  contract: Contract,
  years: readonly MortalityOfYear[],
  indexOn: Int32Array,
): Deaths | null {
  const year = years.find(({ yearsBefore }) => yearsBefore === 0)
  if (year === undefined) return null
  const counting = mortalityYearsOf(contract)
  const before = years.filter(({ yearsBefore }) => counting.includes(yearsBefore))
  return deathsOf(year, before, daysCountedOf(contract, indexOn))
}

/** Deaths of the contract year and their probability: a logistic regression on age, sex and the number of conditions over everybody in the years
 *  before, for each fold by the patients of the others. Null where there is nobody to learn from.
 *  @param days in which a death counts, per row of the contract year */
export function deathsOf(year: MortalityYear, before: readonly MortalityYear[], days: Int32Array): Deaths | null {
  const learned = before.reduce((sum, { fold }) => sum + fold.length, 0)
  if (learned === 0) return null
  const rows = year.fold.length
  const all = stacked([year, ...before])
  const probability = new Float64Array(rows)
  for (const within of new Set(days)) {
    const event = Uint8Array.from(all.diedAfter, (after) => (after < within ? 1 : 0))
    for (let fold = 0; fold < FOLDS; fold++) {
      const asked = rowsWhere(0, rows, (row) => days[row] === within && all.fold[row] === fold)
      if (asked.length === 0) continue
      const fitted = rowsWhere(rows, rows + learned, (row) => all.fold[row] !== fold)
      const predicted = probabilitiesOf(all.facts, event, fitted, asked)
      for (const row of asked) probability[row] = quantised(predicted[row]!)
    }
  }
  return { died: Uint8Array.from(days, (within, row) => (year.diedAfter[row]! < within ? 1 : 0)), probability }
}

/** The regression, or where all alike died or lived (or there is nobody) the share that died. */
function probabilitiesOf(facts: Facts, event: Uint8Array, fitted: Int32Array, asked: Int32Array): Float64Array {
  const deaths = fitted.reduce((sum, row) => sum + event[row]!, 0)
  if (deaths > 0 && deaths < fitted.length) return logisticPredictions(facts, event, fitted, asked)
  return new Float64Array(event.length).fill(deaths === 0 ? 0 : 1)
}

/** The rows of all years, one after the other. */
function stacked(years: readonly MortalityYear[]): MortalityYear {
  const length = years.reduce((sum, { fold }) => sum + fold.length, 0)
  const joined = (of: (year: MortalityYear) => FactColumn): Float64Array => {
    const column = new Float64Array(length)
    let at = 0
    for (const year of years) {
      column.set(of(year), at)
      at += of(year).length
    }
    return column
  }
  return {
    facts: {
      names: MORTALITY_FACTS,
      columns: MORTALITY_FACTS.map((_, at) => joined(({ facts }) => facts.columns[at]!)),
    },
    diedAfter: joined(({ diedAfter }) => diedAfter),
    fold: Uint8Array.from(years.flatMap(({ fold }) => [...fold])),
  }
}

function rowsWhere(from: number, to: number, wanted: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(to - from)
  let count = 0
  for (let row = from; row < to; row++) if (wanted(row)) rows[count++] = row
  return rows.subarray(0, count)
}

/** The mortality facts among those of an outcome. */
export function mortalityFactsOf(known: Facts): Facts {
  return {
    names: MORTALITY_FACTS,
    columns: MORTALITY_FACTS.map((name) => known.columns[known.names.indexOf(name)]!),
  }
}
