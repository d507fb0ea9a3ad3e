/** The last computation of a run, in a thread: contributions over all eligible patients, then the settlement. */
import type { PlaceboYear, SettlementInput } from '../engine/assessment.ts'
import { contributionsOf, measuredAmongControlsOf, type Contributions } from '../engine/contribution.ts'
import { factsOf } from '../engine/patient-facts.ts'
import { invariant } from '../engine/refusal.ts'
import { settlementOf } from '../engine/settlement.ts'
import type { Settlement } from '../engine/statement.ts'

/** One assessed year over the whole region: a row per patient, ascending by patient_id. */
export interface AssessedYear {
  readonly yearsBefore: number
  /** indices in the run's partners */
  readonly partner: Int32Array
  readonly practice: Int32Array
  readonly insurer: Int32Array
  readonly exposureDays: Int32Array
  /** those of the contract's outcomes for which the year counts, in their order */
  readonly outcomes: readonly {
    readonly measure: string
    readonly status: Uint8Array
    readonly gain: Float64Array
    /** row-major, as in engine/patient-facts.ts */
    readonly facts: Float64Array
  }[]
}

export interface SettleTask {
  readonly input: Omit<SettlementInput, 'contractYear' | 'placeboYears'>
  /** ascending by yearsBefore; the contract year first */
  readonly years: readonly AssessedYear[]
}

export interface Settled {
  readonly settlement: Settlement
  readonly contributions: readonly (Contributions & { readonly measure: string; readonly yearsBefore: number })[]
}

export function settle({ input, years }: SettleTask): Settled {
  const { missing, outcomes } = input.contract
  const contributions = years.flatMap(({ yearsBefore, outcomes: columns }) =>
    columns.map(({ measure, status, gain, facts }) => {
      const { known, interim } = factsOf(status.length, facts)
      return { measure, yearsBefore, ...contributionsOf(status, gain, known, interim, missing) }
    }),
  )
  const contributionOf = (measure: string, yearsBefore: number) =>
    contributions.find((each) => each.measure === measure && each.yearsBefore === yearsBefore)?.contribution
  const [contractYear, ...before] = years
  invariant(contractYear?.yearsBefore === 0, 'the contract year comes first')
  const isControl = new Uint8Array(input.partnerIds.length)
  for (const partner of input.controlPartners) isControl[partner] = 1
  const settlement = settlementOf({
    ...input,
    contractYear: {
      ...contractYear,
      outcomes: contractYear.outcomes.map(({ measure, status, gain, facts }) => {
        const contribution = contributionOf(measure, 0)
        invariant(contribution, `contributions of ${measure} are computed`)
        const { known } = factsOf(status.length, facts)
        const measuredAmongControls = measuredAmongControlsOf(status, known, contractYear.partner, isControl)
        return { status, gain, contribution, measuredAmongControls }
      }),
    },
    placeboYears: before.map(({ yearsBefore, partner, practice }): PlaceboYear => ({
      yearsBefore,
      partner,
      practice,
      contributions: outcomes.map(({ measure }) => contributionOf(measure, yearsBefore) ?? null),
    })),
  })
  return { settlement, contributions }
}
