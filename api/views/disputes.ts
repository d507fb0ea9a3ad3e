/** Disputes in the view of each role: a partner its own, analysts and insurers those of the settlements visible to them. */
import { type Dispute, type Effect } from '../../data/settlements/disputes.ts'
import type { Reader } from '../../data/access/keys.ts'
import type { Contention } from '../../engine/explain/dispute.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { ContentionBody, DisputeView } from '../schemas/dispute.ts'
import type { SettlementRecord } from './role-view.ts'

/** @throws Refusal `invalid_request` */
export function contentionOf(body: ContentionBody): Contention {
  const { partner_id: partnerId, patient_id: patientId } = body
  if (body.kind === 'not_our_patient') return { kind: body.kind, patientId, partnerId }
  const { kind, measure, observed_on: observedOn, value } = body
  if (!isDay(observedOn))
    throw new Refusal('invalid_request', `observed_on is "${observedOn}"; a day is written YYYY-MM-DD.`)
  return { kind, patientId, measure, observedOn, value }
}

/** A partner files about itself only; other roles do not file.
 *  @throws Refusal `not_allowed` */
export function refuseOthers({ role, subject }: Reader, partnerId: string): void {
  if (role === 'partner' && subject === partnerId) return
  throw new Refusal('not_allowed', `A dispute about ${partnerId} is filed by ${partnerId} itself.`)
}

/** The effect on the partner that disputes, but to insurers none of a panel without a row of its own: its amount stands in a sum. */
function effectFor({ excerpt }: SettlementRecord, effect: Effect): Effect | null {
  if (!excerpt?.insurer) return effect
  return excerpt.insurer.partners.some(({ partner_id }) => partner_id === effect.partner_id) ? effect : null
}

export const maySeeDispute = ({ role, subject }: Reader, { partnerId }: Pick<Dispute, 'partnerId'>): boolean =>
  role === 'analyst' || role === 'auditor' || role === 'insurer' || (role === 'partner' && subject === partnerId)

export function disputeFor(record: SettlementRecord, dispute: Dispute): DisputeView {
  const { contention, ruling } = dispute
  const reading = contention.kind === 'value_wrong' ? contention : null
  return {
    dispute_id: dispute.disputeId,
    settlement_id: dispute.settlementId,
    partner_id: dispute.partnerId,
    kind: contention.kind,
    patient_id: contention.patientId,
    measure: reading?.measure ?? null,
    observed_on: reading?.observedOn ?? null,
    value: reading?.value ?? null,
    evidence: dispute.evidence,
    filed_by: dispute.filedBy,
    filed_on: dispute.filedOn,
    deadline_on: dispute.deadlineOn,
    effect: effectFor(record, dispute.effect),
    ruling: ruling && { ...ruling },
    corrected_by: dispute.correctedBy,
  }
}
