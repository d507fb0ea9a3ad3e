/** The view of each role on a settlement: analysts all disclosed figures, an insurer its own amounts, a partner
 *  itself among anonymous others, a researcher no amounts. */
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { PartnerStatement, Settlement } from '../../engine/settlement/statement.ts'
import type { Obstacle } from '../../data/settlements/release-obstacles.ts'
import type { Reader } from '../../data/access/keys.ts'
import type { Excerpt, Party } from '../../engine/disclosure/excerpt.ts'
import { foldedReasons, panelsOf, type FoldedPanels } from '../../engine/disclosure/small-groups.ts'
import { toldPartner, toldTipping } from '../../engine/disclosure/told-missing.ts'
import { stepsOf } from '../../engine/disclosure/steps.ts'
import type { PartnerView, SettlementView } from '../schemas/settlement.ts'

/** A settlement with the contract it follows, and whether it was released. */
export interface SettlementRecord {
  /** whole for analysts and auditors; for a party, its excerpt's */
  readonly settlement: Settlement
  /** null for those who read the whole */
  readonly excerpt: Excerpt | null
  readonly contract: Contract
  readonly status: 'provisional' | 'final'
  /** obstacles to its release; none once released */
  readonly held: readonly Obstacle[]
}

/** The party that a reader is, or null: analysts and auditors read the whole, an administrator nothing. */
export function partyOf({ role, subject }: Reader): Party | null {
  if (role === 'researcher') return { role, subject: '' }
  return role === 'insurer' || role === 'partner' ? { role, subject } : null
}

/** Whether the reader reads settlements whole. */
export const readsWhole = ({ role }: Reader): boolean => role === 'analyst' || role === 'auditor'

/** The settlement as the reader may see it. */
export function settlementFor(
  reader: Reader,
  { settlement, excerpt, contract, status, held }: SettlementRecord,
): SettlementView {
  const { partners, totals, outcomes, excluded, ...head } = settlement
  const reasons = held.map(({ code, measure, modelId, sentence }) => ({ code, measure, model_id: modelId, sentence }))
  const common = { ...head, status, held: reasons, outcomes: [...outcomes] }
  const exclusions = foldedReasons(excluded).map((row) => ({ ...row, reasons: [...row.reasons] }))
  if (excerpt?.insurer) return { ...common, insurer: { ...excerpt.insurer, partners: [...excerpt.insurer.partners] } }
  const { shown, folded } = panelsOf(partners, contract.minPatients)
  if (reader.role === 'partner') {
    const others = (excerpt?.others ?? []).map((value) => ({ value_eur_per_patient_year: value }))
    return { ...common, partners: shown.map(rowOf), others }
  }
  if (!readsWhole(reader)) return { ...common, outcomes: outcomes.map(coarse), excluded: exclusions }
  return {
    ...common,
    totals,
    partners: shown.map(rowOf),
    small_panels: folded && foldedView(folded),
    excluded: exclusions,
  }
}

/** Small panels together, as they are told. */
export const foldedView = (folded: FoldedPanels): NonNullable<SettlementView['small_panels']> => ({
  partners: [...folded.partnerIds],
  eligible: folded.eligible,
  payment_cents: folded.paymentCents,
  per_procedure_cents: folded.perProcedureCents,
  bundled_cents: folded.bundledCents,
})

/** One partner's statement as the reader may see it.
 *  @throws Refusal `not_found` for a partner that is none of the reader's business */
export function statementFor(reader: Reader, settled: SettlementRecord, partnerId: string): PartnerView {
  const { settlement, excerpt, contract, status } = settled
  const { settlement_id, contract: contractId, as_of } = settlement
  const head = { settlement_id, contract: contractId, as_of, status, partner_id: partnerId }
  if (excerpt?.insurer) return { ...head, ...insurerStatement(excerpt, partnerId) }
  const partner = settlement.partners.find((row) => row.partner_id === partnerId)
  if (!partner || (reader.role === 'partner' && reader.subject !== partnerId)) throw noPartner(partnerId)
  const { folded } = panelsOf(settlement.partners, contract.minPatients)
  if (folded?.partnerIds.includes(partnerId))
    return { ...head, small_panel: true, payment_cents: partner.payment_cents, reason: partner.reason }
  return {
    ...head,
    small_panel: false,
    payment_cents: partner.payment_cents,
    reason: partner.reason,
    statement: rowOf(partner),
    steps: stepsOf(partner, contract).map(({ name, from, to }) => ({
      step: STEP_KEYS[name],
      from_eur: from,
      to_eur: to,
    })),
    tipping: toldTipping(settlement, contract, partnerId),
  }
}

/** An insurer's amount of one partner; that of a panel without a row of its own stands in the sum of all of them. */
function insurerStatement({ insurer, smallPartners }: Excerpt, partnerId: string) {
  const row = insurer?.partners.find(({ partner_id }) => partner_id === partnerId)
  if (insurer && row) return { small_panel: false, insurer: { insurer: insurer.insurer, cents: row.cents } }
  if (smallPartners.includes(partnerId)) return { small_panel: true }
  throw noPartner(partnerId)
}

const STEP_KEYS = {
  stepValue: 'value',
  stepDeadBand: 'dead_band',
  stepShare: 'share',
  stepCorridor: 'corridor',
  stepGates: 'gates',
  stepBudget: 'budget',
  stepPayment: 'payment',
} as const

/** An outcome's figures to four digits: what changes beyond them may be one person's. */
const coarse = (outcome: Settlement['outcomes'][number]): Settlement['outcomes'][number] => {
  const entries = Object.entries(outcome).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(value.toPrecision(4)) : (value as unknown),
  ])
  return Object.fromEntries(entries) as Settlement['outcomes'][number]
}

/** A partner's row as it may be told, in the lists of the schema, which may be written to. */
function rowOf(partner: PartnerStatement): NonNullable<SettlementView['partners']>[number] {
  const told = toldPartner(partner)
  return {
    ...told,
    outcomes: [...told.outcomes],
    gates: [...told.gates],
    interval90_cents: [...told.interval90_cents],
    insurers: [...told.insurers],
    attribution: [...told.attribution],
  }
}

export const noSettlement = (id: string): Refusal =>
  new Refusal('not_found', `There is no settlement ${id} that this token may see; GET /settlements lists those it may.`)

const noPartner = (partnerId: string): Refusal =>
  new Refusal('not_found', `This settlement has no statement of partner ${partnerId} that this token may see.`)
