/** Disputes in the view of each role: a partner those about itself, an insurer those about its insured, analysts and auditors all. */
import { type Dispute } from '../../data/disputes/disputes.ts'
import type { Reader } from '../../data/access/keys.ts'
import type { Contention } from '../../engine/explain/dispute.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { dayAsked } from '../schemas/day.ts'
import type { ContentionBody, DisputeView } from '../schemas/dispute.ts'

/** @throws Refusal `invalid_request` */
export function contentionOf(body: ContentionBody): Contention {
  const { partner_id: partnerId, patient_id: patientId } = body
  if (body.kind === 'not_our_patient') return { kind: body.kind, patientId, partnerId }
  const { kind, measure, observed_on: observedOn, value } = body
  return { kind, patientId, measure, observedOn: dayAsked('observed_on', observedOn), value }
}

/** A partner files about itself, an insurer about people it insures (the store looks whether they are); other roles do not file.
 *  @throws Refusal `not_allowed` */
export function refuseOthers({ role, subject }: Reader, partnerId: string): void {
  if (role === 'insurer' || (role === 'partner' && subject === partnerId)) return
  throw new Refusal(
    'not_allowed',
    `A dispute about ${partnerId} is filed by ${partnerId} itself, or by the insurer of the person it is about.`,
  )
}

/** Whether a dispute is the reader's: the database holds the same. */
export function maySeeDispute({ role, subject }: Reader, { partnerId, insurers }: Dispute): boolean {
  if (role === 'partner') return subject === partnerId
  return role === 'insurer' ? insurers.includes(subject) : role === 'analyst' || role === 'auditor'
}

/** To an insurer its own amounts and none of a partner's, of which others pay a part; to a partner its own. */
export function disputeFor({ role, subject }: Reader, dispute: Dispute): DisputeView {
  const { contention, ruling } = dispute
  const reading = contention.kind === 'value_wrong' ? contention : null
  const insurerEffects = dispute.insurerEffects.filter(
    ({ insurer }) => role !== 'partner' && (role !== 'insurer' || insurer === subject),
  )
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
    effect: role === 'insurer' ? null : dispute.effect,
    insurer_effects: insurerEffects.map((effect) => ({ ...effect })),
    others_moved: dispute.othersMoved,
    deciders: [...dispute.deciders],
    verdicts: dispute.verdicts.map((verdict) => ({ ...verdict })),
    ruling: ruling && { ...ruling },
    corrected_by: dispute.correctedBy,
  }
}
