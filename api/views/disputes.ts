/** Disputes in the view of each role: a partner its own, analysts and insurers those of the settlements visible to them. */
import { type Dispute, type Effect } from '../../data/settlements/disputes.ts'
import type { Owner } from '../../data/postgres/tokens.ts'
import type { Contention } from '../../engine/explain/dispute.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { panelsOf } from './disclosure.ts'
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
export function refuseOthers({ role, subject }: Owner, partnerId: string): void {
  if (role === 'partner' && subject === partnerId) return
  throw new Refusal('not_allowed', `A dispute about ${partnerId} is filed by ${partnerId} itself.`)
}

/** The effect on the partner that disputes, but to insurers none of a small panel: its amount stands in the sum of all of them. */
function effectFor({ role }: Owner, { settlement, contract }: SettlementRecord, effect: Effect): Effect | null {
  const { folded } = panelsOf(settlement.partners, contract.minPatients)
  return role === 'insurer' && folded?.partnerIds.includes(effect.partner_id) ? null : effect
}

export const maySeeDispute = ({ role, subject }: Owner, { partnerId }: Pick<Dispute, 'partnerId'>): boolean =>
  role === 'analyst' || role === 'insurer' || (role === 'partner' && subject === partnerId)

export function disputeFor(reader: Owner, record: SettlementRecord, dispute: Dispute): DisputeView {
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
    effect: effectFor(reader, record, dispute.effect),
    ruling: ruling && { ...ruling },
    corrected_by: dispute.correctedBy,
  }
}
