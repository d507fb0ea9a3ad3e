/** One assessed year over the whole region, in a thread: its contributions, and the columns that a settlement reads. */
import { rowColumns, type RowColumns } from '../../data/columns/row-columns.ts'
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import {
  isAskedForDeaths,
  mortalityFactsOf,
  type MortalityOfYear,
  type MortalityYear,
} from '../../engine/assessment/deaths.ts'
import { contributionsOf, measuredAmongControlsOf, type Contributions } from '../../engine/assessment/contribution.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { mergedYear, type MergedYear, type OutcomeOfRegion } from './merged-year.ts'
import { buffersIn } from './transferred.ts'

/** A year of the region, ascending by patient_id, with contributions in place of the covariates. */
export interface YearOfRegion extends RowColumns {
  readonly outcomes: readonly (OutcomeOfRegion & {
    readonly contributions: Contributions
    /** as in engine/assessment/assessment.ts; null too in a placebo year */
    readonly measuredAmongControls: Float64Array | null
  })[]
  /** null: the contract does not ask for deaths */
  readonly mortality: MortalityYear | null
}

export type ContributedYear = YearOfRegion & { readonly yearsBefore: number }

/** The contributions of one year. The list of shards is emptied, so that their bytes can go while the regressions run.
 *  @param controlPartners indices in the run's partners; null in a placebo year  @param shards `yearOfShard` of each */
export function contribute({
  contract,
  controlPartners,
  shards,
}: {
  readonly contract: Contract
  readonly controlPartners: readonly number[] | null
  readonly shards: Uint8Array[]
}): YearOfRegion {
  const year = mergedYear(shards.splice(0))
  const isControl = new Uint8Array(1 + Math.max(-1, ...(controlPartners ?? [])))
  for (const control of controlPartners ?? []) isControl[control] = 1
  return {
    ...rowColumns((column) => year[column]),
    outcomes: year.outcomes.map(({ measure, status, gain, known, interim }) => ({
      measure,
      status,
      gain,
      contributions: contributionsOf(status, gain, known, interim, contract.missing),
      measuredAmongControls: controlPartners && measuredAmongControlsOf(status, known, year.partner, isControl),
    })),
    mortality: isAskedForDeaths(contract) ? mortalityOf(year) : null,
  }
}

/** Age, sex and conditions are the same for every outcome. */
function mortalityOf({ fold, outcomes }: MergedYear): MortalityYear | null {
  const [outcome] = outcomes
  return outcome ? { facts: mortalityFactsOf(outcome.known), diedAfter: outcome.diedAfter, fold } : null
}

/** The assessed years as input of a settlement: the contract year by outcome; of placebo years the patients and counting contributions. */
export function assessedIn(
  years: readonly ContributedYear[],
  measures: readonly string[],
): Pick<SettlementInput, 'contractYear' | 'placeboYears'> {
  const [contractYear, ...before] = years
  invariant(contractYear?.yearsBefore === 0, 'the contract year comes first')
  const { patientKey, partner, practice, insurer, indexOn, exposureDays, outcomes } = contractYear
  return {
    contractYear: {
      patient: patientKey,
      partner,
      practice,
      insurer,
      indexOn,
      exposureDays,
      deaths: null,
      outcomes: outcomes.map(({ status, gain, contributions: { contribution }, measuredAmongControls }) => ({
        status,
        gain,
        contribution,
        measuredAmongControls,
      })),
    },
    // a year without patients is not assessed
    placeboYears: before
      .filter((year) => year.partner.length > 0)
      .map((year) => ({
        yearsBefore: year.yearsBefore,
        partner: year.partner,
        practice: year.practice,
        contributions: measures.map(
          (measure) => year.outcomes.find((outcome) => outcome.measure === measure)?.contributions.contribution ?? null,
        ),
      })),
  }
}

/** What deaths are expected from, by assessed year; without those of the contract year there is nothing to expect. */
export const mortalityIn = (years: readonly ContributedYear[]): readonly MortalityOfYear[] =>
  years.flatMap(({ yearsBefore, mortality }) => (mortality ? [{ yearsBefore, ...mortality }] : []))

/** The contributions of a year that are stored, by outcome and patient key. */
export const appendedIn = ({ yearsBefore, patientKey, outcomes }: ContributedYear) =>
  outcomes.map(({ measure, contributions }) => ({ of: { measure, yearsBefore, patientKey }, contributions }))

/** The buffers of years without stored contributions, which may be transferred to the settling thread. */
export function settledBuffers(years: readonly ContributedYear[]): ArrayBuffer[] {
  const appended = buffersIn(years.map(appendedIn))
  return [...buffersIn(years)].filter((buffer) => !appended.has(buffer))
}
