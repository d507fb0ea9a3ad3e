/** A settlement's payments worked out in numbers that can be added up again, with what they depend on, as the reader may know them. */
import type { Store } from '../../../data/postgres/database.ts'
import type { Reader } from '../../../data/access/keys.ts'
import { readControlEffects } from '../../../data/settlements/control-effects.ts'
import { panelsOf } from '../../../engine/disclosure/small-groups.ts'
import { tellsOfFew } from '../../../engine/disclosure/told-missing.ts'
import { bridgeOf, calculationsOf, type Calculation } from '../../../engine/explain/calculation.ts'
import type { Addend, Amount, CalculationStep } from '../../../engine/explain/calculation-steps.ts'
import { withMeanAlone, type ControlEffect } from '../../../engine/explain/dependence.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { decimalText } from '../../../engine/kernel/decimal.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import type { CalculationView } from '../../schemas/receipts/calculation.ts'
import { foldedView, readsWhole, type SettlementRecord } from '../role-view.ts'

type PartnerView = NonNullable<CalculationView['partners']>[number]

/** Readers of the whole see every panel that is large enough, a partner itself, an insurer its share: the arithmetic is nobody's but the partner's. */
export async function calculationFor(
  store: Pick<Store, 'db'>,
  reader: Reader,
  record: SettlementRecord,
): Promise<CalculationView> {
  const { settlement, excerpt, contract, status } = record
  const { settlement_id, contract: contractId, as_of, totals } = settlement
  const head = { settlement_id, contract: contractId, as_of, status }
  if (excerpt?.insurer) return { ...head, insurer: { ...excerpt.insurer, partners: [...excerpt.insurer.partners] } }
  const { shown, folded } = panelsOf(settlement.partners, contract.minPatients)
  const effects = await readControlEffects(store, settlement_id)
  const { precision, partners } = workedOut(record, shown, effects)
  if (!readsWhole(reader)) {
    const small = settlement.partners.filter((partner) => !shown.includes(partner)).map(smallView)
    return { ...head, precision, partners: [...partners, ...small] }
  }
  const sumOf = (sign: 1 | -1) => shown.reduce((sum, each) => sum + sign * Math.max(0, sign * each.payment_cents), 0)
  return {
    ...head,
    precision,
    partners,
    small_panels: folded && foldedView(folded),
    bridge: {
      gains_cents: sumOf(1),
      losses_cents: sumOf(-1),
      small_panels_cents: folded?.paymentCents ?? 0,
      total_cents: totals.payment_cents,
    },
  }
}

function workedOut(
  { settlement, excerpt, contract }: SettlementRecord,
  shown: readonly PartnerStatement[],
  effects: readonly ControlEffect[],
): Required<Pick<CalculationView, 'precision' | 'partners'>> {
  const withYears = shown.filter(({ patient_years }) => patient_years > 0)
  const ids = withYears.map(({ partner_id }) => partner_id)
  const { precision, partners } = calculationsOf(settlement, contract, ids, excerpt?.budgetFactor)
  // Under a budget what one is paid depends on all the others, whom a party does not know.
  const alone = excerpt && contract.budgetEur !== null ? null : withMeanAlone(settlement, contract)
  const views = shown.map((partner): PartnerView => {
    const isOwn = ({ partner_id }: { readonly partner_id: string }) => partner_id === partner.partner_id
    const calculation = partners.find(isOwn) ?? { partner_id: partner.partner_id, steps: [] }
    return {
      ...stepsView(partner, contract, calculation),
      mean_alone_cents: alone?.find(isOwn)?.payment_cents ?? null,
      without_control: effects.flatMap(({ control_id, payments }) =>
        payments.filter(isOwn).map(({ payment_cents }) => ({ control_id, payment_cents })),
      ),
    }
  })
  return { precision: { ...precision }, partners: views }
}

const headView = ({ partner_id, payment_cents, reason }: PartnerStatement) => ({ partner_id, payment_cents, reason })
const smallView = (partner: PartnerStatement): PartnerView => ({ ...headView(partner), small_panel: true })

function stepsView(partner: PartnerStatement, contract: Contract, calculation: Calculation): PartnerView {
  const { outcomes, clauses } = bridgeOf(calculation, contract, partner.payment_cents)
  return {
    ...headView(partner),
    small_panel: false,
    outcomes: contract.outcomes.map(({ measure }, k) => ({ measure, cents: outcomes[k] ?? null })),
    clauses_cents: clauses,
    steps: calculation.steps.map((step) => stepView(step, tellsOfFew(partner, step))),
  }
}

const stepView = ({ step, measure, equation, result, moves }: CalculationStep, isFew: boolean) => ({
  step,
  measure,
  addends: isFew || !equation ? null : equation.addends.map(addendView),
  result: amountView(result),
  from_eur: moves?.[0] ?? null,
  to_eur: moves?.[1] ?? null,
})

const amountView = ({ kind, value }: Amount) => ({ kind, value: decimalText(value) })

const addendView = ({ minus, factors, divisor }: Addend) => ({
  minus,
  factors: factors.map(amountView),
  divisor: divisor ? amountView(divisor) : null,
})
