/** A partner's statement as it may be told: nowhere one to nine missing patients, not as eligible less measured, nor as a share. */
import type { CalculationStep } from '../explain/calculation-steps.ts'
import { tippingOf, type Tipping } from '../explain/tipping.ts'
import type { Contract } from '../contract/contract.ts'
import type { PartnerStatement, Settlement } from '../settlement/statement.ts'
import { disclosedShare, SMALLEST_GROUP } from './small-groups.ts'

interface Counts {
  readonly eligible: number
  readonly measured: number
}

/** Counts of which `measured` is null where it would tell of one to nine who were not. */
type Told<Row extends Counts> = Omit<Row, 'measured'> & { readonly measured: number | null }

export type ToldPartner = Omit<Told<PartnerStatement>, 'outcomes'> & {
  readonly outcomes: readonly Told<PartnerStatement['outcomes'][number]>[]
}

const isFew = (persons: number): boolean => persons > 0 && persons < SMALLEST_GROUP

const told = <Row extends Counts>(row: Row): Told<Row> => ({
  ...row,
  measured: isFew(row.eligible - row.measured) ? null : row.measured,
})

export const toldPartner = (partner: PartnerStatement): ToldPartner => ({
  ...told(partner),
  outcomes: partner.outcomes.map(told),
  gates: partner.gates.map((gate) => ({ ...gate, evidence: toldEvidence(partner, gate) })),
})

/** The outcomes of a partner of which the number of missing may be told. */
export const toldOutcomes = <Row extends Counts>(outcomes: readonly Row[]): Row[] =>
  outcomes.filter(({ eligible, measured }) => !isFew(eligible - measured))

/** Whether the equation of a step would tell of one to nine who were not measured, or who were. */
export function tellsOfFew({ outcomes }: PartnerStatement, { step, measure }: CalculationStep): boolean {
  const outcome = outcomes.find((each) => each.measure === measure)
  if (step !== 'missing' || !outcome) return false
  return isFew(outcome.eligible - outcome.measured) || isFew(outcome.measured)
}

/** The tipping point; `missing` is null where it is one to nine. */
export function toldTipping(settlement: Settlement, contract: Contract, partnerId: string) {
  const tipping: Tipping = tippingOf(settlement, contract, partnerId)
  const outcomes = tipping.outcomes.map((row) => ({ ...row, missing: isFew(row.missing) ? null : row.missing }))
  return { ...tipping, outcomes }
}

/** Evidence that is a share of people becomes a bound where these, or the others, are one to nine. */
function toldEvidence(partner: PartnerStatement, { gate, evidence }: PartnerStatement['gates'][number]): string | null {
  const share = Number(evidence)
  if (evidence === null || evidence.trim() === '' || !Number.isFinite(share)) return evidence
  if (gate === 'min_measured_share') {
    const few = partner.outcomes.find(({ eligible, measured }) => isFew(eligible - measured) || isFew(measured))
    return few ? boundOf(few.measured, few.eligible) : evidence
  }
  if (gate === 'max_late_share') {
    const late = Math.round(share * partner.patients)
    return isFew(late) || isFew(partner.patients - late) ? boundOf(late, partner.patients) : evidence
  }
  if (gate !== 'max_left_share' || share >= 1) return evidence
  // left / (eligible + left) = share
  const left = Math.round((share * partner.eligible) / (1 - share))
  return isFew(left) ? boundOf(left, partner.eligible + left) : evidence
}

function boundOf(part: number, whole: number): string | null {
  const share = disclosedShare(part, whole)
  if (share === null) return null
  if ('moreThan' in share) return `more than ${(Math.floor(share.moreThan * 100) / 100).toFixed(2)}`
  return 'lessThan' in share ? `less than ${(Math.ceil(share.lessThan * 100) / 100).toFixed(2)}` : String(share.share)
}
