/** The view of each role on a settlement: analysts all disclosed figures, an insurer its own amounts, a partner
 *  itself among anonymous others, a researcher no amounts. */
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { tippingOf } from '../../engine/explain/tipping.ts'
import type { PartnerStatement, Settlement } from '../../engine/settlement/statement.ts'
import type { Obstacle } from '../../data/settlements/release-obstacles.ts'
import type { Owner as Reader } from '../../data/postgres/tokens.ts'
import { foldedReasons, panelsOf } from './disclosure.ts'
import { stepsOf } from './steps.ts'
import type { PartnerView, SettlementView } from '../schemas/settlement.ts'

/** A settlement with the contract it follows, and whether it was released. */
export interface SettlementRecord {
  readonly settlement: Settlement
  readonly contract: Contract
  readonly status: 'provisional' | 'final'
  /** obstacles to its release; none once released */
  readonly held: readonly Obstacle[]
}

/** Fewer anonymous others could be identified. */
const FEWEST_OTHERS = 3

const centsOf = (partner: PartnerStatement, insurer: string): number | null =>
  partner.insurers.find((share) => share.insurer === insurer)?.cents ?? null

/** Whether the settlement is visible to the reader. */
export function maySee({ role, subject }: Reader, { settlement }: Pick<SettlementRecord, 'settlement'>): boolean {
  if (role === 'partner') return settlement.partners.some((partner) => partner.partner_id === subject)
  if (role === 'insurer') return settlement.partners.some((partner) => centsOf(partner, subject) !== null)
  return true
}

/** The settlement as the reader may see it.
 *  @throws Refusal `not_found` if it is not visible to the reader */
export function settlementFor(reader: Reader, record: SettlementRecord): SettlementView {
  const { settlement, contract, status, held } = record
  if (!maySee(reader, record)) throw noSettlement(settlement.settlement_id)
  const { partners, totals, outcomes, excluded, ...head } = settlement
  const reasons = held.map(({ code, measure, modelId, sentence }) => ({ code, measure, model_id: modelId, sentence }))
  const common = { ...head, status, held: reasons, outcomes: [...outcomes] }
  const { shown, folded } = panelsOf(partners, contract.minPatients)
  if (reader.role === 'researcher')
    return { ...common, excluded: foldedReasons(excluded).map((row) => ({ ...row, reasons: [...row.reasons] })) }
  if (reader.role === 'insurer') {
    const amounts = shown.flatMap((partner) => {
      const cents = centsOf(partner, reader.subject)
      return cents === null ? [] : [{ partner_id: partner.partner_id, cents }]
    })
    const own = partners.map((partner) => centsOf(partner, reader.subject) ?? 0).reduce((a, b) => a + b, 0)
    const rest = own - amounts.map(({ cents }) => cents).reduce((a, b) => a + b, 0)
    return {
      ...common,
      insurer: { insurer: reader.subject, payment_cents: own, partners: amounts, small_panels_cents: rest },
    }
  }
  if (reader.role === 'partner') return { ...common, ...partnerAmongOthers(reader.subject, record) }
  return {
    ...common,
    totals,
    partners: shown.map(rowOf),
    small_panels: folded && {
      partners: [...folded.partnerIds],
      eligible: folded.eligible,
      payment_cents: folded.paymentCents,
      per_procedure_cents: folded.perProcedureCents,
      bundled_cents: folded.bundledCents,
    },
    excluded: foldedReasons(excluded).map((row) => ({ ...row, reasons: [...row.reasons] })),
  }
}

/** A partner's own row, and the values of others without their names, ascending. */
function partnerAmongOthers(partnerId: string, { settlement, contract }: SettlementRecord): Partial<SettlementView> {
  const { shown } = panelsOf(settlement.partners, contract.minPatients)
  const own = shown.find((partner) => partner.partner_id === partnerId)
  const others = shown
    .filter((partner) => partner.partner_id !== partnerId)
    .map((partner) => partner.value_eur_per_patient_year)
    .sort((a, b) => a - b)
  return {
    partners: own ? [rowOf(own)] : [],
    others: others.length < FEWEST_OTHERS ? [] : others.map((value) => ({ value_eur_per_patient_year: value })),
  }
}

/** One partner's statement as the reader may see it.
 *  @throws Refusal `not_found` for a settlement, or a partner, that is not visible to the reader */
export function statementFor(reader: Reader, record: SettlementRecord, partnerId: string): PartnerView {
  const { settlement, contract, status } = record
  if (!maySee(reader, record)) throw noSettlement(settlement.settlement_id)
  const partner = settlement.partners.find((row) => row.partner_id === partnerId)
  if (!partner || (reader.role === 'partner' && reader.subject !== partnerId)) throw noPartner(partnerId)
  const { settlement_id, contract: contractId, as_of } = settlement
  const head = { settlement_id, contract: contractId, as_of, status, partner_id: partnerId }
  const { folded } = panelsOf(settlement.partners, contract.minPatients)
  const small = folded?.partnerIds.includes(partnerId) ?? false
  if (reader.role === 'insurer') {
    const cents = centsOf(partner, reader.subject)
    if (cents === null) throw noPartner(partnerId)
    // The amount of a small panel stands in the sum of all of them.
    return small
      ? { ...head, small_panel: true }
      : { ...head, small_panel: false, insurer: { insurer: reader.subject, cents } }
  }
  if (small) return { ...head, small_panel: true, payment_cents: partner.payment_cents, reason: partner.reason }
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
    tipping: structuredClone(tippingOf(settlement, contract, partnerId)) as NonNullable<PartnerView['tipping']>,
  }
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

/** The engine's row as the schema has it: the same fields, in lists that may be written to. */
const rowOf = (partner: PartnerStatement): NonNullable<SettlementView['partners']>[number] => ({
  ...partner,
  outcomes: [...partner.outcomes],
  gates: [...partner.gates],
  interval90_cents: [...partner.interval90_cents],
  insurers: [...partner.insurers],
  attribution: [...partner.attribution],
})

export const noSettlement = (id: string): Refusal =>
  new Refusal('not_found', `There is no settlement ${id} that this token may see; GET /settlements lists those it may.`)

const noPartner = (partnerId: string): Refusal =>
  new Refusal('not_found', `This settlement has no statement of partner ${partnerId} that this token may see.`)

/** The amount of a settlement in a list: the total, the reader's own, or null. */
export function amountFor({ role, subject }: Reader, { partners, totals }: Settlement): number | null {
  if (role === 'analyst') return totals.payment_cents
  if (role === 'partner') return partners.find(({ partner_id }) => partner_id === subject)?.payment_cents ?? null
  if (role === 'insurer') return partners.reduce((sum, partner) => sum + (centsOf(partner, subject) ?? 0), 0)
  return null
}
